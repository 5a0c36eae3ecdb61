"""Which tokens lie in which slot of the cache, so that a prompt is read only from where it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webgen_gym.agents.generators.base import Tokens

_NOTHING = -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a prompt goes: the number of the prompt, its slot, and how many of its tokens lie there already."""

    prompt: int
    slot: int
    known: int


class SlotBook:
    """What each slot holds, and whether it is taken.

    Of the tokens of a finished answer those count whose keys and values are surely in the cache.
    """

    def __init__(self, slots: int, context: int) -> None:
        self._held = np.full((slots, context), _NOTHING, dtype=np.int64)
        self._lengths = np.zeros(slots, dtype=np.int64)
        self._taken = np.zeros(slots, dtype=np.bool_)

    @property
    def slots(self) -> int:
        """How many there are."""
        return len(self._taken)

    @property
    def free(self) -> int:
        """How many slots are not taken."""
        return int((~self._taken).sum())

    def take(self, prompts: Sequence[Tokens]) -> list[Place]:
        """A free slot for each prompt, the one that holds most of its beginning; there must be enough of them.

        The last token of a prompt is never known: reading it tells what comes next.
        """
        slots = np.flatnonzero(~self._taken)
        known = np.stack([self._known(prompt, slots) for prompt in prompts])
        chosen = _best_pairs(known)
        self._taken[slots[[at for _, at in chosen]]] = True
        return [Place(prompt, int(slots[at]), int(known[prompt, at])) for prompt, at in chosen]

    def give_back(self, slot: int, tokens: Tokens) -> None:
        """The slot is free and holds these tokens."""
        self._taken[slot] = False
        self._lengths[slot] = len(tokens)
        self._held[slot, : len(tokens)] = tokens

    def forget(self) -> None:
        """All slots are free and hold nothing."""
        self._taken[:] = False
        self._lengths[:] = 0

    def _known(self, prompt: Tokens, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many tokens of the prompt lie in each of the slots."""
        most = min(len(prompt) - 1, int(self._lengths[slots].max(initial=0)))
        if most <= 0:
            return np.zeros(len(slots), dtype=np.int64)
        differs = self._held[slots, :most] != prompt[:most]
        same = np.where(differs.any(axis=1), differs.argmax(axis=1), most)
        return np.minimum(same, self._lengths[slots])


def _best_pairs(known: NDArray[np.int64]) -> list[tuple[int, int]]:
    """For each row a column of its own, the largest numbers first; of equal ones the lower row and column."""
    rows, columns = known.shape
    row_left, column_left = [True] * rows, [True] * columns
    pairs: list[tuple[int, int]] = []
    for pair in np.argsort(-known, axis=None, kind="stable").tolist():
        row, column = divmod(pair, columns)
        if row_left[row] and column_left[column]:
            row_left[row] = column_left[column] = False
            pairs.append((row, column))
            if len(pairs) == rows:
                break
    return sorted(pairs)
