"""Relevance: the page speaks of what the instruction asks for and has controls for what it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webgen_gym.judges.measured import wording
from webgen_gym.judges.measured.features import Feature, asked_for, is_shown, names_of
from webgen_gym.judges.measured.finding import FULL, Criterion, Finding, found, quoted, some
from webgen_gym.judges.measured.page import Page
from webgen_gym.judges.measured.reading import Reading, is_usable
from webgen_gym.judges.measured.words import Terms, stem
from webgen_gym.types import Element, Task

NAME = "relevance"
FEATURES_SHARE = 0.4
HEADING_SHARE = 0.1
# A good page does not say every word of its instruction.
ENOUGH_TERMS = 0.75
TERMS_PER_TEXT = 4
# What the first text that says a term is worth; each further one adds that share of what is lacking.
PROMINENT_WORTH, RUNNING_WORTH = 0.8, 0.5
ADDRESSED_LOST = 1.5
PROMINENT_TAGS = frozenset({"h1", "h2", "h3", "legend", "caption", "th", "label", "summary"})
PROMINENT_ROLES = frozenset({"heading", "tab", "link", "button"})


def relevance(page: Page, task: Task, terms: Terms, reading: Reading) -> Criterion:
    """Points lost for terms and features of the instruction that the page does not show."""
    asked = asked_for(task)
    controls = [
        element
        for index, element in enumerate(page.elements)
        if element.interactive and is_usable(element) and not reading.padding[index]
    ]
    names = names_of(controls)
    present = tuple(feature for feature in asked if is_shown(feature, page, names))
    terms_share = 1 - HEADING_SHARE - (FEATURES_SHARE if asked else 0)
    said = shown(page, terms, reading)
    # A search field shows "search" better than the word does.
    said |= {term: 1.0 for term, word in terms.words.items() if any(feature.asked.match(word) for feature in present)}
    return Criterion(
        NAME,
        found(
            _terms(terms, said, FULL * terms_share),
            _features(asked, present),
            _heading(page, terms, reading),
            wording.filler(page),
            wording.nameless(controls),
            _addressed(reading.addressed),
        ),
    )


def shown(page: Page, terms: Terms, reading: Reading) -> dict[str, float]:
    """Which terms a page shows, 0–1: more where a heading, control or label says it, more where several texts do.

    One text lends at most ``TERMS_PER_TEXT`` terms.
    """
    said: dict[str, float] = {}
    for index, words in reading.own.items():
        worth = PROMINENT_WORTH if is_prominent(page.elements[index]) else RUNNING_WORTH
        heard = [term for term in dict.fromkeys(map(stem, words)) if term in terms.words]
        heard.sort(key=lambda term: said.get(term, 0.0))
        said |= {term: 1 - (1 - said.get(term, 0.0)) * (1 - worth) for term in heard[:TERMS_PER_TEXT]}
    return said


def is_prominent(element: Element) -> bool:
    """Whether what it says structures the page: a heading, a control, a label."""
    if element.interactive:
        return is_usable(element)
    return element.role in PROMINENT_ROLES or element.tag in PROMINENT_TAGS


def _terms(terms: Terms, said: Mapping[str, float], points: float) -> Finding | None:
    if not terms.words:
        return None
    share = sum(said.values()) / len(terms.words)
    missing = [word for term, word in terms.words.items() if term not in said]
    lost = points * (1 - min(1.0, share / ENOUGH_TERMS))
    if lost == 0:
        return None
    return Finding(
        lost,
        f"the page shows {len(said)} of {len(terms.words)} terms of the instruction; missing: {some(missing, 8)}",
        f"Show what the instruction asks for; nothing on the page speaks of {some(missing, 5)}.",
    )


def _features(asked: tuple[Feature, ...], present: tuple[Feature, ...]) -> Finding | None:
    missing = [feature.name for feature in asked if feature not in present]
    if not missing:
        return None
    return Finding(
        FULL * FEATURES_SHARE * len(missing) / len(asked),
        f"{len(present)} of {len(asked)} features of the instruction have a control; missing: {some(missing, 8)}",
        f"Add controls for what the instruction names: {some(missing, 5)}.",
    )


def _heading(page: Page, terms: Terms, reading: Reading) -> Finding | None:
    headings = {index: words for index, words in reading.own.items() if page.elements[index].role == "heading"}
    if not headings:
        return Finding(FULL * HEADING_SHARE, "the page has no heading", "Give the page a heading that says what it is.")
    if not terms.words or any(stem(word) in terms.words for words in headings.values() for word in words):
        return None
    return Finding(
        FULL * HEADING_SHARE,
        f"no heading speaks of the subject; the first is {quoted(page.elements[min(headings)].text)}",
        "Let the headings say what the website is about.",
    )


def _addressed(texts: Sequence[str]) -> Finding | None:
    if not texts:
        return None
    return Finding(
        ADDRESSED_LOST,
        f"text is addressed to whoever grades the page: {some(texts)}",
        f"Remove the text {quoted(texts[0])}: it is no part of the website.",
    )
