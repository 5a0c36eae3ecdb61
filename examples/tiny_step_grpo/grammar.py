"""A reply in a few words, and what it stands for.

    build TOPIC BACKGROUND ACCENT LAYOUT INK SECTION [live] … end

One to four different sections in any order; ``live`` follows sections that can be used. Whatever else is written is no
reply of this language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from examples.tiny_step_grpo.vocabulary import (
    ACCENTS,
    ACTIVE,
    BACKGROUNDS,
    BEGIN,
    END,
    INKS,
    LAYOUTS,
    LIVE,
    ROOM,
    SECTIONS,
    TOPICS,
)

_HEAD = (frozenset({BEGIN}), TOPICS.keys(), BACKGROUNDS.keys(), ACCENTS.keys(), frozenset(LAYOUTS), frozenset(INKS))


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page; ``live`` says that what it has to use works."""

    name: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """A whole site."""

    topic: str
    background: str
    accent: str
    layout: str
    ink: str
    sections: tuple[Section, ...]


def parse(text: str) -> Design | None:
    """The design that a reply stands for; None where it is not of this language."""
    words = text.split()
    head, body = words[: len(_HEAD)], words[len(_HEAD) : -1]
    if len(head) < len(_HEAD) or words[-1] != END:
        return None
    if any(word not in allowed for word, allowed in zip(head, _HEAD, strict=True)):
        return None
    sections = _sections(body)
    topic, background, accent, layout, ink = head[1:]
    return Design(topic, background, accent, layout, ink, sections) if sections else None


def written(design: Design) -> str:
    """The reply that stands for a design."""
    body = [word for section in design.sections for word in ([section.name, LIVE] if section.live else [section.name])]
    head = (BEGIN, design.topic, design.background, design.accent, design.layout, design.ink)
    return " ".join([*head, *body, END])


def _sections(words: Sequence[str]) -> tuple[Section, ...] | None:
    """In the order of the page; None where the words are no list of different sections that fit."""
    found: dict[str, bool] = {}
    last = ""
    for word in words:
        if word in SECTIONS and word not in found:
            found[word] = False
        elif word == LIVE and last in ACTIVE:
            found[last] = True
        else:
            return None
        last = word
    if not 1 <= len(found) <= ROOM:
        return None
    return tuple(Section(name, found[name]) for name in SECTIONS if name in found)
