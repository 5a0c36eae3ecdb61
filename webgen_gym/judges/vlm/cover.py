"""A picture of a website in place of a website, told from where things are drawn and where there is text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webgen_gym.judges.measured.page import Page

COVERS_SHARE = 0.85
# Fewer letters than a heading and one sentence have.
FEWEST_LETTERS = 40
OPAQUE = 0.5
# A picture of a website has edges all over; a photograph's sky and a gradient have not.
BUSY_SHARE = 0.2
BUSY_EDGES = 12
CELL_PX = 32


def picture_only(page: Page) -> bool:
    """Whether pictures fill the window, show detail all over, and next to no text is drawn by the browser.

    It cannot tell a picture of a website from another one, nor text that lies under a picture from text on it.
    """
    if _letters(page) >= FEWEST_LETTERS:
        return False
    covered = _covered(page)
    return bool(covered.mean() >= COVERS_SHARE and _busy(page)[covered].mean() >= BUSY_SHARE)


def _letters(page: Page) -> int:
    """How many letters the window shows as text."""
    opaque = np.array([element.color[3] >= OPAQUE for element in page.elements], dtype=bool)
    return int(page.letters[page.readable & page.in_view & opaque].sum())


def _covered(page: Page) -> NDArray[np.bool_]:
    """Which cells of the window lie in a picture or have one behind them."""
    painted = np.array([element.background_image for element in page.elements], dtype=bool)
    xs, ys = _centres(page)
    covered = np.zeros((len(ys), len(xs)), dtype=bool)
    for x, y, width, height in page.boxes[page.in_view & (page.pictures | painted)]:
        covered |= ((ys >= y) & (ys < y + height))[:, None] & ((xs >= x) & (xs < x + width))[None, :]
    return covered


def _busy(page: Page) -> NDArray[np.bool_]:
    """Which cells of the window have detail drawn in them."""
    xs, ys = _centres(page)
    half = CELL_PX / 2
    boxes = np.array([(x - half, y - half, CELL_PX, CELL_PX) for y in ys for x in xs], dtype=np.float64)
    busy: NDArray[np.bool_] = page.picture.edges_within(boxes).reshape(len(ys), len(xs)) >= BUSY_EDGES
    return busy


def _centres(page: Page) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    half = CELL_PX / 2
    return np.arange(half, page.look.width, CELL_PX), np.arange(half, page.look.height, CELL_PX)
