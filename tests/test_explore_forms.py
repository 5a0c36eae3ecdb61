"""The exploring judge on forms, search fields and choices."""

from __future__ import annotations

import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites.guest import COUNT, Guest


@pytest.fixture
def guest(run: Runner, show_site: ShowSite) -> Guest:
    return Guest(run, show_site)


# ------------------------------------------------------------------ forms and fields


FORM = (
    "<form id=f {attributes}><input name=name required placeholder=Name><input type=email required placeholder=Email>"
    "<input type=date required><button>Send</button></form><p id=n></p>{script}"
)
ANSWER = "<script>f.onsubmit = (e) => { e.preventDefault(); n.textContent = 'Thank you' }</script>"


def test_a_form_is_filled_and_sent(guest: Guest) -> None:
    check = guest.check(FORM.format(attributes="", script=ANSWER), "form with")
    assert check.passed
    assert check.detail == "the page changed; sent empty, it waits"


def test_a_form_that_only_loads_the_page_again_is_dead(guest: Guest) -> None:
    check = guest.check(FORM.format(attributes="", script=""), "form with")
    assert not check.passed
    assert "only loads the same page again" in check.detail


def test_a_form_that_posts_to_nowhere_is_dead(guest: Guest) -> None:
    assert not guest.check(FORM.format(attributes="method=post action=/api/contact", script=""), "form with").passed


def test_a_form_that_swallows_what_it_is_sent_is_dead(guest: Guest) -> None:
    script = "<script>f.onsubmit = (e) => e.preventDefault()</script>"
    assert not guest.check(FORM.format(attributes="", script=script), "form with").passed


def test_a_form_without_a_button_is_sent_by_enter(guest: Guest) -> None:
    body = "<form id=f><input placeholder=City></form><p id=n></p>" + ANSWER
    assert guest.check(body, "form with").passed


LIST = "<ul id=l><li>Oslo<li>Bergen</ul>"
NARROW = "<script>s.oninput = () => { for (const row of l.children) row.hidden = !row.textContent.includes(s.value) }</script>"


def test_a_search_field_that_narrows_a_list_is_alive(guest: Guest) -> None:
    assert guest.check("<input id=s type=search placeholder=Search>" + LIST + NARROW, "Search").passed


def test_a_search_form_that_answers_while_one_types_is_alive(guest: Guest) -> None:
    body = "<form onsubmit='return false'><input id=s placeholder=Town><button>Find</button></form>" + LIST + NARROW
    assert guest.check(body, "form with").passed


def test_a_region_that_can_be_scrolled_by_key_is_no_button(guest: Guest) -> None:
    assert (
        guest.explore("<div role=region aria-label=Figures tabindex=0>1, 2, 3</div>" + COUNT).checks[0].name
        == "button 'Count'"
    )


def test_a_search_field_without_effect_is_dead(guest: Guest) -> None:
    assert not guest.check("<input type=search placeholder=Search>" + LIST, "Search").passed


def test_a_filter_without_effect_is_dead(guest: Guest) -> None:
    body = "<select aria-label='Filter by city'><option>All<option>Oslo</select>" + LIST
    assert not guest.check(body, "Filter").passed


def test_a_sorting_that_the_list_stands_in_already_is_not_the_only_one_to_be_tried(guest: Guest) -> None:
    body = (
        "<select id=s aria-label='Sort by'><option>Featured<option>Name<option>Price</select><p id=l>b, a</p>"
        "<script>s.onchange = () => l.textContent = s.value === 'Name' ? 'a, b' : 'b, a'</script>"
    )
    assert guest.check(body, "Sort by").passed


def test_a_filter_of_a_list_that_is_still_empty_is_alive(guest: Guest) -> None:
    body = (
        "<form id=f><input placeholder=Task required><button>Add</button></form>"
        "<select id=s aria-label='Show'><option>All<option>None</select><ul id=l></ul><script>let tasks = [];"
        "const draw = () => l.innerHTML = s.value === 'All' ? tasks.map((task) => `<li>${task}`).join('') : '';"
        "f.onsubmit = (e) => { e.preventDefault(); tasks.push(f[0].value); f.reset(); draw() }; s.onchange = draw</script>"
    )
    assert guest.check(body, "Show").passed


def test_an_end_is_filled_in_after_its_start(guest: Guest) -> None:
    body = (
        "<form id=f><label>Start <input type=time id=a></label><label>End <input type=time id=b></label>"
        "<button>Book</button></form><p id=n></p><script>f.onsubmit = (e) => { e.preventDefault();"
        "if (b.value > a.value) n.textContent = 'Booked' }</script>"
    )
    assert guest.check(body, "form with").passed


def test_a_link_to_the_route_that_one_is_on_is_alive(guest: Guest) -> None:
    body = (
        "<a href='#/'>Start</a> <a href='#/log'>Log</a><p id=n>start</p><script>"
        "onhashchange = () => n.textContent = location.hash === '#/log' ? 'log' : 'start'</script>"
    )
    assert guest.check(body, "'Start'").passed


def test_a_player_that_runs_makes_no_button_alive(guest: Guest) -> None:
    body = (
        "<button onclick='setInterval(() => t.textContent = +t.textContent + 1, 500)'>Play</button><p id=t>0</p>"
        "<button>Count</button>"
    )
    assert not guest.check(body, "Count").passed


def test_a_choice_that_is_only_kept_is_not_judged(guest: Guest) -> None:
    score = guest.explore("<select aria-label=Size><option>S<option>L</select>" + COUNT)
    assert [check.name for check in score.checks] == ["button 'Count'"]
