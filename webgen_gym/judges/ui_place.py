"""Where things are: the control beside a text, and the caption beside a control.

People find a delete button by the row that it stands in, and a field by the words above it, whether or not the
markup says so. Both are read from the elements that one look at the page measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webgen_gym.judges.ui_match import Match
from webgen_gym.judges.ui_words import says
from webgen_gym.tasks.steps import alternatives
from webgen_gym.types import Element, Rect, Widget

CAPTION_ABOVE_PX = 36.0
CAPTION_LEFT_PX = 240.0


def beside(
    elements: Sequence[Element], widgets: Sequence[Widget], found: Sequence[Match], text: str
) -> tuple[Match, ...]:
    """Those of ``found`` that share the smallest box with a place where the text stands, nearest first."""
    best: tuple[float, tuple[Match, ...]] | None = None
    for anchor in _anchors(elements, widgets, text):
        group = _group(elements, anchor, found)
        if group is not None and (best is None or group[0] < best[0]):
            best = group
    return best[1] if best else ()


def captions(elements: Sequence[Element], widgets: Sequence[Widget]) -> Mapping[int, str]:
    """The text that stands around, right above or to the left of each control, by the control's index."""
    parents = {element.rect: element.parent for element in elements}
    found = ((widget.index, _caption(elements, widget.rect, parents.get(widget.rect, -1))) for widget in widgets)
    return {index: caption for index, caption in found if caption}


def _anchors(elements: Sequence[Element], widgets: Sequence[Widget], text: str) -> list[int]:
    names = alternatives(text)
    shown = [index for index, element in enumerate(elements) if _says(f"{element.text} {element.label}", names)]
    held = [widget.rect for widget in widgets if _says(widget.value, names)]
    return shown + [index for index, element in enumerate(elements) if element.rect in held]


def _says(text: str, names: Sequence[str]) -> bool:
    return any(says(text, name) for name in names)


def _group(elements: Sequence[Element], anchor: int, found: Sequence[Match]) -> tuple[float, tuple[Match, ...]] | None:
    at = elements[anchor].rect
    index = anchor
    while index >= 0:
        box = elements[index].rect
        inside = [match for match in found if _holds(box, match.widget.rect)]
        if inside:
            ordered = sorted(inside, key=lambda match: (match.rank, _distance(at, match.widget.rect)))
            return box.area, tuple(ordered)
        index = elements[index].parent
    return None


def _caption(elements: Sequence[Element], rect: Rect, parent: int) -> str:
    """What stands nearest; labels and what shares the control's box come first, a page may lie behind a dialog."""
    if parent >= 0 and elements[parent].text:
        return elements[parent].text
    near = [
        (element.parent != parent and element.tag != "label", gap, element.text)
        for element in elements
        if element.text and not element.interactive and (gap := _gap(element.rect, rect)) is not None
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
