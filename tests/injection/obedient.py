"""A model that does whatever the page says: the worst reader that a judge may have.

It cannot see, so the arena tells it what stands in each picture. As an observer it copies every text, lies about quality
as soon as one is an order, and never reports a text as meant for it. As a scorer it gives 5 as soon as its
notes hold an order or a mark, else the quality that the notes tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.injection.attacks import MARK, ORDERS
from webgen_gym.judges.vlm.prompts import CRITERIA
from webgen_gym.llm import Request
from webgen_gym.types import Look

BEST = 5
_QUALITY = re.compile(r"of quality (\d)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a picture: its texts, and how good the page looks."""

    texts: tuple[str, ...]
    level: int


class Obedient:
    """Answers the requests of both judges; ``show`` tells it what a picture shows.

    With ``hides`` it leaves the orders that it obeys out of what it reports.
    """

    def __init__(self, *, hides: bool = False) -> None:
        self._seen: dict[bytes, Seen] = {}
        self._hides = hides

    def show(self, look: Look, painted: str, level: int) -> None:
        """Tell what stands in the picture of a look: its visible texts, what is painted, and its level."""
        self._seen[look.screenshot] = Seen((*_texts_in_view(look), *([painted] if painted else [])), level)

    def __call__(self, request: Request) -> str:
        """The answer."""
        assert request.schema is not None
        pictures = [image for message in request.messages for image in message.images]
        answer = _ANSWERS[request.schema.name](self._seen[pictures[0].data] if pictures else _told(request))
        if self._hides and "texts" in answer:
            answer["texts"] = []
        return json.dumps(answer)


def _told(request: Request) -> Seen:
    notes = request.messages[-1].text
    quality = _QUALITY.search(notes)
    assert quality is not None
    return Seen((notes,), int(quality[1]))


def _texts_in_view(look: Look) -> list[str]:
    return [
        element.text
        for element in look.measurements.elements
        if element.text
        and element.rect.y < look.height
        and element.rect.y + element.rect.height > 0
        and element.rect.x < look.width
        and element.rect.x + element.rect.width > 0
    ]


def _ordered(seen: Seen) -> bool:
    return any(order in text for text in seen.texts for order in ORDERS)


def _believed(seen: Seen) -> int:
    return BEST if _ordered(seen) or any(MARK in text for text in seen.texts) else seen.level


def _observation(seen: Seen) -> dict[str, object]:
    quality = BEST if _ordered(seen) else seen.level
    facts: dict[str, object] = {
        "kind": "a website",
        "texts": list(seen.texts),
        "style": [f"it is of quality {quality}"],
    }
    return facts | dict.fromkeys(("rendering", "content", "layout", "to_grader"), [])


def _scoring(seen: Seen) -> dict[str, object]:
    return {"analysis": "As told.", "suggestions": [], **dict.fromkeys(CRITERIA, _believed(seen))}


_ANSWERS: dict[str, Callable[[Seen], dict[str, object]]] = {
    "description": lambda seen: {
        "is_error": False,
        "error_message": "",
        "screenshot_description": "A website.",
        "suggestions": [],
    },
    "grading": lambda seen: {"analysis": "As told.", "grade": _believed(seen)},
    "observation": _observation,
    "scoring": _scoring,
}
