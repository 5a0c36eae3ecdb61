"""What one does with each kind of control, and what one looks at to see whether anything came of it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from webgen_gym.browser.base import Tab
from webgen_gym.errors import AgentFault
from webgen_gym.judges.explore_controls import Kind
from webgen_gym.judges.ui_forms import BY_NAME, BY_TYPE, OTHERWISE
from webgen_gym.judges.ui_match import is_checkable, is_field, is_pressable, is_select
from webgen_gym.types import Widget

NONSENSE = "zyqxv"
FIELDS_AT_MOST = 12
CHOICES = 3
# An end that is not after its start is refused, and the form does nothing else.
ENDS = re.compile(r"\b(end|until|to|till|departure|check.?out|return)", re.I)
LATER: Mapping[str, str] = MappingProxyType(
    {"time": "11:30", "date": "2026-03-16", "datetime-local": "2026-03-14T11:30"}
)
PROMPT = re.compile(r"select|choose|pick|any|all|--", re.I)
GO = re.compile(r"search|find|go\b|apply|filter|🔍|🔎", re.I)

Act = Callable[[Tab, Widget], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """``ready`` makes the page as it is when one is about to act; ``do`` acts; ``see`` is what must then differ."""

    ready: Act
    do: Act
    see: Callable[[Tab], Awaitable[str]]


async def fill(tab: Tab, form: int | None = None) -> int:
    """Give every empty field a plausible value, those of one form or all; returns how many were filled."""
    filled = 0
    tried: set[tuple[str, str, float]] = set()
    for _ in range(FIELDS_AT_MOST):
        # Read anew each time: a page may redraw its fields with every value.
        empty = [widget for widget in await tab.widgets() if _is_open(widget, form) and _identity(widget) not in tried]
        if not empty:
            break
        tried.add(_identity(empty[0]))
        filled += await _give(tab, empty[0])
    return filled


async def _give(tab: Tab, widget: Widget) -> bool:
    try:
        if is_select(widget):
            await tab.choose(widget, widget.options[1])
        elif is_checkable(widget):
            await tab.press(widget)
        else:
            await tab.type(widget, value_for(widget))
    except AgentFault:
        return False
    return True


def value_for(widget: Widget) -> str:
    """What a person might type into a field of this type and name."""
    if widget.input_type in LATER and ENDS.search(widget.name):
        return LATER[widget.input_type]
    if widget.input_type in BY_TYPE:
        return BY_TYPE[widget.input_type]
    name = f"{widget.name} {widget.placeholder}".lower()
    return next((value for pattern, value in BY_NAME if re.search(pattern, name)), OTHERWISE)


def _is_open(widget: Widget, form: int | None) -> bool:
    if widget.disabled or (form is not None and widget.form != form):
        return False
    if is_select(widget):
        return len(widget.options) > 1 and (not widget.value or bool(PROMPT.match(widget.options[0])))
    if is_checkable(widget):
        return form is not None and widget.input_type == "checkbox" and not widget.checked
    return is_field(widget) and not widget.value


def _identity(widget: Widget) -> tuple[str, str, float]:
    return widget.name, widget.input_type, widget.rect.y


async def _point(tab: Tab, widget: Widget) -> None:
    await tab.point(widget)


async def _press(tab: Tab, widget: Widget) -> None:
    await tab.press(widget)


async def _nothing(tab: Tab, widget: Widget) -> None:
    del tab, widget


async def _fill_form(tab: Tab, widget: Widget) -> None:
    await fill(tab, widget.form)
    if is_pressable(widget):
        await tab.point(await _again(tab, widget))


async def _send(tab: Tab, widget: Widget) -> None:
    widget = await _again(tab, widget)
    await tab.press(widget)
    if not is_pressable(widget):
        await tab.key("Enter")


async def _search(tab: Tab, widget: Widget) -> None:
    """Type what nothing is called; a list narrows down while one types, after Enter, or after its button."""
    await tab.type(widget, NONSENSE)
    await tab.key("Enter")
    after = [other for other in await tab.widgets() if widget.index < other.index <= widget.index + 2]
    button = next((other for other in after if is_pressable(other) and GO.search(other.name)), None)
    if button is not None:
        await tab.press(button)


async def _choose(tab: Tab, widget: Widget) -> None:
    """Choose another option, and a further one where nothing came of it: a list may stand in that order already."""
    text = await tab.text()
    others = [option for option in reversed(widget.options) if option != widget.value]
    for option in others[:CHOICES]:
        await tab.choose(await _again(tab, widget), option)
        if await tab.text() != text:
            return


async def _again(tab: Tab, widget: Widget) -> Widget:
    """The same widget after the page was read anew; filling may have redrawn it."""
    same = [
        other
        for other in await tab.widgets()
        if (other.role, other.name, other.form) == (widget.role, widget.name, widget.form)
    ]
    if not same:
        raise AgentFault(
            f"The {widget.role} '{widget.name}' could not be pressed: it left the page while the form was filled."
        )
    return same[0]


async def _fingerprint(tab: Tab) -> str:
    return await tab.fingerprint()


async def _text(tab: Tab) -> str:
    return await tab.text()


PRESS = Deed(_point, _press, _fingerprint)
SEND_EMPTY = Deed(_point, _send, _fingerprint)
SEND = Deed(_fill_form, _send, _fingerprint)

DEEDS: Mapping[Kind, Deed] = MappingProxyType(
    {
        Kind.FORM: SEND,
        Kind.BUTTON: PRESS,
        Kind.CLICKABLE: PRESS,
        Kind.LINK: PRESS,
        Kind.ANCHOR: PRESS,
        Kind.TICK: PRESS,
        # What a field or select itself shows is no effect: only the text around it tells.
        Kind.SEARCH: Deed(_nothing, _search, _text),
        Kind.CHOICE: Deed(_nothing, _choose, _text),
    }
)
