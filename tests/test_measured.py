"""The measured judge on pages that differ in one thing, in the real browser."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites import GOOD
from tests.judge_sites.plain import PLAIN
from tests.judge_sites.site import Site
from tests.judge_sites.spoilings import unstyled
from webgen_gym import judges
from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import UsageError
from webgen_gym.judges.measured import Measured, judge
from webgen_gym.types import Files, Look, Palette, Request, Score, Task

STYLE = """<style>body { margin: 0; font-family: Arial, sans-serif; background: #fffff0; color: #222; }
main { max-width: 760px; margin: 32px auto; } button { padding: 12px 20px; border: 0; background: #207a20; color: #fff; }
</style>"""
TEXT = "<p>Ferries leave the northern harbour four times a day and take bicycles, dogs and patient people.</p>"
CLOSE_SET = """The night boat stops at every pier, the captain knows each lamp by name, and whoever sleeps through the
last island wakes up in the harbour where the journey began, with a stamp on the hand and salt in both shoes."""
ISLANDS = "<ul><li>Skerry, twice a day</li><li>Holm, at noon</li><li>Outer Ness, on Fridays</li></ul>"
BOOKS = "<h1>Ferry books</h1>" + TEXT * 3 + ISLANDS + "<button>Add to cart</button>"
TASK = Task(id="t", instruction="Please implement a website about ferries. Users should be able to search timetables.")


class Eye:
    """Looks at files and judges what it saw."""

    def __init__(self, run: Runner, show_site: ShowSite) -> None:
        self._run = run
        self._show_site = show_site

    def look(self, body: str = "", *, files: Files | None = None, path: str = "/") -> Look:
        async def work() -> Look:
            page = f"<!doctype html><html lang=en><head><title>t</title></head><body>{body}</body></html>"
            async with self._show_site(files or {"index.html": page}) as shown:
                seen: Look = await shown.visits.look(path)
                return seen

        return self._run(work())

    def judge(self, body: str = "", task: Task = TASK) -> Score:
        return judge(task, self.look(body))

    def site(self, site: Site, files: Files | None = None) -> Score:
        return judge(site.task, self.look(files=files or site.files))


@pytest.fixture
def eye(run: Runner, show_site: ShowSite) -> Eye:
    return Eye(run, show_site)


def findings(score: Score, criterion: str) -> str:
    return " | ".join(item.finding for item in score.evidence if item.criterion == criterion)


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


# ------------------------------------------------------------------ relevance


def test_a_page_about_the_subject_beats_the_same_page_about_another(eye: Eye) -> None:
    page = STYLE + BOOKS + "<label>Search timetables <input type=search></label>"
    other = Task(id="o", instruction="Please implement a chess club website. Users can register for tournaments.")
    assert eye.judge(page).criteria["relevance"] > judge(other, eye.look(page)).criteria["relevance"] + 2


def test_a_feature_needs_a_control_not_a_word(eye: Eye) -> None:
    worded = eye.judge(STYLE + BOOKS + "<p>Search our timetables.</p>")
    assert "'search'" in findings(worded, "relevance")
    assert "features" not in findings(eye.judge(STYLE + BOOKS + "<input type=search aria-label=Search>"), "relevance")


def test_the_names_that_an_instruction_gives_make_no_list_of_terms(eye: Eye) -> None:
    task = Task(
        "menu", "Build a bakery with Rye Sourdough, Seeded Loaf, Cardamom Bun, Plum Tart, Salt Pretzel and Oat Roll."
    )
    names = ("Rye Sourdough", "Seeded Loaf", "Cardamom Bun", "Plum Tart", "Salt Pretzel", "Oat Roll")
    menu = "".join(f"<h3>{name}</h3>" for name in names)
    assert eye.judge(STYLE + "<h1>Bakery</h1>" + menu, task).criteria["relevance"] >= 4.5


def test_controls_that_say_nothing_cost_relevance(eye: Eye) -> None:
    assert "do not say what they are for" in findings(eye.judge(STYLE + BOOKS + "<button>Button</button>"), "relevance")
    assert "do not say" not in findings(eye.judge(STYLE + BOOKS + "<button>×</button>"), "relevance")


def test_suggestions_name_what_is_missing(eye: Eye) -> None:
    assert any("timetables" in advice for advice in eye.judge(STYLE + BOOKS).suggestions)


def test_a_task_without_an_instruction_is_judged_all_the_same(eye: Eye) -> None:
    assert eye.judge(STYLE + BOOKS, Task(id="empty", instruction="")).criteria["relevance"] == 5.0


# ------------------------------------------------------------------ layout


@pytest.mark.parametrize(
    ("spoilt", "right", "sentence"),
    [
        ("<div style='width:1900px;background:#ddd'>wide</div>", "<div>wide</div>", "px wide in a window of 1024 px"),
        ("<h2 style='position:absolute;top:36px;left:136px'>Over it</h2>", "<h2>Over it</h2>", "texts overlap"),
        (f"<p style='line-height:.5'>{CLOSE_SET}</p>", f"<p>{CLOSE_SET}</p>", "lower than their letters"),
        (
            "<body style='overflow-x:hidden'><p style='margin-left:820px;width:400px'>Cut off at the side of it</p>",
            "<p>Cut off at the side of it</p>",
            "cut off at the side",
        ),
    ],
    ids=["too wide", "overlapping", "close set", "cut off"],
)
def test_what_is_out_of_place_costs_layout_and_is_named(eye: Eye, spoilt: str, right: str, sentence: str) -> None:
    page = STYLE + "<main>" + BOOKS + TEXT * 4
    bad, good = eye.judge(page + spoilt), eye.judge(page + right)
    assert bad.criteria["layout"] < good.criteria["layout"]
    assert sentence in findings(bad, "layout")


def test_texts_that_stick_to_their_boxes_cost_layout(eye: Eye) -> None:
    cards = "".join(
        f"<div class=c><h3>Ferry {n}</h3><p>It leaves at noon and comes back at six.</p></div>" for n in "abc"
    )
    roomy, tight = (
        f"<style>.c {{ width: 600px; background: #fff; padding: {pad}px }}</style>{cards}" for pad in (20, 0)
    )
    assert "too little room" in findings(eye.judge(STYLE + tight + BOOKS), "layout")
    assert "too little room" not in findings(eye.judge(STYLE + roomy + BOOKS), "layout")


def test_things_that_miss_the_common_edge_cost_layout(eye: Eye) -> None:
    lines = [f"<p style='position:relative;left:{by}px'>Boat no. {by} leaves from the pier</p>" for by in (0, 9, -6, 4)]
    assert "miss the common edge" in findings(eye.judge(STYLE + BOOKS + "".join(lines)), "layout")
    assert "miss the common edge" not in findings(eye.judge(STYLE + BOOKS + TEXT * 4), "layout")


def test_a_gap_above_the_content_costs_layout(eye: Eye) -> None:
    gap = "<div style='height:400px'></div>"
    assert "empty band" in findings(eye.judge(STYLE + "<h1>Ferries</h1>" + gap + BOOKS), "layout")
    assert "empty band" not in findings(eye.judge(STYLE + "<h1>Ferries</h1>" + BOOKS + gap), "layout")


def test_a_dialog_over_the_page_is_no_overlap(eye: Eye) -> None:
    dialog = "<div style='position:fixed;inset:20px 200px;background:#fff'><h2>Cookies</h2><p>May we?</p></div>"
    assert "overlap" not in findings(eye.judge(STYLE + BOOKS + TEXT * 4 + dialog), "layout")


def test_what_is_folded_away_is_no_overlap(eye: Eye) -> None:
    folds = (
        "<div style='max-height:0;overflow:hidden'><p>An answer nobody asked for yet.</p></div><h3>Question</h3>" * 3
    )
    assert "overlap" not in findings(eye.judge(STYLE + BOOKS + folds), "layout")


def test_a_badge_beside_a_heading_is_no_overlap(eye: Eye) -> None:
    badge = "<div style='position:relative'><h2>Ferry</h2><b style='position:absolute;right:8px;top:20px'>New</b></div>"
    assert "overlap" not in findings(eye.judge(STYLE + BOOKS + badge), "layout")


# ------------------------------------------------------------------ design


def test_more_than_two_font_families_cost_design_and_are_named(eye: Eye) -> None:
    mixed = "".join(
        f"<p style='font-family:{family}'>Boats go at noon.</p>" for family in ("Georgia", "Impact", "Courier")
    )
    assert "4 font families" in findings(eye.judge(STYLE + BOOKS + mixed), "design")
    assert "font families" not in findings(eye.judge(STYLE + BOOKS), "design")


def test_badges_in_all_colours_cost_design(eye: Eye) -> None:
    badge = "<b style='background:{};padding:4px 12px'>New</b>"
    garish = "".join(badge.format(colour) for colour in ("#e6194b", "#4363d8", "#f58231", "#911eb4"))
    own = badge.format("#207a20") * 4
    assert "a colour of their own" in findings(eye.judge(STYLE + BOOKS + garish), "design")
    assert "a colour of their own" not in findings(eye.judge(STYLE + BOOKS + own), "design")


def test_faint_text_is_named_with_its_ratio_and_the_one_asked_for(eye: Eye) -> None:
    files = {**GOOD[0].files, "style.css": GOOD[0].files["style.css"] + b".card p { color: #999; }"}
    advice = next(advice for advice in eye.site(GOOD[0], files).suggestions if "contrast" in advice)
    assert "'Ida Morrow · Garden' has contrast 2.8:1 (#999999 on #ffffff); WCAG AA asks for 4.5:1." in advice


def test_the_palette_that_was_asked_for_scores_more_than_another(eye: Eye) -> None:
    look = eye.look(STYLE + "<header style='background:#207a20;height:80px'></header>" + BOOKS)
    green = Palette("#fffff0", "#228b22", "ivory", "forest green")
    purple = Palette("#e6e6fa", "#800080", "lavender", "purple")
    right, wrong = (judge(replace(TASK, palette=palette), look) for palette in (green, purple))
    assert right.criteria["design"] > wrong.criteria["design"] + 0.8
    assert "lavender (#e6e6fa)" in findings(wrong, "design")


def test_white_does_not_pass_for_ivory(eye: Eye) -> None:
    task = replace(TASK, palette=Palette(background="#fffff0", background_name="ivory"))
    ivory, white = eye.look(STYLE + BOOKS), eye.look(STYLE.replace("#fffff0", "#ffffff") + BOOKS)
    assert judge(task, ivory).criteria["design"] > judge(task, white).criteria["design"]


def test_colours_that_no_table_knows_are_not_judged(eye: Eye) -> None:
    task = replace(TASK, palette=Palette(background_name="smoke", component_name="mocha"))
    look = eye.look(STYLE + BOOKS)
    assert judge(task, look).criteria["design"] == judge(TASK, look).criteria["design"]


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


def test_two_thousand_elements_are_judged_in_a_moment(eye: Eye) -> None:
    cards = "".join(
        f"<section><h3>Ferry {i}</h3><p>To island {i} at noon</p><button>Book</button></section>" for i in range(520)
    )
    look = eye.look(STYLE + BOOKS + cards)
    assert len(look.measurements.elements) == 2000
    started = time.process_time()
    judge(TASK, look)
    assert time.process_time() - started < 0.3


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
