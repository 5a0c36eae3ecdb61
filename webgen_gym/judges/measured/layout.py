"""Layout harmony: everything has its place, nothing lies over anything else, and the space is used."""

from __future__ import annotations

import numpy as np

from webgen_gym.judges.measured import alignment, geometry, spacing
from webgen_gym.judges.measured.finding import Criterion, Finding, found, leveling, percent, quoted, share_lost
from webgen_gym.judges.measured.page import GLYPH_WIDTH_EM, Page

NAME = "layout"
SLACK_PX = 4.0
LINE_LETTERS = 95
# Controls of the first height are right, of the second as bad as can be.
CONTROL_MIN_PX, CONTROL_TINY_PX = 24.0, 10.0
RAW_MIN_PX = 21.0
TINY_POINTS = 1.6
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
            _long_lines(page),
            _tiny_controls(page),
            _uncomposed(page),
            alignment.uneven_rows(page),
            alignment.misaligned(page),
            spacing.glued(page),
            spacing.cramped(page),
            spacing.gap(page),
            spacing.unused(page),
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
        0.2 + leveling(share, 0.18, 2.6),
        f"{percent(share)} of the texts are cut off at the side of the window, such as {quoted(first.text)}",
        f"Keep {quoted(first.text)} inside the window.",
    )


def _overlaps(page: Page) -> Finding | None:
    pairs = geometry.overlapping(page)
    if not pairs:
        return None
    involved = {index for pair in pairs for index in pair}
    share = min(1.0, len(involved) / max(1, int(np.count_nonzero(page.readable))))
    one, other = (page.elements[index].text for index in pairs[0])
    return Finding(
        0.4 + leveling(share, 0.35, 3.2),
        f"{len(involved)} texts overlap, such as {quoted(one)} and {quoted(other)}",
        f"Separate the overlapping texts {quoted(one)} and {quoted(other)}.",
    )


def _tight_lines(page: Page) -> Finding | None:
    """Paragraphs whose own lines run into each other."""
    run = page.letters * page.font_px * GLYPH_WIDTH_EM
    lines = np.maximum(1, np.floor(run / np.maximum(page.boxes[:, 2], 1)))
    height = page.boxes[:, 3] / (lines * np.maximum(page.font_px, 1))
    tight = page.readable & ~page.interactive & (height < TIGHT_LINE_EM)
    if not tight.any():
        return None
    first = page.elements[int(np.flatnonzero(tight)[0])]
    texts = np.count_nonzero(page.readable)
    share = float(np.count_nonzero(tight) / texts)
    short = float((1 - height[tight]).sum() / texts)
    return Finding(
        leveling(short, 0.2, 2.4),
        f"the lines of {percent(share)} of the texts are lower than their letters, such as {quoted(first.text)}",
        "Give texts a line-height of at least 1.2.",
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
    # What the browser itself draws is a matter of design.
    styled = np.array([element.styled for element in page.elements], dtype=bool)
    least = np.where(styled, CONTROL_MIN_PX, RAW_MIN_PX)
    short = (least - page.boxes[:, 3])[controls] / (CONTROL_MIN_PX - CONTROL_TINY_PX)
    lost = TINY_POINTS * float(np.clip(short, 0, 1).mean())
    if lost == 0:
        return None
    tiny = np.flatnonzero(controls & (page.boxes[:, 3] < least))
    first = page.elements[int(tiny[0])]
    name = quoted(first.label or first.text or first.tag)
    share = percent(len(tiny) / np.count_nonzero(controls))
    return Finding(
        lost,
        f"{share} of the controls are less than {CONTROL_MIN_PX:.0f} px high, such as {name}",
        "Give buttons and fields padding, so that they are at least 36 px high.",
    )


def _uncomposed(page: Page) -> Finding | None:
    """One column of raw blocks over the whole width: nothing is placed."""
    blocks = page.blocks
    if geometry.has_columns(page, blocks) or geometry.is_contained(page):
        return None
    return Finding(
        1.0,
        "everything stands in one column over the whole width of the window",
        "Compose the page: a contained column (max-width, centred) or a grid of cards, with a header above.",
    )
