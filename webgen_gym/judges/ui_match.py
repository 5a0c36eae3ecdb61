"""Which control of a page is meant by words such as ``search|find`` and a role.

A control is known by its name, its placeholder, the text that a field holds, its type ("email"), its first
option or the caption beside it. A field that searches or filters is meant only by words that say so. Every
control gets a rank for every alternative, the best counts:

    0  its words are the wanted words, but for repetitions and counts ("Cart (2)")
    1  the wanted words stand in it in this order, with at most four others
    2  the wanted words all stand in it, with at most four others
    3  the wanted words stand in it in this order, in a long name
    4  it is spelt almost like them
    5  any control will do: the wanted word is ``*``

The best rank wins; then what is not switched off; then what is spelt just so ("Favourites", not "Favourite");
then the shortest; then a real button where one was asked for, or a link or tab where one wants to ``go``; then the
first in the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz

from webgen_gym.judges.ui_words import flat, words
from webgen_gym.tasks.steps import alternatives
from webgen_gym.types import Widget

NOT_TEXT_TYPES = frozenset({"button", "submit", "reset", "image", "checkbox", "radio", "file", "hidden"})
TYPE_NAMES = frozenset(
    {"email", "password", "search", "tel", "url", "date", "time", "month", "number", "color", "range"}
)
PREFERRED_ROLES = MappingProxyType({"button": {"button"}, "go": {"link", "tab", "menuitem"}})
FILTER_WORDS = frozenset({"search", "filter"})
CHECKABLE_ROLES = frozenset({"checkbox", "switch", "radio", "menuitemcheckbox", "menuitemradio"})
OTHER_WORDS = 4
FUZZY_SCORE = 86
FUZZY_LETTERS = 5
DIGITS = re.compile(r"\d+")
NO_MATCH = 99
ANY = "*"
LISTED = 12
NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Match:
    """A control, how well it fits (0 is best), and how many words it has besides the wanted ones."""

    widget: Widget
    rank: int
    others: int = 0


def is_field(widget: Widget) -> bool:
    """Whether one types into it."""
    if widget.tag == "input":
        return widget.input_type not in NOT_TEXT_TYPES
    return widget.tag == "textarea" or (widget.tag != "select" and widget.role in {"textbox", "searchbox"})


def is_select(widget: Widget) -> bool:
    """Whether it is a select with options of its own."""
    return widget.tag == "select"


def is_filter(widget: Widget) -> bool:
    """Whether it narrows down a list: no part of a form, though it may be called "search by name"."""
    text = words(f"{widget.name} {widget.placeholder} {' '.join(widget.options[:1])}")
    return widget.role == "searchbox" or widget.input_type == "search" or bool(FILTER_WORDS & set(text))


def is_checkable(widget: Widget) -> bool:
    """Whether it is ticked rather than pressed."""
    return widget.role in CHECKABLE_ROLES or widget.input_type in {"checkbox", "radio"}


def is_pressable(widget: Widget) -> bool:
    """Whether one presses it to make something happen."""
    return not (is_field(widget) or is_select(widget) or is_checkable(widget))


KINDS: Mapping[str, Callable[[Widget], bool]] = MappingProxyType(
    {
        "": lambda widget: True,
        "press": lambda widget: not (is_field(widget) or is_select(widget)),
        "button": is_pressable,
        "go": is_pressable,
        "field": is_field,
        "select": is_select,
        "checkbox": is_checkable,
    }
)


def matches(
    widgets: Iterable[Widget], target: str, role: str = "", captions: Mapping[int, str] | None = None
) -> tuple[Match, ...]:
    """The controls that fit, best first. ``captions`` are texts seen beside controls, by index."""
    wanted = [words(alternative) for alternative in alternatives(target) if alternative == ANY or words(alternative)]
    for_filters = any(FILTER_WORDS & set(want) for want in wanted)
    found = [
        Match(widget, *_rank(_names(widget, captions or {}), wanted))
        for widget in widgets
        if KINDS[role](widget) and (for_filters or not (is_field(widget) and is_filter(widget)))
    ]
    fitting = [match for match in found if match.rank < NO_MATCH]
    spelt = {flat(alternative) for alternative in alternatives(target)}
    return tuple(sorted(fitting, key=lambda match: _order(match, role, spelt)))


def name_of(widget: Widget) -> str:
    """How a person would call it: ``button 'Add task'``."""
    name = widget.name or widget.placeholder or widget.input_type or widget.tag
    kind = widget.role if widget.role != "generic" else "clickable"
    return f"{kind} '{name[:NAME_CHARS]}{'…' if len(name) > NAME_CHARS else ''}'"


def listing(widgets: Sequence[Widget], role: str = "") -> str:
    """The controls of a kind, as a model can be told of them."""
    names = list(dict.fromkeys(name_of(widget) for widget in widgets if KINDS[role](widget)))
    if not names:
        return f"no {role or 'control'} at all"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _names(widget: Widget, captions: Mapping[int, str]) -> list[tuple[str, ...]]:
    texts = [widget.name, widget.placeholder, captions.get(widget.index, "")]
    if is_field(widget):
        texts.append(widget.value)
        texts.append(widget.input_type if widget.input_type in TYPE_NAMES else "")
    if is_select(widget):
        texts.extend(widget.options[:1])
    return [found for found in map(words, texts) if found] or [()]


def _order(match: Match, role: str, spelt: set[str]) -> tuple[int, bool, bool, int, bool, int]:
    widget = match.widget
    other_role = widget.role not in PREFERRED_ROLES.get(role, {widget.role})
    return match.rank, widget.disabled, flat(widget.name) not in spelt, match.others, other_role, widget.index


def _rank(names: list[tuple[str, ...]], wanted: list[tuple[str, ...]]) -> tuple[int, int]:
    ranked = ((_fit(name, want), len(set(name) - set(want))) for name in names for want in wanted)
    return min(ranked, default=(NO_MATCH, 0))


def _fit(name: tuple[str, ...], want: tuple[str, ...]) -> int:
    if not want:
        return 5
    if tuple(dict.fromkeys(word for word in name if word in want or not word.isdigit())) == want:
        return 0
    in_sequence = any(name[at : at + len(want)] == want for at in range(len(name)))
    if len(name) > len(want) + OTHER_WORDS:
        return 3 if in_sequence else NO_MATCH
    if in_sequence:
        return 1
    return 2 if set(want) <= set(name) else _fuzzy(" ".join(name), " ".join(want))


def _fuzzy(name: str, want: str) -> int:
    # "Square 1" is spelt almost like "Square 2".
    if len(want) < FUZZY_LETTERS or DIGITS.findall(name) != DIGITS.findall(want):
        return NO_MATCH
    return 4 if fuzz.ratio(name, want) >= FUZZY_SCORE else NO_MATCH
