"""Forms: filling what a test does not care about, and sending what was filled.

A site may ask for more than a test knows of. ``complete`` gives every empty field a value that a form would
accept; ``submit`` finds the button that belongs to the field last used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from webgen_gym.judges.ui_match import (
    Match,
    is_checkable,
    is_field,
    is_filter,
    is_pressable,
    is_select,
    matches,
    name_of,
)
from webgen_gym.judges.ui_place import captions
from webgen_gym.judges.ui_scene import Scene, Unmet
from webgen_gym.judges.ui_words import flat, words
from webgen_gym.types import Widget

SUBMIT = "submit|save|add|create|send|post|publish|confirm|done|ok|apply|continue|register|sign up|book|order"
NOT_SUBMIT = frozenset({"cancel", "close", "reset", "clear", "back", "delete", "dismiss", "discard", "menu", "theme"})
NOT_FORM = frozenset({"sort", "theme", "language", "view"})
CONSENT = frozenset({"agree", "accept", "term", "consent", "confirm", "policy"})

# The page's clock starts in January 2026: the dates are to come, and near.
BY_TYPE = {
    "email": "mira.quist@example.org",
    "tel": "+1 555 010 4477",
    "url": "https://example.org/orrel",
    "number": "3",
    "date": "2026-03-14",
    "time": "10:30",
    "datetime-local": "2026-03-14T10:30",
    "month": "2026-03",
    "week": "2026-W11",
    "password": "Zanthe-4471-qu",
}
BY_NAME = (
    (r"e-?mail", "mira.quist@example.org"),
    (r"phone|\btel\b|mobile", "+1 555 010 4477"),
    (r"card number", "4242424242424242"),
    (r"expir", "12/31"),
    (r"\bcv[cv]\b", "123"),
    (r"zip|post(al)? ?code", "10115"),
    (r"\bdate\b|deadline", "2026-03-14"),
    (r"amount|price|cost|quantity|qty|\bage\b|number of|how many|stock|hours|minutes", "3"),
    (r"url|website|link", "https://example.org/orrel"),
    (r"name|author", "Mira Quist"),
)
OTHERWISE = "Orrel Vantry"
FIELDS_AT_MOST = 20


async def complete(scene: Scene) -> None:
    """Fill every empty field of the form in use; leave what has a value, and what only filters a list."""
    done: set[tuple[object, ...]] = set()
    for _ in range(FIELDS_AT_MOST):
        # Read anew each time: a form may redraw itself, or grow a field, with every value.
        form = _form(scene, await _captioned(scene))
        blank = next((widget for widget in form if _identity(widget) not in done and _is_open(widget, form)), None)
        if blank is None:
            return
        done.add(_identity(blank))
        await _fill(scene, blank)


async def submit(scene: Scene, target: str) -> None:
    """Press the button that sends the form of the field last used; Enter where there is none."""
    widgets = await scene.tab.widgets()
    buttons = _senders(scene.used, widgets, target)
    if not buttons:
        await scene.tab.key("Enter")
        return
    if buttons[0].widget.disabled:
        raise Unmet(f"the {name_of(buttons[0].widget)} is switched off")
    used = scene.used
    await scene.press(buttons)
    scene.used = used


def _senders(used: Widget | None, widgets: Sequence[Widget], target: str) -> tuple[Match, ...]:
    """The buttons of the field's form; else those after the field, nearest first; else any named like sending."""
    buttons = [widget for widget in widgets if is_pressable(widget) and not NOT_SUBMIT & set(words(widget.name))]
    start = used.index if used else -1
    inside = [widget for widget in buttons if used and used.form >= 0 and widget.form == used.form]
    after = [widget for widget in buttons if used and widget.index > start]
    return (
        matches(inside, target or SUBMIT, "button")
        or _unnamed([] if target else inside)
        or tuple(sorted(matches(after, target or SUBMIT, "button"), key=lambda match: match.widget.index))
        or _unnamed([] if target else after)[:1]
        or matches([] if used else buttons, target or SUBMIT, "button")
    )


def _unnamed(buttons: Sequence[Widget]) -> tuple[Match, ...]:
    real = [Match(widget, 0) for widget in buttons if widget.role == "button"]
    return tuple(sorted(real, key=lambda match: match.widget.input_type != "submit"))


async def _captioned(scene: Scene) -> Sequence[Widget]:
    """The controls, with the words beside them for a name where they have none."""
    widgets = await scene.tab.widgets()
    if all(widget.name or is_pressable(widget) for widget in widgets):
        return widgets
    beside = captions(await scene.tab.places(), widgets)
    return [replace(widget, name=widget.name or beside.get(widget.index, "")) for widget in widgets]


def _form(scene: Scene, widgets: Sequence[Widget]) -> list[Widget]:
    controls = [widget for widget in widgets if not is_pressable(widget) and not widget.disabled]
    form = scene.used.form if scene.used else max((widget.form for widget in controls), default=-1)
    return [widget for widget in controls if widget.form == form and not _only_filters(widget)]


def _only_filters(widget: Widget) -> bool:
    return is_filter(widget) or bool(NOT_FORM & set(words(f"{widget.name} {' '.join(widget.options[:1])}")))


def _identity(widget: Widget) -> tuple[object, ...]:
    return widget.tag, widget.input_type, widget.name, round(widget.rect.x), round(widget.rect.y)


def _is_open(widget: Widget, form: Sequence[Widget]) -> bool:
    if widget.input_type == "radio":
        return not any(other.checked for other in form if other.input_type == "radio")
    if is_checkable(widget):
        return not widget.checked and bool(CONSENT & set(words(widget.name)))
    if is_select(widget):
        return len(widget.options) > 1 and (not widget.value or _is_prompt(widget))
    return is_field(widget) and not widget.value and widget.input_type not in {"range", "color"}


def _is_prompt(widget: Widget) -> bool:
    """Whether the chosen option is a prompt such as "Select a room" that passes for a value."""
    return flat(widget.value) == flat(widget.options[0]) and flat(widget.value).startswith(("select", "choose", "pick"))


async def _fill(scene: Scene, widget: Widget) -> None:
    if is_checkable(widget):
        await scene.press((Match(widget, 0),))
    elif is_select(widget):
        await scene.tab.choose(widget, widget.options[1])
        scene.used = widget
    else:
        await scene.enter(widget, _value(widget))


def _value(widget: Widget) -> str:
    if widget.input_type in BY_TYPE:
        return BY_TYPE[widget.input_type]
    name = flat(f"{widget.name} {widget.placeholder}")
    return next((value for pattern, value in BY_NAME if re.search(pattern, name)), OTHERWISE)
