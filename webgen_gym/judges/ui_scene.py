"""What one UI test knows while it runs: the tab, what it typed, which control it used last.

``Unmet`` ends a test: a step could not be done or does not hold. Whatever is not there at once gets a second
chance after ``PATIENCE_MS`` of the page's own time, since sites like to feign a slow network.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from webgen_gym.errors import AgentFault
from webgen_gym.judges.ui_match import Match, is_checkable, is_field, listing, matches, name_of
from webgen_gym.judges.ui_place import beside, captions
from webgen_gym.judges.ui_reading import Reading
from webgen_gym.judges.ui_words import flat
from webgen_gym.tasks.steps import spoken
from webgen_gym.types import Palette, Widget

T = TypeVar("T")

PATIENCE_MS = 3000
TRIES_PER_PRESS = 3
EXCERPT_CHARS = 160


class Unmet(Exception):
    """A step could not be done, or what it says does not hold; the message is a clause for the model."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What ``changed`` compares."""

    text: str
    path: str
    controls: tuple[tuple[str, str, bool], ...]
    picture: str


@dataclass(slots=True)
class Scene:
    """One tab in the hands of one test. ``used`` is the field, select or box that was last given a value."""

    tab: Reading
    palette: Palette
    typed: set[str] = field(default_factory=set)
    used: Widget | None = None
    before: Moment | None = None
    watched: bool = False

    async def watch(self, watched: bool) -> None:
        """Begin an action; a watched one is compared with what was before it."""
        self.watched = watched
        if watched:
            self.before = await self.moment()

    async def text(self) -> str:
        """What is visible, with the values of fields, but for what the test typed since the page was opened."""
        fields = [widget.value for widget in await self.tab.widgets() if is_field(widget)]
        return "\n".join([await self.tab.text(), *(value for value in fields if value not in self.typed)])

    async def moment(self) -> Moment:
        """The page as it is now, without the values of fields, which change by being typed into."""
        controls = tuple((widget.role, widget.name, widget.disabled) for widget in await self.tab.widgets())
        return Moment(await self.text(), await self.tab.path(), controls, await self.tab.fingerprint())

    async def excerpt(self) -> str:
        """The beginning of the text, for a message."""
        text = flat(await self.tab.text())
        return f"'{text[:EXCERPT_CHARS]}…'" if len(text) > EXCERPT_CHARS else f"'{text}'"

    async def find(self, target: str, role: str = "", near: str = "") -> tuple[Match, ...]:
        """The controls that are meant, best first; empty where there is none."""
        return await self.patiently(lambda: self._find(target, role, near))

    async def wanted(self, target: str, role: str = "", near: str = "") -> tuple[Match, ...]:
        """The same, but Unmet where there is none, or only one that is switched off."""
        found = await self.find(target, role, near)
        if not found:
            place = f" beside {spoken(near)}" if near else ""
            there = listing(await self.tab.widgets(), role)
            raise Unmet(f"no control named like {spoken(target)}{place} among: {there}")
        if found[0].widget.disabled:
            raise Unmet(f"the {name_of(found[0].widget)} is switched off")
        return found

    async def press(self, found: tuple[Match, ...]) -> None:
        """Press the first that can be pressed; something else may lie over the others."""
        faults = []
        for match in found[:TRIES_PER_PRESS]:
            try:
                await self._press(match.widget)
            except AgentFault as fault:
                if self.tab.broken:
                    raise
                faults.append(fault.message)
            else:
                self.used = match.widget if is_checkable(match.widget) else None
                return
        raise Unmet("; ".join(dict.fromkeys(faults)))

    async def enter(self, widget: Widget, text: str) -> None:
        """Type into a field and remember it."""
        await self.tab.type(widget, text)
        self.typed.add(text)
        self.used = widget

    async def patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The outcome of an attempt, or of a second one later where the first gives nothing."""
        outcome = await attempt()
        if outcome:
            return outcome
        await self.tab.wait(PATIENCE_MS)
        return await attempt()

    async def _press(self, widget: Widget) -> None:
        if self.watched and self.before:
            # What the mouse does by lying on a control is no effect of pressing it. The controls are not listed
            # anew: a menu that opens under the mouse would give the widget another index.
            await self.tab.point(widget)
            self.before = replace(self.before, picture=await self.tab.fingerprint())
        await self.tab.press(widget)

    async def _find(self, target: str, role: str, near: str) -> tuple[Match, ...]:
        widgets = await self.tab.widgets()
        found = matches(widgets, target, role)
        if found and not near:
            return found
        if not widgets:
            return ()
        places = await self.tab.places()
        found = found or matches(widgets, target, role, captions(places, widgets))
        return beside(places, widgets, found, near) if near else found
