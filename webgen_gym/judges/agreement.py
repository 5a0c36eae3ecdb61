"""How far two judges agree on the same sites.

Spearman's rho is Pearson's correlation of the ranks, equal values sharing their mean rank; Kendall's tau-b counts
pairs that both rank alike against pairs that they rank the other way round, and allows for ties (M. G. Kendall, "The
treatment of ties in ranking problems", Biometrika 33, 1945).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two columns of scores from 0 to 5, compared. The correlations are None where a column is constant or too short.

    ``close`` is the share of pairs that differ by at most half a point; ``shift`` is the mean of second minus first.
    """

    pairs: int
    shift: float
    distance: float
    close: float
    pearson: float | None
    spearman: float | None
    kendall: float | None


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement:
    """Compare two scores of each of n sites. Raises ValueError where the lengths differ."""
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != two.shape:
        raise ValueError(f"{len(one)} scores cannot be compared with {len(two)}.")
    if not len(one):
        return Agreement(0, 0.0, 0.0, 0.0, None, None, None)
    gap = two - one
    return Agreement(
        pairs=len(one),
        shift=float(gap.mean()),
        distance=float(np.abs(gap).mean()),
        close=float((np.abs(gap) <= CLOSE).mean()),
        pearson=_pearson(one, two),
        spearman=_pearson(_ranks(one), _ranks(two)),
        kendall=_kendall(one, two),
    )


def _pearson(one: NDArray[np.float64], two: NDArray[np.float64]) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    return float(np.corrcoef(one, two)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: NDArray[np.float64] = (last - counts + 1 + last) / 2
    return mean[places]


def _kendall(one: NDArray[np.float64], two: NDArray[np.float64]) -> float | None:
    above = np.triu_indices(len(one), k=1)
    first = np.sign(one[:, None] - one[None, :])[above]
    second = np.sign(two[:, None] - two[None, :])[above]
    ordered = np.count_nonzero(first) * np.count_nonzero(second)
    return float((first * second).sum() / np.sqrt(ordered)) if ordered else None
