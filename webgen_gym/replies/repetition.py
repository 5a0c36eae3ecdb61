"""Has a model fallen into a loop? The rule of WebGen-Agent's training, in linear time.

Numbers, colours and white space are made alike; then every passage of 50 characters that occurs
at least three times counts, and text is repetitive when such passages start at 40 % of its places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PASSAGE = 50
_TIMES = 3
_SHARE = 0.40

_HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\b")
# The bound keeps many unclosed "rgb(" from each reading to the end of the text.
_RGB_COLOUR = re.compile(r"rgba?\([^)]{0,80}\)")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?")
_SPACE = re.compile(r"\s+")

_BASE = 0x9E3779B97F4A7C15  # odd, so that multiplying by it loses nothing modulo 2**64
_WORD = 1 << 64


def is_repetitive(text: str) -> bool:
    """True when the text goes round in circles; false for anything under 100 characters."""
    return repeated_share(text) >= _SHARE


def repeated_share(text: str) -> float:
    """The share of places in the text, 0–1, at which a passage starts that occurs three times or more."""
    canonical = _canonical(text)
    if len(canonical) < 2 * _PASSAGE:
        return 0.0
    prints = np.sort(_fingerprints(canonical))
    starts = np.flatnonzero(np.concatenate(([True], prints[1:] != prints[:-1])))
    counts = np.diff(np.append(starts, len(prints)))
    return float(counts[counts >= _TIMES].sum() / len(prints))


def _canonical(text: str) -> str:
    for pattern in (_HEX_COLOUR, _RGB_COLOUR, _NUMBER):
        text = pattern.sub("<VAR>", text)
    return _SPACE.sub(" ", text).strip().lower()


def _fingerprints(text: str) -> NDArray[np.uint64]:
    """One 64-bit hash for each passage, built by doubling: 1, 2, 4 … characters, then 32 + 16 + 2."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    total: NDArray[np.uint64] | None = None
    block, width, covered = codes, 1, 0
    while width <= _PASSAGE:
        if _PASSAGE & width:
            total = block if total is None else _joined(total, block, covered, width)
            covered += width
        block = _joined(block, block, width, width)
        width *= 2
    assert total is not None
    return total


def _joined(
    left: NDArray[np.uint64], right: NDArray[np.uint64], left_width: int, right_width: int
) -> NDArray[np.uint64]:
    """Hashes of ``left_width + right_width`` characters from those of the two parts."""
    count = len(left) - right_width
    factor = np.uint64(pow(_BASE, right_width, _WORD))
    joined: NDArray[np.uint64] = left[:count] * factor + right[left_width : left_width + count]
    return joined
