"""What the model begins with: replies of a builder that knows the language and is careless."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from examples.tiny_step_grpo.grammar import Design, Section, written
from examples.tiny_step_grpo.tasks import Wish
from examples.tiny_step_grpo.vocabulary import ACTIVE, INKS, LAYOUTS
from examples.tiny_step_grpo.voice import CompactVoice, wanted
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.llm.base import Message
from webgen_gym.trainers.demonstrations import Demonstration


@dataclass(frozen=True, slots=True)
class Care:
    """How often each part is right, and how often the reply is malformed."""

    topic: float = 0.95
    theme: float = 0.67
    layout: float = 0.3
    ink: float = 0.35
    section: float = 0.75
    live: float = 0.25
    mended: float = 0.15
    malformed: float = 0.08


EXPERT = Care(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
# What a template has when nobody changes it.
_TOPIC, _BACKGROUND, _ACCENT = "museum", "wheat", "teal"


class Builder:
    """Writes replies for one wish; ``draw`` decides where it is careless."""

    def __init__(self, wish: Wish, care: Care, draw: random.Random) -> None:
        self._wish = wish
        self._care = care
        self._draw = draw
        self._design: Design | None = None

    def reply(self) -> str:
        """The first draft; from then on the last one with some of its mistakes mended."""
        self._design = self._drafted() if self._design is None else self._mended(self._design)
        text = written(self._design)
        return self._spoiled(text) if self._chance(self._care.malformed) else text

    def _drafted(self) -> Design:
        wish, care = self._wish, self._care
        names = [name for name in wish.sections if self._chance(care.section)] or wish.sections[:1]
        themed, live = self._chance(care.theme), self._chance(care.live)
        return Design(
            wish.topic if self._chance(care.topic) else _TOPIC,
            wish.background if themed else _BACKGROUND,
            wish.accent if themed else _ACCENT,
            LAYOUTS[not self._chance(care.layout)],
            INKS[not self._chance(care.ink)],
            tuple(Section(name, live and name in ACTIVE) for name in names),
        )

    def _mended(self, design: Design) -> Design:
        """Each part is set right with the same chance, and never spoiled."""
        best = ideal(self._wish)
        parts = ("topic", "background", "accent", "layout", "ink")
        held = {section.name: section for section in design.sections}
        found = [best_one if self._chance(self._care.mended) else held.get(best_one.name) for best_one in best.sections]
        sections = tuple(section for section in found if section) or best.sections[:1]
        right = {part: getattr(best, part) for part in parts if self._chance(self._care.mended)}
        return replace(design, sections=sections, **right)

    def _spoiled(self, text: str) -> str:
        words = text.split()
        del words[self._draw.choice((0, 4, 5, len(words) - 1))]
        return " ".join(words)

    def _chance(self, share: float) -> bool:
        return self._draw.random() < share


def ideal(wish: Wish) -> Design:
    """The best that the language can say for a wish."""
    sections = tuple(Section(name, name in ACTIVE) for name in wish.sections)
    return Design(wish.topic, wish.background, wish.accent, LAYOUTS[0], INKS[0], sections)


def drafts(asked: Iterable[Wish], draw: random.Random) -> list[Demonstration]:
    """First replies alone; no environment is needed for them."""
    return [
        Demonstration(
            (wanted(wish.task().instruction), Message.assistant(Builder(wish, Care(), draw).reply())), wish.id
        )
        for wish in asked
    ]


def conversations(env: WebGenVectorEnv, asked: Sequence[Wish], each: int, draw: random.Random) -> list[Demonstration]:
    """``each`` whole conversations about every wish, as they were played in the environment."""
    told: list[Demonstration] = []
    wanted_each = [wish for wish in asked for _ in range(each)]
    for at in range(0, len(wanted_each), env.num_envs):
        told += _played(env, wanted_each[at : at + env.num_envs], draw)
    return told


def _played(env: WebGenVectorEnv, asked: Sequence[Wish], draw: random.Random) -> list[Demonstration]:
    voice = CompactVoice()
    builders = [Builder(wish, Care(), draw) for wish in asked]
    seen = env.begin_slots({slot: {"task": wish.task()} for slot, wish in enumerate(asked)})
    said: list[list[Message]] = [[] for _ in asked]
    while seen:
        replies = {}
        for slot, turn in seen.items():
            said[slot] += voice.next(turn.observation) if said[slot] else voice.first(turn.observation)
            replies[slot] = builders[slot].reply()
            said[slot].append(Message.assistant(replies[slot]))
        played = env.play_slots({slot: voice.reply(text, seen[slot].observation) for slot, text in replies.items()})
        seen = {slot: turn for slot, turn in played.items() if not turn.truncated}
    return [Demonstration(tuple(messages), wish.id) for messages, wish in zip(said, asked, strict=True)]
