"""Colour names, and the sentence that asks for two of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webgen_gym.tasks import load
from webgen_gym.tasks.colours import BEYOND_CSS, HEX, hex_of
from webgen_gym.tasks.palette import palette_of
from webgen_gym.types import Palette

SHARED = Path(__file__).parent.parent / ".." / "shared" / "webgen-bench"
needs_bench = pytest.mark.skipif(not SHARED.exists(), reason="WebGen-Bench is not here")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ivory", "#fffff0"),
        ("forest green", "#228b22"),
        ("Dark Slate Grey", "#2f4f4f"),
        ("#AbC", "#aabbcc"),
        ("#123456", "#123456"),
        ("light goldenrod", "#eedd82"),
        ("azure mist", "#f0ffff"),
        ("cloud white", "#ffffff"),
        ("antique white", "#faebd7"),
        ("faint gray", "#dfdfdf"),
        ("pale ash", "#d8deda"),
        ("dark teal", "#014d4e"),
        ("deep orange", "#805200"),
    ],
)
def test_a_colour_name_is_known(name: str, expected: str) -> None:
    assert hex_of(name) == expected


@pytest.mark.parametrize(
    "name", ["", " ", "morning fog", "caramel", "mint", "#12", "#ggg", "dark", "glacier blue", "é"]
)
def test_an_unknown_name_is_none_and_no_guess(name: str) -> None:
    assert hex_of(name) is None


def test_every_entry_of_the_table_is_a_hex_code() -> None:
    assert all(HEX.fullmatch(code) and name == name.lower() for name, code in BEYOND_CSS.items())


SENTENCES = [
    "Use ivory for the background and forest green for components.",
    "Apply ivory as the background; style all components with forest green.",
    "Set all pages to have a ivory background and forest green components.",
    "Define background as ivory; define components with forest green.",
    "Use ivory for the outer layout and forest green for UI blocks.",
    "Apply ivory for layout; use forest green for buttons and cards.",
    "Specify ivory as the base color and forest green for all components.",
    "Set primary background to ivory and elements to forest green.",
    "Style the layout with ivory in the background and forest green for the interface.",
    "Use forest green components on an ivory background.",
    "The background should be Ivory, and buttons forest green!",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_both_colours_are_read_from_many_wordings(sentence: str) -> None:
    found = palette_of(f"Please implement a kite shop. Users should be able to buy kites. {sentence}")
    assert found == Palette("#fffff0", "#228b22", "ivory", "forest green")


def test_hex_codes_are_read() -> None:
    found = palette_of("Use #FFF for the background and #0a0b0c for components.")
    assert (found.background, found.component) == ("#ffffff", "#0a0b0c")


def test_the_name_of_an_unknown_colour_is_kept() -> None:
    found = palette_of("Use morning fog for the background and navy for components.")
    assert found == Palette(None, "#000080", "morning fog", "navy")


def test_one_colour_alone_is_read() -> None:
    assert palette_of("Use linen as the background.") == Palette(background="#faf0e6", background_name="linen")
    assert palette_of("Use teal for the buttons.") == Palette(component="#008080", component_name="teal")


def test_the_last_sentence_with_colours_wins_whatever_follows_it() -> None:
    text = (
        "Use red for the background and blue for components. Use tan for the background and teal for cards. Be quick."
    )
    assert palette_of(text) == Palette("#d2b48c", "#008080", "tan", "teal")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please implement a paint shop where users can choose the background of each page.",
        "Users should be able to browse articles and to mark them in gold.",
        "The page shows a long list of very different things in green and in no particular order.",
        "Navy.",
    ],
)
def test_a_text_without_such_a_sentence_gives_no_colours(text: str) -> None:
    assert palette_of(text) == Palette()


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(palette_of(text), Palette)


@needs_bench
def test_every_instruction_of_webgen_bench_that_names_colours_is_read() -> None:
    dev = [task.palette for task in load(SHARED / "dev.jsonl")]
    train = [task.palette for task in load(SHARED / "train-step-grpo.jsonl")]
    assert sum(bool(found.background and found.component) for found in dev) == 50
    assert all(found.background_name and found.component for found in train)
    assert sum(found.background is not None for found in train) == 450


@needs_bench
def test_nothing_is_read_from_what_comes_before_the_colours() -> None:
    for task in load(SHARED / "dev.jsonl") + load(SHARED / "train-step-grpo.jsonl"):
        before = task.instruction.rstrip(" .").rpartition(". ")[0]
        assert palette_of(before) == Palette()
