"""Whether a page shows a colour, to the eye: distances are ΔE as ``webgen_gym.judges.colour`` has them.

The background must be nearly the colour that was asked for, since pale colours lie close together (ivory is 7
from white); components may be a shade of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from webgen_gym.judges.colour import distance, rgb
from webgen_gym.types import Element, Look, Measurements

BACKGROUND_TOLERANCE = 6.0
COMPONENT_TOLERANCE = 15.0
OPAQUE = 0.8
PAGE_WIDTH_SHARE = 0.9
PAGE_HEIGHT_SHARE = 0.6
COMPONENT_MIN_PX = 300.0

Fill = tuple[int, int, int]


def background_distance(look: Look, colour: str) -> float:
    """How far the nearest thing that fills the page is from a colour."""
    seen = look.measurements
    fills = [element.background[:3] for element in seen.elements if _fills_page(element, look)]
    return _nearest([seen.body_background, *fills], colour)


def component_distance(look: Look, colour: str) -> float:
    """How far the nearest control, bar or box is from a colour; infinite where nothing is painted."""
    seen = look.measurements
    return _nearest([element.background[:3] for element in seen.elements if _is_box(element, seen)], colour)


def _nearest(fills: Sequence[Fill], colour: str) -> float:
    if not fills:
        return math.inf
    return float(distance(np.array(fills, dtype=np.float64), rgb(colour)).min())


def _fills_page(element: Element, look: Look) -> bool:
    wide = element.rect.width >= PAGE_WIDTH_SHARE * look.width
    high = element.rect.height >= PAGE_HEIGHT_SHARE * look.height
    return wide and high and element.background[3] >= OPAQUE and not element.background_image


def _is_box(element: Element, seen: Measurements) -> bool:
    page = max(seen.page_width * seen.page_height, 1)
    visible = element.background[3] >= OPAQUE and element.rect.area >= COMPONENT_MIN_PX
    return visible and element.rect.area < PAGE_HEIGHT_SHARE * page
