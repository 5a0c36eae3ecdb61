"""Boxes in the plane: which overlap, which stand in rows and columns, how much of the window they take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from webgen_gym.judges.colour import Floats
from webgen_gym.judges.measured.page import Mask, Page

OVERLAP_SHARE = 0.3
NEIGHBOURS = 60
PAIRS_LOOKED_AT = 400
CELL_PX = 16
CARD_SHARE = 0.15


def overlapping(page: Page) -> list[tuple[int, int]]:
    """Pairs of legible texts that are drawn over each other, by index; a filled button lies over with its whole box.

    Text behind an opaque panel (a dialog, a drawer) is covered, not overlapped, and does not count.
    """
    leaves = np.flatnonzero(page.legible & ~_holds_blocks(page))
    filled = page.interactive & (page.fills[:, 3] > 0.9)
    boxes = np.where(filled[:, None], page.boxes, page.text_boxes)[leaves]
    order = np.argsort(boxes[:, 1], kind="stable")
    leaves, boxes = leaves[order], boxes[order]
    centred = np.where(page.in_view[leaves, None], boxes, _centred(page.boxes[leaves], boxes))
    candidates: list[tuple[int, int]] = []
    for step in range(1, min(NEIGHBOURS, len(leaves))):
        share = np.minimum(_shared(boxes[:-step], boxes[step:]), _shared(centred[:-step], centred[step:]))
        hits = np.flatnonzero(share >= OVERLAP_SHARE)
        candidates += [(int(leaves[hit]), int(leaves[hit + step])) for hit in hits]
    return [pair for pair in candidates[:PAIRS_LOOKED_AT] if _is_garbled(page, *sorted(pair))]


def coverage(page: Page) -> float:
    """The part of the first screen that texts, controls, pictures and boxes of another colour take."""
    rows, columns = page.look.height // CELL_PX, page.look.width // CELL_PX
    cells = np.zeros((rows, columns), dtype=bool)
    small = page.boxes[:, 2] * page.boxes[:, 3] < CARD_SHARE * page.look.width * page.look.height
    cards = page.blocks & (page.fills[:, 3] > 0) & small
    content = page.in_view & (page.readable | page.interactive | page.pictures | cards)
    boxes = np.where((page.readable & ~page.interactive & ~cards)[:, None], page.text_boxes, page.boxes)[content]
    for x, y, width, height in np.round(boxes / CELL_PX).astype(int):
        cells[max(y, 0) : max(y + max(height, 1), 0), max(x, 0) : max(x + max(width, 1), 0)] = True
    return float(cells.mean())


def _centred(outer: Floats, inner: Floats) -> Floats:
    """Where texts would stand that are centred: out of the picture nobody knows, and doubt is for the page."""
    moved = inner.copy()
    moved[:, 0] = outer[:, 0] + (outer[:, 2] - inner[:, 2]) / 2
    return moved


def _shared(first: Floats, second: Floats) -> Floats:
    """How much of the smaller of two boxes lies in the other."""
    across = np.minimum(first[:, 0] + first[:, 2], second[:, 0] + second[:, 2]) - np.maximum(first[:, 0], second[:, 0])
    down = np.minimum(first[:, 1] + first[:, 3], second[:, 1] + second[:, 3]) - np.maximum(first[:, 1], second[:, 1])
    smaller = np.minimum(first[:, 2] * first[:, 3], second[:, 2] * second[:, 3])
    share: Floats = np.maximum(across, 0) * np.maximum(down, 0) / np.maximum(smaller, 1)
    return share


def _holds_blocks(page: Page) -> Mask:
    """Texts that share their box with children, so that one cannot tell where the text lies."""
    inner = np.zeros(len(page.elements))
    has_parent = page.parents >= 0
    areas = page.boxes[:, 2] * page.boxes[:, 3]
    np.add.at(inner, page.parents[has_parent], areas[has_parent])
    return inner >= 0.25 * np.maximum(areas, 1)


def _is_garbled(page: Page, under: int, over: int) -> bool:
    """Whether the later text spoils the other one, rather than lying on a panel that was laid over the page."""
    above, below = [over, *page.ancestors(over)], {under, *page.ancestors(under)}
    if over in below or under in above:
        return False
    grounds = [index for index in above if index not in below and not page.interactive[index]]
    return not any(page.fills[index, 3] > 0.9 or page.elements[index].background_image for index in grounds)


def siblings(page: Page) -> Iterator[NDArray[np.intp]]:
    """Blocks of the same tag under the same parent, three or more, in document order."""
    groups: dict[tuple[int, str], list[int]] = {}
    for index in np.flatnonzero(page.blocks):
        groups.setdefault((int(page.parents[index]), page.elements[index].tag), []).append(int(index))
    return (np.array(group) for group in groups.values() if len(group) >= 3)


def rows(page: Page) -> Iterator[NDArray[np.intp]]:
    """Siblings that stand side by side."""
    for group in siblings(page):
        tops = page.boxes[group, 1]
        for top in np.unique(tops):
            row = group[np.abs(tops - top) < 2]
            if len(row) >= 3 and page.elements[int(row[0])].tag not in {"td", "th"}:
                yield row


def is_uneven(boxes: Floats) -> bool:
    """Whether the gaps between the boxes of a row differ, or the boxes overlap."""
    ordered = boxes[np.argsort(boxes[:, 0], kind="stable")]
    gaps = ordered[1:, 0] - ordered[:-1, 0] - ordered[:-1, 2]
    return bool(gaps.min() < -1 or gaps.max() - gaps.min() > 8)


def has_columns(page: Page, blocks: Mask) -> bool:
    """Whether two blocks stand side by side anywhere."""
    indices = np.flatnonzero(blocks)[:200]
    x, y, width, height = page.boxes[indices].T
    right, bottom = x + width, y + height
    beside = right[:, None] <= x[None, :] + 1
    level = (y[:, None] < bottom[None, :] - 20) & (y[None, :] < bottom[:, None] - 20)
    return bool((beside & level).any())


def is_contained(page: Page) -> bool:
    """Whether the running content keeps a distance to both sides."""
    content = page.readable & page.in_view
    if not content.any():
        return False
    left = page.boxes[content, 0]
    right = left + page.boxes[content, 2]
    return bool(np.median(left) >= 0.04 * page.look.width and np.median(right) <= 0.96 * page.look.width)
