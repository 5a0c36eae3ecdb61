"""Keys and values of every layer, a fixed stretch of rows for each slot.

Nothing is moved when a sequence ends or another begins: tokens are written by row number, and attention is told which
rows to read.
"""

from __future__ import annotations

from typing import Any

import torch


class SlotCache:
    """What transformers asks of a cache, and no more.

    Slot ``s`` has the rows ``s * context`` to ``(s + 1) * context - 1``; one row after the last slot takes what nobody
    reads. A layer's buffers are made when it first writes.
    """

    def __init__(self, slots: int, context: int) -> None:
        self.slots = slots
        self.context = context
        self.spare_row = slots * context
        self._rows: torch.Tensor | None = None
        self._layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def write_to(self, rows: torch.Tensor) -> None:
        """The rows, (tokens,), that the tokens of the next pass are written to."""
        self._rows = rows

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, layer_idx: int, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write keys and values, (1, heads, tokens, width), and return the whole buffers, (rows, heads, width)."""
        if layer_idx not in self._layers:
            self._layers[layer_idx] = self._buffer(key_states), self._buffer(value_states)
        keys, values = self._layers[layer_idx]
        keys.index_copy_(0, self._rows, key_states[0].transpose(0, 1))
        values.index_copy_(0, self._rows, value_states[0].transpose(0, 1))
        return keys, values

    def copy(self, source: int, target: int, begin: int, end: int) -> None:
        """Copy the positions from ``begin`` to before ``end`` from one slot to another."""
        there, here = target * self.context, source * self.context
        for keys, values in self._layers.values():
            keys[there + begin : there + end] = keys[here + begin : here + end]
            values[there + begin : there + end] = values[here + begin : here + end]

    def _buffer(self, like: torch.Tensor) -> torch.Tensor:
        # Zeros, since a row that is masked out is still multiplied with its weight of 0.
        return like.new_zeros(self.spare_row + 1, like.shape[1], like.shape[3])
