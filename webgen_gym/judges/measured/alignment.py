"""Lines that things stand on: rows with even gaps, blocks on common edges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from webgen_gym.judges.colour import Floats
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
    missed = {index: by for group in _stacks(page) for index, by in _missed(page.boxes[group], group)}
    stacked = sum(len(group) for group in _stacks(page))
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
    for index in np.flatnonzero(page.readable | page.interactive | geometry.blocks_of(page)):
        children.setdefault(int(page.parents[index]), []).append(int(index))
    for group in children.values():
        below: list[int] = []
        for index in group:
            if not below or page.boxes[index, 1] >= page.boxes[below[-1]][[1, 3]].sum() - SIDE_BY_SIDE_PX:
                below.append(index)
        if len(below) >= 2:
            yield below


def _missed(boxes: Floats, group: list[int]) -> Iterator[tuple[int, float]]:
    """Which of a stack miss its edges, and by how much: on the left, in the middle and on the right alike."""
    left, width = boxes[:, 0], boxes[:, 2]
    edges = np.stack([left, left + width / 2, left + width])
    away = np.abs(edges[:, :, None] - edges[:, None, :])
    others = ~np.eye(len(group), dtype=bool)
    for at, index in enumerate(group):
        nearest = float(away[:, at, others[at]].min())
        if ON_LINE_PX < nearest < MEANT_PX:
            yield index, nearest
