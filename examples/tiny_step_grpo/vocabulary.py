"""The words of the compact language: what is asked for and what a reply is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Topic:
    """What a site is about: its name, a line about it, what it offers, what it is called in an instruction."""

    name: str
    line: str
    offers: tuple[str, str, str]
    asked: str


TOPICS: Mapping[str, Topic] = MappingProxyType(
    {
        "bakery": Topic(
            "Golden Crust", "Bread from the oven, every morning.", ("Rye loaf", "Plum cake", "Pretzel"), "a bakery"
        ),
        "cinema": Topic(
            "Lantern Hall", "Films on a large screen.", ("Matinee", "Evening film", "Late show"), "a cinema"
        ),
        "florist": Topic(
            "Green Stem", "Flowers cut this very day.", ("Tulip bunch", "Wild roses", "Potted fern"), "a florist"
        ),
        "library": Topic(
            "Quiet Shelf", "Ten thousand books to borrow.", ("Reading card", "Study room", "Book bag"), "a library"
        ),
        "museum": Topic(
            "Amber House", "Four centuries under one roof.", ("Day ticket", "Guided tour", "Family card"), "a museum"
        ),
        "potter": Topic(
            "Clay and Fire", "Bowls and jugs, thrown by hand.", ("Soup bowl", "Milk jug", "Tea cup"), "a potter"
        ),
    }
)

BACKGROUNDS: Mapping[str, str] = MappingProxyType(
    {"ivory": "#fffff0", "lavender": "#e6e6fa", "honeydew": "#f0fff0", "mistyrose": "#ffe4e1", "wheat": "#f5deb3"}
)
ACCENTS: Mapping[str, str] = MappingProxyType(
    {"navy": "#000080", "teal": "#008080", "maroon": "#800000", "indigo": "#4b0082", "darkgreen": "#006400"}
)

LAYOUTS = ("grid", "strip")
"""Cards in a contained grid, or in one strip that runs out of the window."""

INKS = ("clear", "faint")
"""Text that is easy to read, or hardly there."""

PASSIVE = ("hours", "prices", "team", "address", "quotes")
ACTIVE = ("newsletter", "faq", "booking", "search", "gallery")
"""Sections that have something to use; without ``live`` it does nothing."""

SECTIONS = (*PASSIVE, *ACTIVE)
ROOM = 3
"""How many sections a page has room for."""

BEGIN, LIVE, END = "build", "live", "end"
