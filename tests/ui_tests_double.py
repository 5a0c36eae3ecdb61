"""A site in memory and the tab on it: what UI tests are tested against, without a browser.

A site is a function from its state to a ``View``; controls change the state when they are used. ``stored`` is
what outlives a reload. Rectangles are laid out one row each, so that things can stand beside one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from webgen_gym.browser.base import Events, Line, Place, Point, Size, Tab, Window
from webgen_gym.errors import AgentFault
from webgen_gym.types import Element, Look, Measurements, Rect, Widget

ROW_PX = 40.0
Act = Callable[[], None]


@dataclass(frozen=True)
class Control:
    """A control; ``row`` is the line that it stands on, ``acts`` what using it does."""

    name: str = ""
    role: str = "button"
    row: int = 0
    acts: Act | None = None
    tag: str = "button"
    input_type: str = ""
    placeholder: str = ""
    href: str = ""
    options: tuple[str, ...] = ()
    checked: bool | None = None
    disabled: bool = False
    covered: bool = False
    form: int = -1
    value: str = ""


@dataclass(frozen=True)
class View:
    """What a site shows: lines of text, one a row, and controls."""

    lines: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    fill: tuple[int, int, int] = (255, 255, 255)
    bars: tuple[tuple[int, int, int], ...] = ()


@dataclass
class State:
    """What the site knows: ``fields`` and ``page`` are lost on a reload, ``stored`` is not."""

    stored: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    clock_ms: int = 0
    pointed: str = ""


Site = Callable[[State], View]


def text_field(name: str, **more: Any) -> Control:
    """A text field."""
    return Control(name, role="textbox", tag="input", input_type=more.pop("input_type", "text"), **more)


def select(name: str, *options: str, **more: Any) -> Control:
    """A select with these options."""
    return Control(name, role="combobox", tag="select", input_type="select-one", options=options, **more)


class ScriptedTab:
    """A ``Tab`` on a site in memory. ``keys`` are those that were pressed."""

    def __init__(self, site: Site, *, status: int = 200, slow_s: float = 0.0) -> None:
        self.state = State()
        self.keys: list[str] = []
        self.broken = False
        self._site = site
        self._status = status
        self._slow_s = slow_s

    async def open(self, path: str = "/") -> int:
        await asyncio.sleep(self._slow_s)
        self.state = State(stored=self.state.stored, path=path)
        return self._status

    async def widgets(self) -> tuple[Widget, ...]:
        return tuple(self._widget(index, control) for index, control in enumerate(self._view.controls))

    async def point(self, widget: Widget) -> None:
        control = self._view.controls[widget.index]
        if control.covered:
            raise AgentFault(f"The {control.role} '{control.name}' could not be pressed: a veil lies over it.")
        self.state.pointed = control.name

    async def press(self, widget: Widget, at: Point | None = None) -> None:
        await self.point(widget)
        act = self._view.controls[widget.index].acts
        if act:
            act()

    async def type(self, widget: Widget, text: str) -> None:
        self.state.fields[self._key(widget)] = text

    async def choose(self, widget: Widget, option: str) -> None:
        self.state.fields[self._key(widget)] = option

    async def key(self, name: str) -> None:
        self.keys.append(name)

    async def scroll(self, widget: Widget | None, *, down: bool) -> bool:
        return False

    async def back(self) -> bool:
        return False

    async def wait(self, milliseconds: int) -> None:
        self.state.clock_ms += milliseconds

    async def text(self) -> str:
        return "\n".join(self._view.lines)

    async def fingerprint(self) -> str:
        return repr((self._view.lines, self._view.controls, self._view.fill, self.state.fields, self.state.pointed))

    async def has_target(self, fragment: str) -> bool:
        return False

    async def path(self) -> str:
        return self.state.path

    async def look(self, *, picture: bool = True) -> Look:
        return look_at(self._view, await self.widgets())

    async def places(self) -> tuple[Place, ...]:
        return places_of(await self.look())

    async def window(self, *, picture: bool = True) -> Window:
        widgets = await self.widgets()
        lines = [Line(0, "", words, -1, inside=True) for words in self._view.lines]
        lines += [Line(0, widget.role, "", widget.index, inside=True) for widget in widgets]
        free = frozenset(index for index, control in enumerate(self._view.controls) if not control.covered)
        return Window(tuple(lines), widgets, free, left=0, top=0, width=1024, height=768, picture=b"")

    def take_events(self) -> Events:
        return Events()

    @property
    def _view(self) -> View:
        return self._site(self.state)

    def _key(self, widget: Widget) -> str:
        return self._view.controls[widget.index].name or self._view.controls[widget.index].placeholder

    def _widget(self, index: int, control: Control) -> Widget:
        value = self.state.fields.get(control.name or control.placeholder, control.value)
        if control.options and not value:
            value = control.options[0]
        rect = Rect(400.0 + 100.0 * index, control.row * ROW_PX, 80.0, 20.0)
        return Widget(
            index,
            control.role,
            control.name,
            control.tag,
            control.input_type,
            value,
            control.placeholder,
            control.href,
            control.options,
            control.checked,
            control.disabled,
            control.form,
            rect,
        )


class ScriptedVisits:
    """``Visits`` that open a new tab each time; the tabs are kept for a test to look into."""

    site = ""

    def __init__(self, site: Site, **tab: Any) -> None:
        self.tabs: list[ScriptedTab] = []
        self._site = site
        self._tab: Mapping[str, Any] = tab

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Tab]:
        self.tabs.append(ScriptedTab(self._site, **self._tab))
        yield self.tabs[-1]


def look_at(view: View, widgets: tuple[Widget, ...]) -> Look:
    """A look at a view: one box for the page, one for every row, the lines and controls inside their rows."""
    rows = max([len(view.lines), *(control.row + 1 for control in view.controls)], default=0)
    elements = [element("div", Rect(0, 0, 2000, 768))]
    elements += [element("div", Rect(0, row * ROW_PX, 2000, ROW_PX), parent=0) for row in range(rows)]
    for row, line in enumerate(view.lines):
        elements.append(element("p", Rect(0, row * ROW_PX, 300, 20), parent=row + 1, text=line))
    elements += [element("header", Rect(0, 700, 2000, 40), parent=0, background=(*bar, 1.0)) for bar in view.bars]
    for control, widget in zip(view.controls, widgets, strict=True):
        elements.append(element(control.tag, widget.rect, parent=control.row + 1, interactive=True, label=control.name))
    return Look(b"", 1024, 768, "/", 200, "", (), (), (), "", measurements=measurements(tuple(elements), view.fill))


def places_of(look: Look) -> tuple[Place, ...]:
    """Where the elements of a look stand."""
    seen = look.measurements.elements
    return tuple(Place(at.tag, at.text, at.rect, at.parent, at.interactive, at.label) for at in seen)


def element(tag: str, rect: Rect, **more: Any) -> Element:
    """An element with nothing special about it but what is given."""
    given: dict[str, Any] = {
        "tag": tag,
        "role": "",
        "text": "",
        "rect": rect,
        "parent": -1,
        "font_px": 16.0,
        "font_weight": 400,
        "font_family": "serif",
        "color": (0, 0, 0, 1.0),
        "background": (0, 0, 0, 0.0),
        "background_image": False,
        "behind": (255, 255, 255),
        "interactive": False,
        "styled": True,
        **more,
    }
    return Element(**given)


def measurements(elements: tuple[Element, ...], ground: tuple[int, int, int]) -> Measurements:
    """Measurements of a page with these elements on this ground."""
    return Measurements(elements, len(elements), (), (), 0, 1024, 768, ground, 1, 1, (), "")
