"""The exploring judge on pages that differ in one control, in the real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites import GOOD
from tests.judge_sites.guest import COUNT, Guest, named
from webgen_gym import judges
from webgen_gym.errors import UsageError
from webgen_gym.limits import Limits


@pytest.fixture
def guest(run: Runner, show_site: ShowSite) -> Guest:
    return Guest(run, show_site)


# ------------------------------------------------------------------ alive and dead


ALIVE = {
    "changes text": COUNT,
    "opens a dialog of the browser": "<button onclick=\"alert('Hi')\">Count</button>",
    "opens a window": "<button onclick=\"window.open('/')\">Count</button>",
    "changes a colour": "<button onclick=\"this.style.background='red'\">Count</button>",
    "scrolls": "<button onclick='window.scrollTo(0, 900)'>Count</button><div style='height:3000px'></div>",
    "draws": (
        "<canvas id=c width=90 height=40></canvas>"
        "<button onclick=\"c.getContext('2d').fillRect(0,0,20,20)\">Count</button>"
    ),
    "answers after two seconds": (
        "<p id=n></p><button onclick=\"setTimeout(() => n.textContent = 'Sent', 2000)\">Count</button>"
    ),
    "goes elsewhere by script": "<button onclick=\"location.href='?done'\">Count</button>",
    "is a link that a script answers": (
        "<p id=n></p><a href='#' onclick=\"n.textContent='Open';return false\">Count</a>"
    ),
    "is a box that a script answers": "<p id=n></p><div style='cursor:pointer' onclick=\"n.textContent='x'\">Count</div>",
    "is a route of a hash router": (
        "<p id=n>home</p><a href='#/about'>Count</a><script>onhashchange = () => n.textContent = location.hash</script>"
    ),
}


@pytest.mark.parametrize("body", ALIVE.values(), ids=list(ALIVE))
def test_a_control_is_alive_that(guest: Guest, body: str) -> None:
    assert guest.check(body, "Count").passed


DEAD = {
    "does nothing": "<button>Count</button>",
    "only looks alive under the mouse": (
        "<style>button { transition: all .3s } button:hover { background: gold; transform: scale(1.2) }"
        " button:focus { color: red }</style><button>Count</button>"
    ),
    "stands far down a long page": "<div style='height:4000px'></div><button>Count</button>",
    "is a link to nowhere": "<a href='#'>Count</a>",
    "points to a section that is missing": "<a href='#prices'>Count</a>",
    "leads to a missing page": "<a href='prices.html'>Count</a>",
    "lies under something": (
        "<button onclick='this.textContent=1'>Count</button><div style='position:fixed;inset:0;background:#fff'></div>"
    ),
    "only fails": "<button onclick='sell()'>Count</button>",
    "is dead among things that move": (
        "<p id=t></p><button>Count</button>"
        "<script>setInterval(() => t.textContent = Date.now() + ' ' + Math.random(), 100)</script>"
    ),
    "is dead beside a spinning wheel": (
        "<style>@keyframes s { to { transform: rotate(1turn) } } i { display: block; width: 20px; height: 20px;"
        " animation: s 1s infinite }</style><i>x</i><button>Count</button>"
    ),
}


@pytest.mark.parametrize("body", DEAD.values(), ids=list(DEAD))
def test_a_control_is_dead_that(guest: Guest, body: str) -> None:
    assert not guest.check(body, "Count").passed


def test_a_carousel_that_turns_by_itself_makes_no_button_alive(guest: Guest) -> None:
    carousel = "<p id=c>0</p><script>setInterval(() => c.textContent = +c.textContent + 1, 4500)</script>"
    score = guest.explore("".join(f"<button>Count {name}</button>" for name in "abc") + carousel)
    assert not any(check.passed for check in score.checks)


def test_a_live_button_among_things_that_move_is_alive(guest: Guest) -> None:
    clock = "<p id=t></p><script>setInterval(() => t.textContent = Date.now(), 100)</script>"
    assert guest.check(COUNT + clock, "Count").passed


NOTHING_TO_DO = {
    "the chosen tab": (
        "<button onclick=\"go('Overview')\">Overview</button><button onclick=\"go('Details')\">Details</button>"
        "<p id=n>Overview</p><script>function go(name) { n.textContent = name }</script>",
        "Overview",
    ),
    "Previous on the first slide": (
        "<button onclick='move(-1)'>Previous</button><button onclick='move(1)'>Next</button><p id=n>0</p>"
        "<script>let i = 0; function move(by) { i = Math.max(0, Math.min(2, i + by)); n.textContent = i }</script>",
        "Previous",
    ),
    "Add with an empty field": (
        "<input id=f placeholder='New task'><button onclick='add()'>Add</button><ul id=l></ul>"
        "<script>function add() { if (f.value) l.innerHTML += '<li>' + f.value }</script>",
        "Add",
    ),
    "Clear of an empty field": (
        "<input id=f placeholder='Your name'><button onclick=\"f.value=''\">Clear</button>",
        "Clear",
    ),
    "a button under a cookie banner": (
        COUNT
        + "<div id=k style='position:fixed;inset:0;background:#fff'><button onclick='k.remove()'>Accept</button></div>",
        "Count",
    ),
}


@pytest.mark.parametrize(("body", "name"), NOTHING_TO_DO.values(), ids=list(NOTHING_TO_DO))
def test_a_control_is_not_dead_for_having_nothing_to_do_yet(guest: Guest, body: str, name: str) -> None:
    check = named(guest.explore(body), f"'{name}'")
    assert check.passed, check.detail


def test_a_disabled_button_is_not_tried(guest: Guest) -> None:
    assert not [check for check in guest.explore("<button disabled>Pay</button>").checks if "Pay" in check.name]


def test_what_a_press_reveals_is_tried_too(guest: Guest) -> None:
    body = (
        "<button onclick='d.hidden=false'>Open</button>"
        "<div id=d hidden><button onclick=\"d.lastChild.textContent='done'\">Confirm</button><p></p></div>"
    )
    assert named(guest.explore(body), "Confirm").passed


def test_a_button_that_renames_itself_is_one_button(guest: Guest) -> None:
    score = guest.explore("<button onclick=\"this.textContent='Following'\">Follow</button>")
    assert [check.name for check in score.checks] == ["button 'Follow'"]


# ------------------------------------------------------------------ the site


def test_other_pages_of_the_site_are_visited(guest: Guest) -> None:
    files = {
        "index.html": b"<h1>Home</h1><a href=shop.html>Shop</a>",
        "shop.html": b"<h1>Shop</h1><button>Buy</button>",
    }
    score = guest.explore(files=files)
    assert named(score, "Shop").passed
    assert not named(score, "Buy").passed


def test_links_to_other_sites_are_left_alone(guest: Guest) -> None:
    body = "<a href='https://example.org/'>Partner</a><a href='mailto:a@example.org'>Mail</a>" + COUNT
    assert [check.name for check in guest.explore(body).checks] == ["button 'Count'"]


def test_an_error_that_a_press_causes_costs_points_and_is_quoted(guest: Guest) -> None:
    broken = COUNT.replace("+n.textContent + 1", "+n.textContent + 1, missing()")
    score = guest.explore(broken)
    assert score.value == pytest.approx(guest.explore(COUNT).value - 0.4)
    assert any("missing is not defined" in advice for advice in score.suggestions)


def test_an_error_while_loading_costs_points(guest: Guest) -> None:
    assert guest.explore(COUNT + "<script>boom()</script>").value < guest.explore(COUNT).value


def test_a_page_that_never_yields_costs_its_control_not_the_others(guest: Guest) -> None:
    limits = replace(Limits(), browser_op_s=1.5, page_load_s=3.0)
    score = guest.explore("<button onclick='for(;;);'>Hang</button>" + COUNT, limits=limits)
    assert "stopped answering" in named(score, "Hang").detail
    assert named(score, "Count").passed


# ------------------------------------------------------------------ the score


def test_a_page_with_nothing_to_use_gets_one(guest: Guest) -> None:
    assert guest.explore("<p>Only text.</p>").value == 1.0


def test_an_empty_page_gets_nothing(guest: Guest) -> None:
    assert guest.explore(files={"index.html": b"<div id=root></div>"}).value == 0.0


def test_a_missing_page_gets_nothing_and_says_why(guest: Guest) -> None:
    score = guest.explore(files={"other.html": b"<p>fine</p>"})
    assert score.value == 0.0
    assert "HTTP 404" in score.summary


def test_one_working_button_is_not_yet_a_site(guest: Guest) -> None:
    assert guest.explore(COUNT).value == 2.5


def test_anchors_alone_do_not_make_a_site_that_works(guest: Guest) -> None:
    body = "".join(f"<a href='#s{i}'>Part {i}</a> <h2 id=s{i}>Part {i}</h2>" for i in range(6))
    assert guest.explore(body).value < 3.0


def test_dead_controls_are_named_in_the_suggestions(guest: Guest) -> None:
    assert any(
        "button 'Subscribe' does nothing" in advice
        for advice in guest.explore("<button>Subscribe</button>").suggestions
    )


def test_tries_are_bounded(guest: Guest) -> None:
    body = "".join(f"<button onclick=\"this.textContent+='!'\">Button {chr(65 + i)}</button>" for i in range(12))
    assert len(guest.explore(body, limits=replace(Limits(), explore_controls=5)).checks) == 5


def test_time_is_bounded(guest: Guest) -> None:
    score = guest.explore(COUNT, limits=replace(Limits(), explore_s=0.0))
    assert score.checks == ()


def test_two_explorations_of_a_site_agree_in_everything(guest: Guest) -> None:
    assert guest.explore(files=GOOD[1].files) == guest.explore(files=GOOD[1].files)


def test_the_judge_is_what_its_name_makes() -> None:
    assert judges.make_functionality("explore").id == "explore/2"
    assert judges.make_functionality("tests").id.startswith("tests/")
    with pytest.raises(UsageError, match="'vibes'"):
        judges.make_functionality("vibes")
