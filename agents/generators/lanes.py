"""The answers under way: what each has drawn so far, where it stands in its slot, and when it is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webgen_gym.agents.generators.base import Floats, Sampled, Tokens

Ints = NDArray[np.int64]
_PROMPT, _SLOT, _LENGTH, _COUNT, _MOST = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """An answer that is over: to which prompt, in which slot, and what it says."""

    prompt: int
    slot: int
    sampled: Sampled


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """What the next steps begin with. For each lane (N,): its slot, the token that is read next, and its position.

    ``chances`` (steps, N) are the numbers that the coming tokens are drawn by.
    """

    slots: Ints
    tokens: Tokens
    positions: Ints
    chances: NDArray[np.float64]


class Lanes:
    """Arrays over the answers under way, ordered by slot: nothing is done answer by answer for each token.

    Args:
        slots: how many there may be.
        most: the longest answer in tokens.
        stride: the most steps that are recorded together. They may run past the end of an answer; what was drawn
            there is dropped.
        eos: the tokens that end an answer.
    """

    def __init__(self, slots: int, most: int, stride: int, eos: Collection[int]) -> None:
        self._eos = np.array(sorted(eos), dtype=np.int64)
        self._chances = np.zeros((slots, most + stride))
        self._tokens = np.zeros((slots, most + stride), dtype=np.int64)
        self._logprobs = np.zeros((slots, most + stride), dtype=np.float32)
        self._lanes = np.zeros((5, 0), dtype=np.int64)

    def __len__(self) -> int:
        return self._lanes.shape[1]

    @property
    def remaining(self) -> int:
        """How many tokens the longest of them may still get."""
        return int((self._lanes[_MOST] - self._lanes[_COUNT]).max(initial=0))

    def open(self, prompt: int, slot: int, length: int, chances: NDArray[np.float64]) -> None:
        """An answer without a token yet, to a prompt of so many tokens; it gets as many tokens as there are chances."""
        self._chances[slot, : len(chances)] = chances
        lane = np.array([[prompt], [slot], [length], [0], [len(chances)]])
        at = np.searchsorted(self._lanes[_SLOT], slot)
        self._lanes = np.concatenate([self._lanes[:, :at], lane, self._lanes[:, at:]], axis=1)

    def first_chances(self) -> NDArray[np.float64]:
        """The numbers that the first tokens of new answers are drawn by, in the order of their slots."""
        chances: NDArray[np.float64] = self._chances[self._lanes[_SLOT, self._fresh], 0]
        return chances

    def due(self, steps: int) -> Due:
        """Where the answers stand, for so many steps."""
        slots, counts = self._lanes[_SLOT], self._lanes[_COUNT]
        chances = self._chances[slots, counts + np.arange(steps)[:, None]]
        return Due(slots, self._tokens[slots, counts - 1], self._lanes[_LENGTH] + counts - 1, chances)

    def record_first(self, tokens: Tokens, logprobs: Floats) -> list[Ended]:
        """The first tokens of new answers, (1, N); returns those that are over already."""
        return self._record(self._fresh, tokens, logprobs)

    def record(self, tokens: Tokens, logprobs: Floats) -> list[Ended]:
        """What was drawn in some steps, (steps, N); returns the answers that are over and forgets them."""
        return self._record(np.ones(len(self), dtype=np.bool_), tokens, logprobs)

    @property
    def _fresh(self) -> NDArray[np.bool_]:
        fresh: NDArray[np.bool_] = self._lanes[_COUNT] == 0
        return fresh

    def _record(self, which: NDArray[np.bool_], tokens: Tokens, logprobs: Floats) -> list[Ended]:
        _, slots, _, counts, most = self._lanes[:, which]
        at = counts + np.arange(len(tokens))[:, None]
        self._tokens[slots, at], self._logprobs[slots, at] = tokens, logprobs
        ends = (tokens[:, :, None] == self._eos).any(axis=2)
        until_end = np.where(ends.any(axis=0), ends.argmax(axis=0) + 1, len(tokens) + 1)
        left = most - counts
        ended = until_end <= left
        self._lanes[_COUNT, which] = counts + np.minimum(np.minimum(until_end, left), len(tokens))
        over = np.zeros(len(self), dtype=np.bool_)
        over[which] = np.minimum(until_end, left) <= len(tokens)
        if not over.any():
            return []
        done = [
            self._ended(lane, bool(end)) for lane, end in zip(self._lanes[:, over].T, ended[over[which]], strict=True)
        ]
        self._lanes = self._lanes[:, ~over]
        return done

    def _ended(self, lane: Ints, ended: bool) -> Ended:
        prompt, slot, _, count, _ = lane.tolist()
        sampled = Sampled(self._tokens[slot, :count].copy(), self._logprobs[slot, :count].copy(), ended)
        return Ended(prompt, slot, sampled)
