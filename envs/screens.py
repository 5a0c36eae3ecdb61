"""The screenshots of all slots in one array."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from webgen_gym.envs.translate import Pixels, decode

# Each thread keeps the memory that decoding took.
_DECODERS = 2


class Screens:
    """Decodes the pictures of all slots into one array, (N, H, W, 3).

    A fresh array each time, which nobody else holds; with ``copy`` False always the same one, in which only the
    pictures that have changed are decoded.
    """

    def __init__(self, slots: int, viewport: tuple[int, int], *, copy: bool) -> None:
        width, height = viewport
        self._shape = (slots, height, width, 3)
        self._copy = copy
        self._array: Pixels | None = None
        self._shown: Sequence[bytes | None] = [None] * slots
        self._decoders: ThreadPoolExecutor | None = None

    def show(self, pictures: Sequence[bytes]) -> Pixels:
        """The array with these pictures."""
        if self._decoders is None:
            self._decoders = ThreadPoolExecutor(_DECODERS, thread_name_prefix="webgen-decode")
        array = self._array
        if array is None:
            array = np.empty(self._shape, dtype=np.uint8)
        changed = [slot for slot, picture in enumerate(pictures) if self._copy or picture != self._shown[slot]]
        list(self._decoders.map(lambda slot: decode(pictures[slot], array[slot]), changed))
        if not self._copy:
            self._array, self._shown = array, list(pictures)
        return array

    def close(self) -> None:
        """End the decoding threads."""
        if self._decoders is not None:
            self._decoders.shutdown()
