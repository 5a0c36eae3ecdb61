"""Lines that things stand on: rows with even gaps, blocks on common edges."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from webgen_gym.judges.measured import geometry
from webgen_gym.judges.measured.finding import Finding, leveling, quoted, share_lost
from webgen_gym.judges.measured.page import Page

# Nearer is on the line, farther away is meant.
ON_LINE_PX, MEANT_PX = 1.5, 48.0
HALF_LOST_PX, MISALIGNED_POINTS = 3.0, 2.4
# Controls in a line of text, and texts in a line of text, stand where the line puts them.
SIDE_BY_SIDE_PX = 2.0


def uneven_rows(page: Page) -> Finding | None:
    """Boxes of a row with different gaps between them, or none."""
    rows = list(geometry.rows(page))
    uneven = [row for row in rows if geometry.is_uneven(page.boxes[row])]
    if not uneven:
        return None
    first = page.elements[int(uneven[0][0])]
    return Finding(
        share_lost(len(uneven) / len(rows), 0.0, 1.0, 0.8),
        f"{len(uneven)} of {len(rows)} rows have uneven or missing gaps between their boxes (<{first.tag}>)",
        "Use one gap for all boxes of a row (display: grid; gap: 16px).",
    )


def misaligned(page: Page) -> Finding | None:
    """Things below each other in one parent that miss the edge of the others by a little."""
    stacks = list(_stacks(page))
    missed = {index: by for group in stacks for index, by in _missed(page, group)}
    stacked = sum(map(len, stacks))
    if len(missed) < 2:
        return None
    worst = page.elements[max(missed, key=lambda index: missed[index])]
    return Finding(
        leveling(sum(missed.values()) / stacked, HALF_LOST_PX, MISALIGNED_POINTS),
        f"{len(missed)} of {stacked} things below each other miss the common edge, <{worst.tag}> "
        f"{quoted(worst.text or worst.label)} by {max(missed.values()):.0f} px",
        "Align what stands below each other on one left edge.",
    )


def _stacks(page: Page) -> Iterator[list[int]]:
    """What stands below each other in one parent, two or more, in document order."""
    children: dict[int, list[int]] = {}
    for index in np.flatnonzero(page.readable | page.interactive | page.blocks).tolist():
        children.setdefault(page.elements[index].parent, []).append(index)
    for group in children.values():
        below: list[int] = []
        bottom = -math.inf
        for index in group:
            rect = page.elements[index].rect
            if rect.y >= bottom - SIDE_BY_SIDE_PX:
                below.append(index)
                bottom = rect.y + rect.height
        if len(below) >= 2:
            yield below


def _missed(page: Page, group: list[int]) -> Iterator[tuple[int, float]]:
    """Which of a stack miss its edges, and by how much: on the left, in the middle and on the right alike."""
    rects = [page.elements[index].rect for index in group]
    left = [rect.x for rect in rects]
    if max(left) - min(left) <= ON_LINE_PX:
        return
    edges = ([rect.x + rect.width * share for rect in rects] for share in (0.0, 0.5, 1.0))
    for index, away in zip(group, map(min, *map(_to_nearest, edges)), strict=True):
        if ON_LINE_PX < away < MEANT_PX:
            yield index, away


def _to_nearest(values: list[float]) -> list[float]:
    """How far each of two or more values is from the nearest of the others."""
    order = sorted(range(len(values)), key=values.__getitem__)
    steps = [math.inf, *(values[after] - values[before] for before, after in pairwise(order)), math.inf]
    nearest = [0.0] * len(values)
    for place, at in enumerate(order):
        nearest[at] = min(steps[place], steps[place + 1])
    return nearest
