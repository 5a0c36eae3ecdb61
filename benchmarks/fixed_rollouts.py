"""Rollouts that were never sampled: tokens at random in turns of given lengths, to time updates with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webgen_gym.agents.generators import Tokens
from webgen_gym.trainers.units import Group, Rollout, Step


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in tokens. Each is drawn from a log-normal distribution with this median and ``spread`` for its σ.

    With a ``spread`` of 0.5 two thirds of the replies have 0.6 to 1.6 times the median; with 0 all have it.
    """

    prompt: int
    reply: int
    told: int
    turns: int
    spread: float

    def draw(self, rng: np.random.Generator, median: int) -> int:
        """One length, 1 at least."""
        return max(1, round(median * float(np.exp(self.spread * rng.standard_normal()))))


def groups_of(lengths: Lengths, *, tasks: int, rollouts: int, vocabulary: int, seed: int = 0) -> list[Group]:
    """Groups of rollouts with random rewards; those of one group begin with the same prompt."""
    rng = np.random.default_rng(seed)
    groups = []
    for task in range(tasks):
        opening = _tokens(rng, lengths.draw(rng, lengths.prompt), vocabulary)
        played = tuple(_rollout(rng, lengths, opening, vocabulary) for _ in range(rollouts))
        groups.append(Group(str(task), played))
    return groups


def _rollout(rng: np.random.Generator, lengths: Lengths, opening: Tokens, vocabulary: int) -> Rollout:
    held = opening
    steps = []
    for _ in range(lengths.turns):
        said = _tokens(rng, lengths.draw(rng, lengths.reply), vocabulary)
        steps.append(Step(held, said, np.full(len(said), -np.log(vocabulary), np.float32), float(rng.normal())))
        held = np.concatenate([held, said, _tokens(rng, lengths.draw(rng, lengths.told), vocabulary)])
    return Rollout(tuple(steps))


def _tokens(rng: np.random.Generator, count: int, vocabulary: int) -> Tokens:
    return rng.integers(0, vocabulary, count)
