"""Rows side by side in packs of at most so many tokens, so that nothing is computed for padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch

from webgen_gym.errors import UsageError
from webgen_gym.trainers.units import Row


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Rows behind one another, T tokens in all, N of which are trained on.

    ``tokens`` and ``positions`` are (1, T); positions begin at 0 in each row. ``bounds`` (rows + 1,) int32 are the
    places where rows begin, and T; ``longest`` is the length of the longest. The trained tokens: ``places`` (N,) is
    where in the pack each is predicted, ``targets`` (N,) which token it is, ``logprobs`` and ``advantages`` (N,)
    float32 as in ``Row``, ``steps`` (N,) the numbers of their steps.
    """

    tokens: torch.Tensor
    positions: torch.Tensor
    bounds: torch.Tensor
    longest: int
    places: torch.Tensor
    targets: torch.Tensor
    logprobs: torch.Tensor
    advantages: torch.Tensor
    steps: torch.Tensor

    def to(self, device: torch.device | str) -> Pack:
        """The same pack on another device."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return Pack(**{name: _moved(value, device) for name, value in values.items()})


def pack(rows: Sequence[Row], token_budget: int) -> list[Pack]:
    """Put rows into as few packs of at most ``token_budget`` tokens as first-fit by falling length finds.

    Raises:
        UsageError: a row is longer than the budget.
    """
    bins: list[list[Row]] = []
    room: list[int] = []
    for row in sorted(rows, key=len, reverse=True):
        if len(row) > token_budget:
            raise UsageError(
                f"A row has {len(row)} tokens and a pack holds {token_budget} (update.token_budget). Raise the budget,"
                " or lower rollout.context."
            )
        fitting = next((at for at, left in enumerate(room) if left >= len(row)), None)
        if fitting is None:
            bins.append([])
            room.append(token_budget)
            fitting = len(bins) - 1
        bins[fitting].append(row)
        room[fitting] -= len(row)
    return [joined(some) for some in bins]


def joined(rows: Sequence[Row]) -> Pack:
    """One pack of these rows, in this order."""
    lengths = [len(row) for row in rows]
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    trained = np.concatenate([row.trained for row in rows])
    found = np.flatnonzero(trained)
    tokens = np.concatenate([row.tokens for row in rows])
    if np.isin(found, bounds).any():
        raise UsageError("The first token of a row cannot be trained on: nothing comes before it.")
    return Pack(
        tokens=torch.from_numpy(tokens)[None],
        positions=torch.from_numpy(np.concatenate([np.arange(length) for length in lengths]))[None],
        bounds=torch.from_numpy(bounds.astype(np.int32)),
        longest=max(lengths),
        places=torch.from_numpy(found - 1),
        targets=torch.from_numpy(tokens[found]),
        logprobs=torch.from_numpy(np.concatenate([row.logprobs for row in rows])[found]),
        advantages=torch.from_numpy(np.concatenate([row.advantages for row in rows])[found]),
        steps=torch.from_numpy(np.concatenate([row.steps for row in rows])[found]),
    )


def nothing() -> Pack:
    """A pack without a trained token: what a rank computes while another has one more pack than it."""
    nobody = np.zeros(2, dtype=np.float32)
    return joined([Row(np.zeros(2, np.int64), nobody > 0, nobody, nobody, np.full(2, -1, np.int64))])


def _moved(value: Any, device: torch.device | str) -> Any:
    return value.to(device) if isinstance(value, torch.Tensor) else value
