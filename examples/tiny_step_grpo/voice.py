"""What the model reads, in words of the compact language. All of it is in the observation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from examples.tiny_step_grpo.site import expand
from examples.tiny_step_grpo.tasks import ASKED, USE
from examples.tiny_step_grpo.vocabulary import ACCENTS, BACKGROUNDS, TOPICS
from webgen_gym.llm.base import Message
from webgen_gym.types import Observation

WANT, MALFORMED, LOOKS, WORKS, BROKEN = "want", "malformed", "looks", "works", "broken"
POINTS = tuple("012345")

_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "wide": "reaches too far",
        "pale": "has contrast",
        "ground": "Set the page's background to",
        "paint": "for buttons, header and navigation",
    }
)
"""Word → what the appearance judge says in its suggestions."""

FEEDBACK = (WANT, MALFORMED, LOOKS, WORKS, BROKEN, *POINTS, *_ADVICE)
_FAILED = re.compile(rf"^- {USE} (\w+)\.: ", re.MULTILINE)


class CompactVoice:
    """Tells the wish, then what the judges found; a reply is expanded to files."""

    def first(self, observation: Observation) -> list[Message]:
        """The wish: topic, colours, sections."""
        return [wanted(observation.instruction)]

    def next(self, observation: Observation) -> list[Message]:
        """The scores in whole points, what to mend in the looks, which sections do not do what they should."""
        return [Message.user(" ".join(_told(observation)))]

    def reply(self, text: str, observation: Observation) -> str:
        """The files that the words stand for; other text as it is."""
        return expand(text)


def wanted(instruction: str) -> Message:
    """What an instruction asks for."""
    return Message.user(" ".join((WANT, *_wanted(instruction))))


def _wanted(instruction: str) -> Iterator[str]:
    yield from (word for word, topic in TOPICS.items() if topic.asked in instruction)
    yield from (word for word in BACKGROUNDS if f"{word} for the background" in instruction)
    yield from (word for word in ACCENTS if f"{word} for components" in instruction)
    yield from (word for word, asked in ASKED.items() if asked in instruction)


def _told(observation: Observation) -> Iterator[str]:
    said = observation.feedback
    if said.startswith("Your reply could not be used"):
        yield MALFORMED
        return
    yield from (LOOKS, _points(observation.appearance), WORKS, _points(observation.functionality))
    yield from (word for word, advice in _ADVICE.items() if advice in said)
    broken = _FAILED.findall(said)
    if broken:
        yield from (BROKEN, *broken)


def _points(score: float) -> str:
    return POINTS[round(max(score, 0.0))]
