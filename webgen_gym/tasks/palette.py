"""The two colours that an instruction asks for: that of the background and that of the components.

WebGen-Bench says them in one sentence, in one of forty wordings: "Use ivory for the background and forest
green for components". The sentence is read without a list of wordings: words that only glue it together
are struck out, and the runs of words that remain are the colour names. Which run is the background is
decided by what stands nearest to it.

A sentence counts only when it speaks of a background or of components, when one or two runs remain, and
when one of them is a colour that is known. The last such sentence wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webgen_gym.tasks.colours import hex_of
from webgen_gym.types import Palette


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(text.split())


BACKGROUND = _vocabulary("background backgrounds base body canvas layout page pages screen")
COMPONENT = _vocabulary(
    "accent accents block blocks button buttons card cards component components control controls detail details "
    "element elements highlight highlights interface pieces ui visuals widgets"
)
GLUE = _vocabulary(
    "a all an and apply applying are as assign be by choose color coloring colors colour colours configure "
    "container content declare default define design elsewhere establish every everything for from global have "
    "implement in initialize interactive into is it its keep layer main make of on only or outer overall please "
    "primary select set should site specify style styled styles styling that the their theme then to use using "
    "visible web website with your"
)
TOKEN = re.compile(r"#[0-9a-f]{3,6}\b|[a-z]+(?:-[a-z]+)*|[;,:]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
LONGEST_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Run:
    """A colour name in a sentence, from its first token up to, not including, ``end``."""

    start: int
    end: int
    name: str


def palette_of(instruction: str) -> Palette:
    """The palette that an instruction asks for; an empty one where it asks for none."""
    for sentence in reversed(SENTENCE_END.split(instruction.strip())):
        found = _read_sentence(TOKEN.findall(sentence.lower()))
        if found is not None:
            return found
    return Palette()


def _read_sentence(tokens: list[str]) -> Palette | None:
    if not any(token in BACKGROUND | COMPONENT for token in tokens):
        return None
    runs = _runs(tokens)
    if not 1 <= len(runs) <= 2 or not any(hex_of(run.name) for run in runs):
        return None
    if len(runs) == 1:
        return _alone(tokens, runs[0])
    return _pair(tokens, runs[0], runs[1])


def _runs(tokens: list[str]) -> list[_Run]:
    runs: list[_Run] = []
    start: int | None = None
    for index, token in enumerate([*tokens, ";"]):
        if token in GLUE | BACKGROUND | COMPONENT or token in ";,:":
            if start is not None:
                runs.append(_Run(start, index, " ".join(tokens[start:index])))
            start = None
        elif start is None:
            start = index
    return [] if any(run.end - run.start > LONGEST_NAME_WORDS for run in runs) else runs


def _pair(tokens: list[str], first: _Run, second: _Run) -> Palette:
    in_order = _distance(tokens, first, BACKGROUND) + _distance(tokens, second, COMPONENT)
    swapped = _distance(tokens, first, COMPONENT) + _distance(tokens, second, BACKGROUND)
    background, component = (first.name, second.name) if in_order <= swapped else (second.name, first.name)
    return Palette(hex_of(background), hex_of(component), background, component)


def _alone(tokens: list[str], run: _Run) -> Palette:
    if _distance(tokens, run, BACKGROUND) <= _distance(tokens, run, COMPONENT):
        return Palette(background=hex_of(run.name), background_name=run.name)
    return Palette(component=hex_of(run.name), component_name=run.name)


def _distance(tokens: list[str], run: _Run, words: frozenset[str]) -> int:
    gaps = [
        run.start - index if index < run.start else index - run.end + 1
        for index, token in enumerate(tokens)
        if token in words
    ]
    return min(gaps, default=len(tokens))
