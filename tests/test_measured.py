"""The measured judge: gates, rendering, the scale, and what it promises."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites import GOOD
from tests.judge_sites.eye import BOOKS, STYLE, TASK, TEXT, Eye, findings
from tests.judge_sites.plain import PLAIN
from tests.judge_sites.spoilings import unstyled
from webgen_gym import judges
from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import UsageError
from webgen_gym.judges.measured import Measured, judge
from webgen_gym.types import Request


@pytest.fixture
def eye(run: Runner, show_site: ShowSite) -> Eye:
    return Eye(run, show_site)


# ------------------------------------------------------------------ gates


def test_a_blank_page_is_worth_nothing(eye: Eye) -> None:
    score = eye.judge("<div id=root></div>")
    assert score.value == 0.0
    assert "blank" in score.evidence[0].finding


def test_a_page_of_one_gradient_is_blank(eye: Eye) -> None:
    assert eye.judge("<div style='height:100vh;background:linear-gradient(#fed,#def)'></div>").value == 0.0


def test_a_missing_page_is_worth_nothing_whatever_it_shows(eye: Eye) -> None:
    score = judge(TASK, eye.look(files={"index.html": b"fine"}, path="/nowhere"))
    assert score.value == 0.0
    assert "HTTP 404" in score.evidence[0].finding


def test_a_page_that_could_not_be_shown_says_why() -> None:
    score = judge(TASK, measure.unseen((1024, 768), "The page crashed."))
    assert score.value == 0.0
    assert score.evidence[0].finding == "The page crashed."


@pytest.mark.parametrize(
    "body",
    [
        "<pre>Cannot GET /</pre>",
        "<h1>Index of /</h1><ul><li><a href=src/>src/</a><li><a href=package.json>package.json</a></ul>",
        "<vite-error-overlay><p>Failed to resolve import './App' from 'src/main.jsx'</p></vite-error-overlay>",
        "<h1>Site</h1><nextjs-portal><div>Build Error</div><p>Module not found</p></nextjs-portal>",
        "<p>Failed to compile</p><p>./src/App.js SyntaxError: Unexpected token (4:2)</p>",
    ],
)
def test_an_error_in_place_of_the_site_is_worth_nothing(eye: Eye, body: str) -> None:
    assert eye.judge(body).value == 0.0


@pytest.mark.parametrize(
    "body",
    [
        STYLE + BOOKS + "<p>Error 404 not found? Our lost ferries guide helps.</p>",
        STYLE + BOOKS + "<nextjs-portal><button>Next.js tools</button></nextjs-portal>",
    ],
)
def test_a_site_that_speaks_of_errors_is_no_error(eye: Eye, body: str) -> None:
    assert eye.judge(body).value > 0.5


def test_a_frame_over_everything_with_an_error_behind_it_is_an_overlay(eye: Eye) -> None:
    frame = "<iframe style='position:fixed;inset:0;width:100%;height:100%;border:0' srcdoc='<p>x</p>'></iframe>"
    assert eye.judge(STYLE + BOOKS + frame + "<script>boom()</script>").value == 0.0
    assert eye.judge(STYLE + BOOKS + frame).value > 0.0


def test_a_page_that_is_one_drawing_is_judged(eye: Eye) -> None:
    drawing = "<canvas id=c width=900 height=600></canvas><script>const g = c.getContext('2d');" + (
        "for (let i = 0; i < 40; i++) g.fillRect(i * 22, i * 9, 15, 15)</script>"
    )
    assert 0.0 < eye.judge(drawing).value < 2.5


# ------------------------------------------------------------------ rendering


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ("<script>boom()</script>", "boom is not defined"),
        ("<script>console.error('no price')</script>", "no price"),
        ("<img src=gone.png width=200 height=100>", "1 of 1 images"),
        ("<script src=gone.js></script>", "gone.js"),
        ("<link rel=stylesheet href=https://fonts.example/x.css>", "fonts.example"),
        ("<p>Hello {{ user.name }}</p><p>Price: NaN</p>", "unset values"),
        ("<div>&lt;div class='card'&gt;Ferry&lt;/div&gt;</div>", "show code"),
    ],
)
def test_what_failed_costs_rendering_and_is_named(eye: Eye, added: str, sentence: str) -> None:
    score = eye.judge(STYLE + BOOKS + added)
    assert score.criteria["rendering"] < 5.0
    assert sentence in findings(score, "rendering")


def test_filler_text_costs_relevance_and_nothing_else(eye: Eye) -> None:
    filled, clean = eye.judge(STYLE + BOOKS + "<p>Lorem ipsum dolor sit amet</p>"), eye.judge(STYLE + BOOKS + TEXT)
    assert "Lorem ipsum" in findings(filled, "relevance")
    assert filled.criteria["relevance"] < clean.criteria["relevance"]
    assert filled.criteria["rendering"] == clean.criteria["rendering"]


def test_text_in_the_colour_of_its_ground_counts_as_not_there(eye: Eye) -> None:
    score = eye.judge(STYLE + BOOKS.replace("<p>", "<p style='color:#fffff0'>"))
    assert score.criteria["rendering"] < 2.0
    assert "cannot be seen" in findings(score, "rendering")


def test_code_in_a_code_block_is_no_leftover(eye: Eye) -> None:
    assert "show code" not in findings(eye.judge(STYLE + BOOKS + "<pre>&lt;div&gt;</pre>"), "rendering")


def test_a_missing_favicon_costs_nothing(eye: Eye) -> None:
    assert eye.judge(STYLE + BOOKS).criteria["rendering"] == 5.0


# ------------------------------------------------------------------ the scale


def test_plain_sites_lie_around_the_middle(eye: Eye) -> None:
    values = [eye.site(site).value for site in PLAIN]
    assert all(1.8 <= value <= 3.7 for value in values)
    assert 2.3 <= sum(values) / len(values) <= 3.2


def test_unstyled_sites_lie_between_one_and_two_and_a_half(eye: Eye) -> None:
    assert all(1.0 <= eye.site(site, unstyled(site.files)).value <= 2.5 for site in GOOD[:4])


# ------------------------------------------------------------------ promises


def test_two_looks_at_the_same_files_give_the_same_verdict_to_the_last_bit(eye: Eye) -> None:
    assert eye.site(GOOD[0]) == eye.site(GOOD[0])


def test_the_verdict_says_what_every_criterion_rests_on(eye: Eye) -> None:
    score = eye.judge(BOOKS)
    lost = dict.fromkeys(score.criteria, 0.0)
    for item in score.evidence:
        lost[item.criterion] += item.points
    assert {name: 5 + points for name, points in lost.items()} == pytest.approx(dict(score.criteria), abs=0.05)


def test_a_blocked_picture_is_counted_once(eye: Eye) -> None:
    look = eye.look(STYLE + BOOKS + "<img src=https://pictures.example/a.png width=300 height=200>")
    assert any(request.blocked for request in look.requests)
    assert "1 of 1 images" in findings(judge(TASK, look), "rendering")
    assert "blocked" not in findings(judge(TASK, look), "rendering")


def test_a_failed_request_is_a_finding_even_without_an_image(eye: Eye) -> None:
    look = replace(eye.look(STYLE + BOOKS), requests=(Request("/api/ferries", "GET", 500),))
    assert "/api/ferries" in findings(judge(TASK, look), "rendering")


def test_two_thousand_elements_are_all_judged(eye: Eye) -> None:
    cards = "".join(
        f"<section><h3>Ferry {i}</h3><p>To island {i} at noon</p><button>Book</button></section>" for i in range(520)
    )
    look = eye.look(STYLE + BOOKS + cards)
    assert len(look.measurements.elements) == 2000
    assert 0 < judge(TASK, look).value < 5


def test_of_two_bad_pages_the_worse_one_has_less(eye: Eye) -> None:
    bare = "<html><h1>Ferries</h1><p>Home</p><p>Timetable of the ferries</p><button>Go</button>"
    faint = bare.replace("<p>", "<p style='color:#bbb'>")
    worse, bad = eye.judge(faint), eye.judge(bare)
    assert 0 < worse.criteria["design"] < bad.criteria["design"] < 1.5


class NoVisits:
    """For a judge that looks at nothing but the look."""

    site = ""

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        raise AssertionError("the judge opened a tab")


def test_the_judge_is_what_its_name_makes(run: Runner, eye: Eye) -> None:
    made = judges.make_appearance("measured")
    assert isinstance(made, Measured)
    assert made.id == "measured/2"
    look = eye.look(STYLE + BOOKS)
    assert run(made.appearance(TASK, look, NoVisits())) == judge(TASK, look)


def test_an_unknown_judge_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="'vibes'"):
        judges.make_appearance("vibes")
