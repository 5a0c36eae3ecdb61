"""A tab in use: it knows how the page stands, is replaced when a page breaks it, and tells what an act changed."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from webgen_gym.browser.base import Events, Tab, Visits
from webgen_gym.judges.explore_controls import Control, Kind
from webgen_gym.judges.explore_deeds import DEEDS, PRESS, Deed, fill
from webgen_gym.types import Widget

ACT_MS = 400
PATIENCE_MS = 2500
# Longer than a carousel takes to turn.
QUIET_MS = 6000
# Long enough for most toasts to go, so that their going is not taken for the next control's effect.
FADE_MS = 4000


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of an act. ``seen`` is empty where a person would have noticed nothing.

    ``left``: the address changed for another document's. ``went``: where the tab is now. ``errors``: script errors
    and failed requests that came with it.
    """

    seen: str
    left: bool
    went: str
    errors: tuple[str, ...] = ()

    @property
    def failed(self) -> str:
        """Why the page that it led to is none; empty where it is one, or it led nowhere else."""
        wanted = f" {self.went.partition('#')[0]}: "
        return next((error for error in self.errors if self.left and wanted in error), "")


@dataclass(frozen=True, slots=True)
class Stand:
    """A page as it is before anything is tried on it."""

    path: str
    via: tuple[Control, ...] = ()
    filled: bool = False


class Gone(Exception):
    """The control is not on the page, or switched off."""


class Hands:
    """Acts on one site, in one tab at a time. ``stand`` is None once something has changed the page."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._stack = AsyncExitStack()
        self._tab: Tab | None = None
        self.path = "/"
        self.stand: Stand | None = None
        self.lost = True
        self.restless = False
        self.broken_tabs = 0

    async def __aenter__(self) -> Hands:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def tab(self) -> Tab:
        """The tab in use. There is one after ``open``."""
        assert self._tab is not None
        return self._tab

    async def open(self, path: str) -> tuple[int, Events]:
        """Load a page anew; returns its status and what happened meanwhile. Raises AgentFault."""
        if self._tab is None:
            self._tab = await self._stack.enter_async_context(self._visits.tab())
        self.path, self.lost, self.stand = path, True, None
        status = await self._tab.open(path)
        self.lost, self.stand = False, Stand(path)
        return status, self._tab.take_events()

    async def mend(self) -> bool:
        """After a fault: give up a tab that the page has broken. Whether it was broken."""
        self.lost, self.stand = True, None
        if self._tab is None or not self._tab.broken:
            return False
        self._tab = None
        self.broken_tabs += 1
        await self._stack.aclose()
        self._stack = AsyncExitStack()
        return True

    async def notice_restlessness(self) -> None:
        """See whether the page changes by itself; leaves it as good as loaded anew."""
        before = await self.tab.fingerprint()
        await self.tab.wait(QUIET_MS)
        self.restless = await self.tab.fingerprint() != before
        if self.restless:
            await self.open(self.path)

    async def begin(self, control: Control, *, filled: bool = False, anew: bool = False) -> None:
        """Make the page stand as it does before ``control`` is tried; loads it only where it does not.

        Raises AgentFault and Gone.
        """
        wanted = Stand(self.path, control.via, filled)
        if self.stand == wanted and not anew:
            return
        await self.open(self.path)
        for step in control.via:
            await self.tab.press(await self.find(step))
        if filled:
            await fill(self.tab)
        self.tab.take_events()
        self.stand = wanted

    async def find(self, control: Control) -> Widget:
        """The control as it is now. Raises Gone."""
        widget = control.among(await self.tab.widgets())
        if widget is None or widget.disabled:
            raise Gone
        return widget

    async def act(self, control: Control, deed: Deed, *, filled: bool = False) -> Effect:
        """Do it where the page stands, and see what came of it. Raises AgentFault and Gone."""
        untouched = await self._untouched(control, deed, filled=filled) if self.restless else None
        widget = await self.find(control)
        await deed.ready(self.tab, widget)
        before = await deed.see(self.tab)
        early, late = untouched or (before, before)
        start = await self.tab.path()
        self.tab.take_events()
        await deed.do(self.tab, widget)
        effect = await self._effect(deed, early, start)
        if not effect.seen:
            await self.tab.wait(PATIENCE_MS)
            later = await self._effect(deed, late, start)
            effect = Effect(later.seen, later.left, later.went, effect.errors + later.errors)
        if effect.seen:
            self.stand, self.lost = None, effect.left
        return effect

    async def use_quietly(self, control: Control) -> bool:
        """Use a control for what it does to others; whether the page stands still again once that came to its end."""
        self.stand = None
        deed = DEEDS[Kind.FORM] if control.kind is Kind.FORM else PRESS
        await deed.ready(self.tab, await self.find(control))
        await deed.do(self.tab, await self.find(control))
        await self.calm_down()
        return not self.lost

    async def calm_down(self) -> tuple[str, ...]:
        """Let what was set off come to its end; returns the errors that came late.

        A page that it does not come to an end on, such as a player's, is lost: on it everything would look alive.
        """
        await self.tab.wait(FADE_MS)
        if not self.restless:
            before = await self.tab.fingerprint()
            await self.tab.wait(PATIENCE_MS)
            self.lost = self.lost or await self.tab.fingerprint() != before
        return _errors(self.tab.take_events())

    async def _untouched(self, control: Control, deed: Deed, *, filled: bool) -> tuple[str, str]:
        """What a page that changes by itself shows when nobody acts: time and chance on it repeat exactly."""
        await self.begin(control, filled=filled, anew=True)
        await deed.ready(self.tab, await self.find(control))
        await self.tab.wait(ACT_MS)
        early = await deed.see(self.tab)
        await self.tab.wait(PATIENCE_MS)
        late = await deed.see(self.tab)
        await self.begin(control, filled=filled, anew=True)
        return early, late

    async def _effect(self, deed: Deed, before: str, start: str) -> Effect:
        changed = await deed.see(self.tab) != before
        events = self.tab.take_events()
        went = await self.tab.path()
        left = any(not _is_jump(path, start) for path in events.navigations)
        return Effect(_noticed(events, changed=changed, left=left, went=went), left, went, _errors(events))


def _noticed(events: Events, *, changed: bool, left: bool, went: str) -> str:
    """The strongest sign that something happened."""
    if events.dialogs:
        return f"a dialog opened ({events.dialogs[0][:60]})"
    if events.downloads:
        return f"a download started ({events.downloads[0][:60]})"
    if events.popups:
        return f"a new window opened ({events.popups[0][:60]})"
    if left:
        return f"it led to {went}"
    return "the page changed" if changed else ""


def _errors(events: Events) -> tuple[str, ...]:
    console = [line.text for line in events.console if line.level == "error"]
    requests = [
        f"{request.method} {request.url}: {request.failure or f'HTTP {request.status}'}"
        for request in events.requests
        if not request.blocked
    ]
    return tuple(dict.fromkeys([*events.page_errors, *console, *requests]))


def _is_jump(path: str, start: str) -> bool:
    """Whether an address differs in its fragment alone: no document was loaded."""
    return "#" in path and path.partition("#")[0] == start.partition("#")[0]
