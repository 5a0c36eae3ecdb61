"""Attention to a slot cache by ``scaled_dot_product_attention``, on any device and in any precision."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import scaled_dot_product_attention

Ints = NDArray[np.int64]


class PaddedReads:
    """Sequences are padded to the longest, and a mask says what is there.

    Args:
        slots: (N,) the slot of each sequence, ascending.
        new: (N,) how many new tokens each has, 1 or more.
        used: (N,) how many tokens it has in its slot, the new ones included.
        context: rows of a slot.
        device: where the model is.
    """

    def __init__(self, slots: Ints, new: Ints, used: Ints, context: int, device: torch.device) -> None:
        self._context = context
        self._longest, self._most_new = int(used.max()), int(new.max())
        self._first, span = int(slots[0]), int(slots[-1] - slots[0]) + 1
        # A view of neighbouring slots costs nothing; where few of them are wanted, copying those is cheaper.
        self._slots = None if span <= 2 * len(slots) else torch.from_numpy(slots).to(device)
        rows = slots - self._first if self._slots is None else np.arange(len(slots))
        self._count = span if self._slots is None else len(slots)
        self._mask = self._mask_of(rows, new, used).to(device)
        self._spread, self._picked = self._layout(rows, new, device)

    def attend(self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float) -> torch.Tensor:
        """See Reads."""
        _, heads, width = query.shape
        shared = heads // keys.shape[1]
        padded = query if self._spread is None else query.index_select(0, self._spread)
        # The query heads that share a key head stand as tokens beside each other: no key is copied for them.
        folded = padded.view(self._count, self._most_new, -1, shared, width).permute(0, 2, 3, 1, 4)
        out = scaled_dot_product_attention(
            folded.reshape(self._count, -1, shared * self._most_new, width),
            self._rows(keys),
            self._rows(values),
            attn_mask=self._mask_for(shared, query.dtype),
            scale=scale,
        )
        out = out.view(self._count, -1, shared, self._most_new, width).permute(0, 3, 1, 2, 4)
        out = out.reshape(self._count * self._most_new, heads, width)
        return out if self._picked is None else out.index_select(0, self._picked)

    def _rows(self, buffer: torch.Tensor) -> torch.Tensor:
        """The wanted slots of a buffer as (N, heads, longest, width)."""
        whole = buffer[:-1].view(-1, self._context, *buffer.shape[1:])
        if self._slots is None:
            wanted = whole[self._first : self._first + self._count, : self._longest]
        else:
            wanted = whole[:, : self._longest].index_select(0, self._slots)
        return wanted.transpose(1, 2)

    def _mask_of(self, rows: Ints, new: Ints, used: Ints) -> torch.Tensor:
        """0 where a token is seen and minus infinity elsewhere, (N, 1, most new, longest); for one shared head."""
        # What is not asked for still sees one token: nothing at all would be not a number.
        seen = np.ones((self._count, self._most_new), dtype=np.int64)
        steps = np.arange(self._most_new)
        seen[rows] = np.maximum(used[:, None] - np.maximum(new[:, None] - 1 - steps, 0), 1)
        hidden = np.arange(self._longest) >= seen[:, None, :, None]
        return torch.from_numpy(np.where(hidden, np.float32(-np.inf), np.float32(0)))

    def _mask_for(self, shared: int, dtype: torch.dtype) -> torch.Tensor:
        if self._mask.dtype != dtype:
            self._mask = self._mask.to(dtype)
        if self._mask.shape[2] != shared * self._most_new and self._most_new > 1:
            self._mask = self._mask.repeat(1, 1, shared, 1)
        return self._mask

    def _layout(self, rows: Ints, new: Ints, device: torch.device) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        """Which token of the pass stands at each padded place, and at which place each token stands."""
        total = int(new.sum())
        if total == self._count * self._most_new:
            return None, None
        begins = np.cumsum(new) - new
        picked = np.arange(total) + np.repeat(rows * self._most_new - begins, new)
        spread = np.zeros(self._count * self._most_new, dtype=np.int64)
        spread[picked] = np.arange(total)
        return torch.from_numpy(spread).to(device), torch.from_numpy(picked).to(device)
