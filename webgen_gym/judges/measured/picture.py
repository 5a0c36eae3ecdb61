"""What the screenshot itself tells: which colours fill it, and where there is anything drawn."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from webgen_gym.judges.colour import Floats, distance

# A step of this many grey levels between two pixels is an edge that one sees.
EDGE_LEVELS = 10
# The picture's colours are counted on every second pixel of every second row: a quarter says the same.
STRIDE = 2
# So many bits of each channel tell colours apart: enough for white and ivory, few enough to count quickly.
BITS = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot, counted.

    ``colours`` are the mean colours of the bins that occur, ``shares`` their parts of the area; ``edges`` is the
    summed-area table of edge pixels, one row and column larger than the picture.
    """

    width: int
    height: int
    colours: Floats
    shares: Floats
    edges: NDArray[np.int32]

    @property
    def edge_pixels(self) -> int:
        """How many pixels lie on an edge; a blank page has none."""
        return int(self.edges[-1, -1])

    def share_near(self, colour: Floats, tolerance: float) -> float:
        """The part of the picture within a CIE76 distance of a colour."""
        return float(self.shares[distance(self.colours, colour) <= tolerance].sum())

    def edges_within(self, boxes: Floats) -> NDArray[np.int32]:
        """How many edge pixels lie in each box ``x, y, width, height``, as far as it is in the picture."""
        left = np.clip(np.floor(boxes[:, 0]), 0, self.width).astype(np.intp)
        top = np.clip(np.floor(boxes[:, 1]), 0, self.height).astype(np.intp)
        right = np.clip(np.ceil(boxes[:, 0] + boxes[:, 2]), 0, self.width).astype(np.intp)
        bottom = np.clip(np.ceil(boxes[:, 1] + boxes[:, 3]), 0, self.height).astype(np.intp)
        table = self.edges
        return table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left]


def read(png: bytes) -> Picture:
    """Decode and count a PNG."""
    image = Image.open(io.BytesIO(png))
    shown = image if image.mode == "RGB" else image.convert("RGB")
    pixels = np.asarray(shown)
    colours, shares = _colours(pixels[::STRIDE, ::STRIDE])
    return Picture(shown.width, shown.height, colours, shares, _edge_table(np.asarray(shown.convert("L"))))


def _colours(pixels: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    red, green, blue = (pixels[..., channel].ravel() for channel in range(3))
    drop = np.uint8(8 - BITS)
    codes = (red >> drop).astype(np.int32) << 2 * BITS | (green >> drop).astype(np.int32) << BITS | blue >> drop
    counts = np.bincount(codes, minlength=1 << 3 * BITS)
    used = np.flatnonzero(counts)
    # Few bins occur: summing over those alone is twice as fast as over all.
    place = np.zeros(len(counts), dtype=np.intp)
    place[used] = np.arange(len(used))
    occupied = place[codes]
    sums = [np.bincount(occupied, weights=channel) for channel in (red, green, blue)]
    return np.stack(sums, axis=1) / counts[used, None], counts[used] / len(codes)


def _edge_table(grey: NDArray[np.uint8]) -> NDArray[np.int32]:
    edge = np.zeros(grey.shape, dtype=bool)
    edge[:, 1:] |= _steps(grey[:, 1:], grey[:, :-1])
    edge[1:, :] |= _steps(grey[1:, :], grey[:-1, :])
    table = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1), dtype=np.int32)
    np.cumsum(edge, axis=1, dtype=np.int32, out=table[1:, 1:])
    # Row by row: summing down the columns in one call takes five times as long.
    for row in range(1, len(table)):
        table[row] += table[row - 1]
    return table


def _steps(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where two pictures differ by an edge; without signed numbers, which would take four times the room."""
    steps: NDArray[np.bool_] = np.maximum(first, second) - np.minimum(first, second) >= EDGE_LEVELS
    return steps
