"""What costs relevance, layout and design, on pages that differ in one thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites import GOOD
from tests.judge_sites.eye import BOOKS, CLOSE_SET, STYLE, TASK, TEXT, Eye, findings
from webgen_gym.judges.measured import judge
from webgen_gym.types import Palette, Task


@pytest.fixture
def eye(run: Runner, show_site: ShowSite) -> Eye:
    return Eye(run, show_site)


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


def test_a_picture_that_could_not_be_shown_is_no_picture(eye: Eye) -> None:
    missing = "<img src=gone.png width=200 height=100>" * 4
    assert "0 picture(s)" in findings(eye.judge(STYLE + BOOKS + missing), "design")


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
