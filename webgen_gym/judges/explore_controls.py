"""What there is to try on a page: its forms, buttons, search fields, choices and links, each once or twice.

A control is known by what a person goes by: role, name, kind of field, target. It is found again by that after the
page has changed or was loaded anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, zip_longest

from webgen_gym.judges.ui_match import is_checkable, is_field, is_filter, is_select, name_of
from webgen_gym.types import Widget

DIGITS = re.compile(r"\d+")
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)
NOWHERE = re.compile(r"(?:#|javascript:.*|)$", re.I)
PRESSED_ROLES = frozenset(
    {
        "button",
        "link",
        "tab",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "switch",
        "option",
        "treeitem",
        "combobox",
    }
)
# Twenty "Add to cart" buttons are one thing to try; a second one shows that it was no luck.
OF_A_KIND = 2


class Kind(StrEnum):
    """What one does with a control."""

    FORM = "form"
    BUTTON = "button"
    SEARCH = "search"
    CHOICE = "choice"
    LINK = "link"
    ANCHOR = "anchor"
    TICK = "tick"
    CLICKABLE = "clickable"


Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to try.

    ``nth`` counts those with the same key, ``place`` is where it stood when it was found, ``via`` are the presses
    that reveal it.
    """

    kind: Kind
    label: str
    key: Key
    nth: int
    place: int
    href: str = ""
    via: tuple[Control, ...] = ()

    def among(self, widgets: Iterable[Widget]) -> Widget | None:
        """The widget that it is now, if it is there."""
        same = [widget for widget in widgets if key_of(widget) == self.key]
        return same[self.nth] if self.nth < len(same) else None


def key_of(widget: Widget) -> Key:
    """What a control is known by. Numbers do not count: "Cart (2)" is still the cart."""
    return widget.role, DIGITS.sub("#", widget.name), widget.tag, widget.input_type, widget.href


def controls_of(widgets: Sequence[Widget]) -> list[Control]:
    """What to try, in the order to try it: one of each kind of thing in turn, repeated ones last."""
    seen: Counter[Key] = Counter()
    found: list[Control] = []
    for widget in widgets:
        kind = kind_of(widget, widgets)
        nth = seen[key_of(widget)]
        seen[key_of(widget)] += 1
        if kind is not None and nth < OF_A_KIND and not widget.disabled:
            found.append(Control(kind, _label(kind, widget, nth), key_of(widget), nth, widget.index, widget.href))
    first = [control for control in _distinct(found) if control.nth == 0]
    again = [control for control in found if control.nth > 0 and control.kind in {Kind.BUTTON, Kind.CLICKABLE}]
    # One of each kind in turn, so that a page full of links does not use up the tries.
    in_turn = zip_longest(*([control for control in first if control.kind is kind] for kind in Kind))
    return [control for control in chain.from_iterable(in_turn) if control is not None] + again


def revealed(widgets: Sequence[Widget], known: set[Key], via: Control) -> list[Control]:
    """What a press on ``via`` brought to light."""
    new = [
        control
        for control in controls_of(widgets)
        if control.key not in known and control.nth == 0 and not _is_renamed(control, via)
    ]
    return [replace(control, via=(*via.via, via)) for control in new]


def _is_renamed(control: Control, via: Control) -> bool:
    """Whether it is the pressed control itself: "Follow" has become "Following"."""
    return control.place == via.place and control.kind is via.kind


def kind_of(widget: Widget, widgets: Sequence[Widget]) -> Kind | None:
    """What one does with it; None for what is only a part of something, or leads to another site."""
    if widget.tag == "a" and widget.href:
        return _link_kind(widget.href)
    if is_submit(widget, widgets):
        return Kind.SEARCH if is_field(widget) and is_filter(widget) else Kind.FORM
    if is_select(widget):
        return Kind.CHOICE if widget.form < 0 and len(widget.options) > 1 else None
    if is_checkable(widget):
        return Kind.TICK if widget.form < 0 else None
    if is_field(widget):
        return Kind.SEARCH if is_filter(widget) and widget.form < 0 else None
    if widget.input_type in {"file", "hidden"}:
        return None
    return Kind.BUTTON if widget.role in PRESSED_ROLES else Kind.CLICKABLE


def is_submit(widget: Widget, widgets: Sequence[Widget]) -> bool:
    """Whether it sends its form: the first submit button, or the first field of a form that has none."""
    if widget.form < 0:
        return False
    form = [other for other in widgets if other.form == widget.form]
    if not any(is_field(other) for other in form):
        return False
    buttons = [other for other in form if other.input_type in {"submit", "image"}]
    return widget is (buttons or [other for other in form if is_field(other)])[0]


def _link_kind(href: str) -> Kind | None:
    if NOWHERE.match(href):
        return Kind.BUTTON
    if href.startswith("#"):
        return Kind.ANCHOR
    return None if ELSEWHERE.match(href) else Kind.LINK


def _label(kind: Kind, widget: Widget, nth: int) -> str:
    name = f"form with the {name_of(widget)}" if kind is Kind.FORM else name_of(widget)
    return f"{name} (no. {nth + 1})" if nth else name


def _distinct(controls: Iterable[Control]) -> list[Control]:
    """Links to the same place are one thing to try."""
    places: set[str] = set()
    kept = []
    for control in controls:
        if control.kind in {Kind.LINK, Kind.ANCHOR}:
            if control.href in places:
                continue
            places.add(control.href)
        kept.append(control)
    return kept
