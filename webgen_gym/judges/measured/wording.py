"""Words that say nothing: filler text, and controls that are called "Button"."""

from __future__ import annotations

import string
from collections.abc import Sequence

from webgen_gym.judges.measured.finding import Finding, percent, quoted
from webgen_gym.judges.measured.page import Page
from webgen_gym.judges.measured.words import tokens
from webgen_gym.types import Element

# Words of filler text that are no English ones; about half of a filler text is among them.
_FILLER = """
adipiscing adipisicing aliqua aliquip commodo consectetur consequat culpa cupidatat deserunt dolor dolore duis eiusmod
enim excepteur exercitation fugiat incididunt ipsum irure labore laboris lorem magna minim mollit nisi nostrud nulla
occaecat officia pariatur proident quis reprehenderit sint sunt tempor ullamco velit veniam voluptate
"""
FILLER = frozenset(_FILLER.split())
FILLER_SHARE = 0.5
FEWEST_FILLER = 2
FILLER_BASE, FILLER_POINTS = 0.5, 3.5
# A control that is called by these alone says nothing; a sign such as × or ☰ does.
_EMPTY = "button click control field here input item label link option placeholder text thing"
EMPTY = frozenset(_EMPTY.split())
LETTERS_AND_SPACE = string.ascii_letters + string.whitespace
NAMELESS_POINTS = 1.6


def filler(page: Page) -> Finding | None:
    """Points lost for 'Lorem ipsum', by how much of the page it makes."""
    words = tokens(page.look.measurements.text)
    count = sum(word in FILLER for word in words)
    if count < FEWEST_FILLER:
        return None
    share = min(1.0, count / FILLER_SHARE / len(words))
    return Finding(
        FILLER_BASE + FILLER_POINTS * share,
        f"filler text ('Lorem ipsum') makes {percent(share)} of what the page says",
        "Replace 'Lorem ipsum' by real text.",
    )


def nameless(controls: Sequence[Element]) -> Finding | None:
    """Points lost for controls whose names say nothing of what they are for."""
    empty = [control for control in controls if _says_nothing(control)]
    if not empty:
        return None
    first = empty[0].label or empty[0].text or empty[0].tag
    return Finding(
        NAMELESS_POINTS * len(empty) / len(controls),
        f"{len(empty)} of {len(controls)} controls do not say what they are for, such as {quoted(first)}",
        f"Name the control {quoted(first)} after what it does.",
    )


def _says_nothing(control: Element) -> bool:
    spoken = f"{control.label} {control.text}"
    return all(word in EMPTY for word in tokens(spoken)) and not spoken.strip(LETTERS_AND_SPACE)
