"""The space around things: air inside boxes, gaps in the page, and a first screen that is used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webgen_gym.judges.colour import Floats
from webgen_gym.judges.measured import geometry
from webgen_gym.judges.measured.finding import Finding, percent, quoted, share_lost
from webgen_gym.judges.measured.page import Mask, Page

Indices = NDArray[np.intp]

EDGE_PX = 12.0
# What a text should keep from the edges of the box that it stands in, in its own font sizes.
AIR_DOWN_EM, AIR_ACROSS_EM = 0.4, 0.6
CRAMPED_FREE, CRAMPED_MOST, CRAMPED_POINTS = 0.05, 0.85, 2.2
GAP_FREE, GAP_MOST, GAP_POINTS = 0.15, 0.8, 2.2
# The line height that browsers use for most fonts, in font sizes.
LINE_EM = 1.2
CELL_TAGS = frozenset({"td", "th", "li", "option", "span", "b", "strong", "em", "small", "code", "mark"})


def glued(page: Page) -> Finding | None:
    """Texts at the edge of the window."""
    content = page.readable & page.in_view
    if not content.any():
        return None
    x, _, width, _ = page.text_boxes.T
    touching = content & ((x < EDGE_PX) | (x + width > page.look.width - 2))
    share = float(np.count_nonzero(touching) / np.count_nonzero(content))
    lost = share_lost(share, 0.15, 0.6, 1.0)
    if lost == 0:
        return None
    return Finding(
        lost,
        f"{percent(share)} of the texts touch the edge of the window (less than {EDGE_PX:.0f} px away)",
        "Put the content into a container with padding of at least 24 px.",
    )


def cramped(page: Page) -> Finding | None:
    """Texts that stick to the edges of their buttons and cards."""
    texts, boxes = _boxed_texts(page)
    if not len(texts):
        return None
    missing = _missing_air(page, texts, boxes)
    lost = share_lost(float(missing.mean()), CRAMPED_FREE, CRAMPED_MOST, CRAMPED_POINTS)
    if lost == 0:
        return None
    worst = page.elements[int(texts[missing.argmax()])]
    return Finding(
        lost,
        f"texts have {percent(float(missing.mean()))} too little room in their boxes, such as {quoted(worst.text)}",
        "Give buttons, cards and bars padding: about half the font size above and below, more at the sides.",
    )


def _boxed_texts(page: Page) -> tuple[Indices, Indices]:
    """Indices of readable texts that stand in a box with a ground of its own, and the indices of these boxes."""
    grounds = page.grounds | (page.boxed_controls & (page.fills[:, 3] > 0))
    grounds &= page.boxes[:, 2] < 0.98 * page.look.width
    nearest = np.full(len(page.elements), -1, dtype=np.intp)
    for index, parent in enumerate(page.parents):
        nearest[index] = index if grounds[index] else (nearest[parent] if parent >= 0 else -1)
    # Pieces of a line stand where it puts them, and what the browser itself draws is a matter of design.
    left_out = np.array([element.tag in CELL_TAGS or not element.styled for element in page.elements], dtype=bool)
    texts = np.flatnonzero(page.readable & (nearest >= 0) & ~left_out)
    return texts, nearest[texts]


def _missing_air(page: Page, texts: Indices, boxes: Indices) -> Floats:
    """0 where a text has the air that it should have to the left and above, 1 where it has none."""
    font = page.font_px[texts]
    inner, outer = page.text_boxes[texts], page.boxes[boxes]
    own = texts == boxes
    line = LINE_EM * font * np.maximum(1, np.round(inner[:, 3] / (1.25 * font)))
    top = np.where(own, page.boxes[texts, 1] + (page.boxes[texts, 3] - line) / 2, page.boxes[texts, 1])
    left = np.where(own, inner[:, 0], np.minimum(inner[:, 0], np.maximum(page.boxes[texts, 0], outer[:, 0])))
    down = (top - outer[:, 1]) / (AIR_DOWN_EM * font)
    across = (left - outer[:, 0]) / (AIR_ACROSS_EM * font)
    missing: Floats = 1 - np.clip(np.minimum(down, across), 0, 1)
    return missing


def unused(page: Page) -> Finding | None:
    """A first screen that is empty below, or hardly covered."""
    covered = geometry.coverage(page)
    used = _bottom(page) - _gap(page)
    thin, short = share_lost(0.2 - covered, 0.0, 0.17, 1.2), share_lost(0.85 - used, 0.0, 0.5, 1.4)
    if max(thin, short) == 0:
        return None
    what = (
        f"{percent(1 - used)} of the first screen is empty"
        if short > thin
        else f"content covers only {percent(covered)} of the first screen"
    )
    return Finding(max(thin, short), what, "Use the first screen: bring more of the main content into it.")


def gap(page: Page) -> Finding | None:
    """A wide empty band above content."""
    height = _gap(page)
    lost = share_lost(height, GAP_FREE, GAP_MOST, GAP_POINTS)
    if lost == 0:
        return None
    return Finding(
        lost,
        f"an empty band takes {percent(height)} of the first screen, with content below it",
        "Close the gap: let the content begin right below the header.",
    )


def _content(page: Page) -> Mask:
    return page.readable | page.interactive | page.pictures


def _bottom(page: Page) -> float:
    """How far down the first screen content reaches, as a share of its height."""
    boxes = page.boxes[_content(page) & page.in_view]
    return float(min((boxes[:, 1] + boxes[:, 3]).max(initial=0.0) / page.look.height, 1.0))


def _gap(page: Page) -> float:
    """The height of the widest empty band of the first screen that has content below it, as a share."""
    boxes = page.boxes[_content(page)]
    boxes = boxes[(boxes[:, 1] + boxes[:, 3] > 0) & (boxes[:, 2] > 0)]
    order = np.argsort(boxes[:, 1], kind="stable")
    tops = boxes[order, 1]
    reached = np.maximum.accumulate(np.append([0.0], tops + boxes[order, 3]))[:-1]
    bands = np.minimum(tops, page.look.height) - np.clip(reached, 0, page.look.height)
    return float(bands.max(initial=0.0) / page.look.height)
