"""Layout harmony: everything has its place, nothing lies over anything else, and the space is used."""

from __future__ import annotations

import numpy as np

from webgen_gym.judges.measured import geometry
from webgen_gym.judges.measured.finding import Criterion, Finding, found, percent, quoted, share_lost
from webgen_gym.judges.measured.page import GLYPH_WIDTH_EM, Page

NAME = "layout"
SLACK_PX = 4.0
EDGE_PX = 12.0
LINE_LETTERS = 95
CONTROL_MIN_PX = 24.0
TIGHT_LINE_EM = 0.95


def layout(page: Page) -> Criterion:
    """Points lost for overflow, overlaps, glued edges, long lines, tiny controls, uneven rows and empty space."""
    return Criterion(
        NAME,
        found(
            _overflow(page),
            _cut_off(page),
            _overlaps(page),
            _tight_lines(page),
            _glued(page),
            _long_lines(page),
            _tiny_controls(page),
            _uncomposed(page),
            _uneven_rows(page),
            _misaligned(page),
            _empty(page),
        ),
    )


def _overflow(page: Page) -> Finding | None:
    width, page_width = page.look.width, page.look.measurements.page_width
    excess = page_width - width
    if excess <= SLACK_PX:
        return None
    right = page.boxes[:, 0] + page.boxes[:, 2]
    widest = page.elements[int(right.argmax())] if len(right) else None
    name = f"<{widest.tag}> {quoted(widest.text)}" if widest else "the page"
    return Finding(
        1.2 + min(1.3, 3 * excess / width),
        f"the page is {page_width} px wide in a window of {width} px, so that it scrolls sideways",
        f"Let the page fit {width} px: {name} reaches too far. Use max-width: 100 % or wrap the row.",
    )


def _cut_off(page: Page) -> Finding | None:
    """Text at the side edge of a page that hides its overflow."""
    if page.look.measurements.page_width > page.look.width + SLACK_PX:
        return None
    x, y, width, _ = page.text_boxes.T
    content = page.readable & page.in_view
    beyond = content & ((x + width > page.look.width + SLACK_PX) | (x < -SLACK_PX))
    if not beyond.any():
        return None
    first = page.elements[int(np.flatnonzero(beyond)[0])]
    share = float(np.count_nonzero(beyond) / np.count_nonzero(content))
    return Finding(
        share_lost(share, 0.0, 0.2, 1.5),
        f"{percent(share)} of the texts are cut off at the side of the window, such as {quoted(first.text)}",
        f"Keep {quoted(first.text)} inside the window.",
    )


def _overlaps(page: Page) -> Finding | None:
    pairs = geometry.overlapping(page)
    if not pairs:
        return None
    involved = {index for pair in pairs for index in pair}
    share = len(involved) / max(1, int(np.count_nonzero(page.readable)))
    one, other = (page.elements[index].text for index in pairs[0])
    return Finding(
        min(3.5, 0.4 + 6 * share),
        f"{len(involved)} texts overlap, such as {quoted(one)} and {quoted(other)}",
        f"Separate the overlapping texts {quoted(one)} and {quoted(other)}.",
    )


def _tight_lines(page: Page) -> Finding | None:
    """Paragraphs whose own lines run into each other."""
    run = page.letters * page.font_px * GLYPH_WIDTH_EM
    lines = run / np.maximum(page.boxes[:, 2], 1)
    tight = page.readable & ~page.interactive & (page.boxes[:, 3] < TIGHT_LINE_EM * page.font_px)
    tight |= page.readable & (lines > 1.5) & (page.boxes[:, 3] < TIGHT_LINE_EM * page.font_px * np.floor(lines))
    if not tight.any():
        return None
    first = page.elements[int(np.flatnonzero(tight)[0])]
    share = float(np.count_nonzero(tight) / np.count_nonzero(page.readable))
    return Finding(
        share_lost(share, 0.02, 0.5, 1.5),
        f"the lines of {percent(share)} of the texts are lower than their letters, such as {quoted(first.text)}",
        "Give texts a line-height of at least 1.2.",
    )


def _glued(page: Page) -> Finding | None:
    content = page.readable & page.in_view
    if not content.any():
        return None
    x, _, width, _ = page.text_boxes.T
    glued = content & ((x < EDGE_PX) | (x + width > page.look.width - 2))
    share = float(np.count_nonzero(glued) / np.count_nonzero(content))
    lost = share_lost(share, 0.15, 0.6, 1.0)
    if lost == 0:
        return None
    return Finding(
        lost,
        f"{percent(share)} of the texts touch the edge of the window (less than {EDGE_PX:.0f} px away)",
        "Put the content into a container with padding of at least 24 px.",
    )


def _long_lines(page: Page) -> Finding | None:
    per_line = np.minimum(page.letters, page.boxes[:, 2] / np.maximum(page.font_px * GLYPH_WIDTH_EM, 1))
    prose = page.readable & (page.letters >= 60)
    letters = int(page.letters[prose].sum())
    long = prose & (per_line > LINE_LETTERS)
    if not letters or not long.any():
        return None
    share = float(page.letters[long].sum() / letters)
    return Finding(
        share_lost(share, 0.1, 0.7, 0.7),
        f"{percent(share)} of the running text has lines of more than {LINE_LETTERS} letters",
        "Limit running text to about 70 letters a line (max-width: 65ch).",
    )


def _tiny_controls(page: Page) -> Finding | None:
    inside_text = np.array([parent >= 0 and page.letters[parent] > 0 for parent in page.parents], dtype=bool)
    boxed = page.boxed_controls & np.array(
        [element.role not in {"checkbox", "radio", "slider"} for element in page.elements], dtype=bool
    )
    controls = page.interactive & boxed & ~inside_text
    if not controls.any():
        return None
    tiny = controls & (page.boxes[:, 3] < CONTROL_MIN_PX)
    share = float(np.count_nonzero(tiny) / np.count_nonzero(controls))
    lost = share_lost(share, 0.1, 0.8, 0.7)
    if lost == 0:
        return None
    first = page.elements[int(np.flatnonzero(tiny)[0])]
    name = quoted(first.label or first.text or first.tag)
    return Finding(
        lost,
        f"{percent(share)} of the controls are less than {CONTROL_MIN_PX:.0f} px high, such as {name}",
        "Give buttons and fields padding, so that they are at least 36 px high.",
    )


def _uncomposed(page: Page) -> Finding | None:
    """One column of raw blocks over the whole width: nothing is placed."""
    blocks = geometry.blocks_of(page)
    if geometry.has_columns(page, blocks) or geometry.is_contained(page):
        return None
    return Finding(
        1.0,
        "everything stands in one column over the whole width of the window",
        "Compose the page: a contained column (max-width, centred) or a grid of cards, with a header above.",
    )


def _uneven_rows(page: Page) -> Finding | None:
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


def _misaligned(page: Page) -> Finding | None:
    """Blocks below each other whose left edges miss by a few pixels."""
    missed = stacked = 0
    for indices in geometry.siblings(page):
        edges = page.boxes[indices, 0]
        steps = np.abs(np.diff(edges))[np.diff(page.boxes[indices, 1]) > geometry.BLOCK_MIN_PX / 2]
        missed += int(np.count_nonzero((steps > 1) & (steps < 8)))
        stacked += len(steps)
    if missed < 2 or missed < 0.2 * stacked:
        return None
    return Finding(
        0.4, f"the left edges of {missed} blocks miss the one above by a few pixels", "Align blocks on one left edge."
    )


def _empty(page: Page) -> Finding | None:
    content = page.in_view & (page.readable | page.interactive | page.pictures)
    bottom = float((page.boxes[content, 1] + page.boxes[content, 3]).max(initial=0.0)) / page.look.height
    covered = geometry.coverage(page)
    thin, short = share_lost(0.2 - covered, 0.0, 0.17, 1.2), share_lost(0.85 - bottom, 0.0, 0.5, 1.4)
    if max(thin, short) == 0:
        return None
    what = (
        f"the lower {percent(1 - bottom)} of the first screen is empty"
        if short > thin
        else f"content covers only {percent(covered)} of the first screen"
    )
    return Finding(max(thin, short), what, "Use the first screen: bring more of the main content into it.")
