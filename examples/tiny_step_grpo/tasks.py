"""What is asked for: a topic, two colours, one section to read and two to use.

The two have a UI test each. Whether the other is there is for the judge of appearance to see: what a test costs is the
opening of a page, and all the time of the demonstration goes into that.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from examples.tiny_step_grpo.vocabulary import ACCENTS, ACTIVE, BACKGROUNDS, PASSIVE, ROOM, SECTIONS, TOPICS
from webgen_gym.types import Palette, Step, Task, UITest

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "hours": "its opening hours",
        "prices": "its prices",
        "team": "its team",
        "address": "its address",
        "quotes": "quotes of guests",
        "newsletter": "a newsletter that visitors can subscribe to",
        "faq": "questions with answers that unfold",
        "booking": "a booking button that confirms",
        "search": "a search through its offers",
        "gallery": "a gallery to leaf through",
    }
)

_USED: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "newsletter": (
            Step("type", "email", value="quillory@example.org"),
            Step("submit", "subscribe|sign up"),
            Step("see", value="thank you|thanks|subscribed"),
        ),
        "faq": (Step("press", "dog|dogs", role="button"), Step("see", value="lead|leash|welcome")),
        "booking": (Step("press", "book|book now|reserve", role="button"), Step("see", value="confirmed|booked")),
        "search": (
            Step("type", "search", value="zebra"),
            Step("submit", "search|find"),
            Step("changed", value="text"),
        ),
        "gallery": (Step("press", "next|next picture", role="button"), Step("changed", value="text")),
    }
)
USE = "Use the section"
HELD_OUT_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Wish:
    """What a task asks for, in the words of the language."""

    topic: str
    background: str
    accent: str
    sections: tuple[str, ...]

    @property
    def id(self) -> str:
        """The words, joined."""
        return "-".join((self.topic, self.background, self.accent, *self.sections))

    @property
    def held_out(self) -> bool:
        """Whether this combination is for evaluation alone."""
        return hashlib.sha256(self.id.encode()).digest()[0] < 256 * HELD_OUT_SHARE

    def task(self) -> Task:
        """The task in plain words."""
        listed = [ASKED[name] for name in self.sections]
        shows = f"{', '.join(listed[:-1])} and {listed[-1]}"
        return Task(
            id=self.id,
            instruction=(
                f"Please build a website for {TOPICS[self.topic].asked}. It shows {shows}. "
                f"Use {self.background} for the background and {self.accent} for components."
            ),
            ui_tests=self._tests(),
            palette=Palette(BACKGROUNDS[self.background], ACCENTS[self.accent], self.background, self.accent),
        )

    def _tests(self) -> tuple[UITest, ...]:
        return tuple(
            UITest(task=f"{USE} {name}.", expected=ASKED[name], steps=_USED[name], name=name)
            for name in self.sections
            if name in ACTIVE
        )


def wishes(seed: int, *, held_out: bool) -> Iterator[Wish]:
    """Wishes without end, those for training or those for evaluation; the same for the same seed."""
    draw = random.Random(f"{seed} {held_out}")
    while True:
        names = {draw.choice(PASSIVE), *draw.sample(ACTIVE, ROOM - 1)}
        wish = Wish(
            draw.choice(tuple(TOPICS)),
            draw.choice(tuple(BACKGROUNDS)),
            draw.choice(tuple(ACCENTS)),
            tuple(name for name in SECTIONS if name in names),
        )
        if wish.held_out == held_out:
            yield wish
