"""Where things are: the control beside a text, and the caption beside a control.

People find a delete button by the row that it stands in, and a field by the words above it, whether or not the
markup says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webgen_gym.browser.base import Place
from webgen_gym.judges.ui_match import Match
from webgen_gym.judges.ui_words import says
from webgen_gym.tasks.steps import alternatives
from webgen_gym.types import Rect, Widget

CAPTION_ABOVE_PX = 36.0
CAPTION_LEFT_PX = 240.0


def beside(places: Sequence[Place], widgets: Sequence[Widget], found: Sequence[Match], text: str) -> tuple[Match, ...]:
    """Those of ``found`` that share the smallest box with a place where the text stands, nearest first."""
    best: tuple[float, tuple[Match, ...]] | None = None
    for anchor in _anchors(places, widgets, text):
        group = _group(places, anchor, found)
        if group is not None and (best is None or group[0] < best[0]):
            best = group
    return best[1] if best else ()


def captions(places: Sequence[Place], widgets: Sequence[Widget]) -> Mapping[int, str]:
    """The text that stands around, right above or to the left of each control, by the control's index."""
    parents = {place.rect: place.parent for place in places}
    found = ((widget.index, _caption(places, widget.rect, parents.get(widget.rect, -1))) for widget in widgets)
    return {index: caption for index, caption in found if caption}


def _anchors(places: Sequence[Place], widgets: Sequence[Widget], text: str) -> list[int]:
    names = alternatives(text)
    shown = [index for index, place in enumerate(places) if _says(f"{place.text} {place.label}", names)]
    held = [widget.rect for widget in widgets if _says(widget.value, names)]
    return shown + [index for index, place in enumerate(places) if place.rect in held]


def _says(text: str, names: Sequence[str]) -> bool:
    return any(says(text, name) for name in names)


def _group(places: Sequence[Place], anchor: int, found: Sequence[Match]) -> tuple[float, tuple[Match, ...]] | None:
    at = places[anchor].rect
    index = anchor
    while index >= 0:
        box = places[index].rect
        inside = [match for match in found if _holds(box, match.widget.rect)]
        if inside:
            ordered = sorted(inside, key=lambda match: (match.rank, _distance(at, match.widget.rect)))
            return box.area, tuple(ordered)
        index = places[index].parent
    return None


def _caption(places: Sequence[Place], rect: Rect, parent: int) -> str:
    """What stands nearest; labels and what shares the control's box come first, a page may lie behind a dialog."""
    if parent >= 0 and places[parent].text:
        return places[parent].text
    near = [
        (place.parent != parent and place.tag != "label", gap, place.text)
        for place in places
        if place.text and not place.interactive and (gap := _gap(place.rect, rect)) is not None
    ]
    return min(near)[2] if near else ""


def _gap(text: Rect, control: Rect) -> float | None:
    """How far a text is above or to the left of a control; None where it is neither, or too far."""
    above = control.y - (text.y + text.height)
    left = control.x - (text.x + text.width)
    if -2 <= above <= CAPTION_ABOVE_PX and text.x < control.x + control.width and control.x < text.x + text.width:
        return max(above, 0.0)
    if -2 <= left <= CAPTION_LEFT_PX and text.y < control.y + control.height and control.y < text.y + text.height:
        return max(left, 0.0)
    return None


def _holds(box: Rect, rect: Rect) -> bool:
    x, y = _centre(rect)
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height


def _distance(first: Rect, second: Rect) -> float:
    (x, y), (other_x, other_y) = _centre(first), _centre(second)
    return abs(x - other_x) + abs(y - other_y)


def _centre(rect: Rect) -> tuple[float, float]:
    return rect.x + rect.width / 2, rect.y + rect.height / 2
