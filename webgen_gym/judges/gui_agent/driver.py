"""Acts on one site in one tab, and sees what came of it.

Holds: the site is never left (a page that goes elsewhere is taken back), every call has the tab's deadline, a page
that stops answering costs its tab and not the test, what an action did is told in sentences. Does not hold: what
opens in a new tab is opened in this one, so the page before it is loaded anew on the way back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import MappingProxyType

from webgen_gym.browser.base import Events, Tab, Visits
from webgen_gym.errors import AgentFault
from webgen_gym.judges.gui_agent.actions import Action, Unusable, Verb, direction_of, key_of, point_of
from webgen_gym.judges.gui_agent.page import Seen, digest_of, quoted
from webgen_gym.limits import Limits
from webgen_gym.types import Widget

START = "/"
WAIT_MS = 3000
# Each may cost the full limits of a page that hangs; the time that is left for the answer must outlast them.
ATTEMPTS = 2
EVENTS_TOLD = 3


class Driver:
    """One visitor of one site; an async context manager. BrowserLost passes."""

    def __init__(self, visits: Visits, limits: Limits) -> None:
        self._visits = visits
        self._limits = limits
        self._stack = AsyncExitStack()
        self._tab: Tab | None = None
        self._path = START

    async def __aenter__(self) -> Driver:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def open(self) -> int:
        """Load the first page; returns its HTTP status. Raises AgentFault."""
        return await (await self._usable_tab()).open(START)

    async def see(self, *, picture: bool) -> Seen:
        """What the site shows now, after everything that came of the last action.

        Raises AgentFault where neither the page nor the first one can be shown any more.
        """
        notes: list[str] = []
        for _ in range(ATTEMPTS):
            try:
                notes += await self._happened()
                seen = await self._look(picture=picture)
            except AgentFault as fault:
                notes.append(f"The page failed: {self._quoted(fault.message)}.")
                await self._reopen()
                continue
            if seen.path.startswith("/"):
                self._path = seen.path
                return Seen(seen.path, seen.window, seen.digest, tuple(notes))
            where = self._quoted(seen.path)
            notes.append(f"The page led to {where}, which is out of reach, so the page before was opened again.")
            await self._reopen()
        raise AgentFault(notes[-1])

    async def do(self, action: Action, seen: Seen) -> str:
        """Do it on the page that was seen; returns what became of it, in a sentence. Never the page's fault here."""
        deed = _DEEDS.get(action.verb)
        if deed is None:
            return ""
        try:
            return await deed(await self._usable_tab(), action, _widget(action, seen))
        except Unusable as unusable:
            return f"Not done: {unusable}"
        except AgentFault as fault:
            return f"Not done: {self._quoted(fault.message)}."

    async def _look(self, *, picture: bool) -> Seen:
        """One look; the address is read last, because a page may leave while it is looked at."""
        tab = await self._usable_tab()
        window = await tab.window(picture=picture)
        fingerprint = await tab.fingerprint()
        path = await tab.path()
        return Seen(path, window, digest_of(path, window, fingerprint))

    async def _happened(self) -> list[str]:
        """What the page did since the last look; a new tab of the site is followed."""
        tab = await self._usable_tab()
        events = tab.take_events()
        notes = self._told(events)
        inner = [path for path in events.popups if path.startswith("/")]
        if inner:
            await tab.open(inner[-1])
            notes += self._told(tab.take_events())
        return notes

    def _told(self, events: Events) -> list[str]:
        """Events in sentences; every text of the page in quotes."""
        kinds = (
            ("The browser asked, and it was confirmed: {}.", events.dialogs),
            ("A new tab opened: {}.", events.popups),
            ("A download began: {}.", events.downloads),
            ("A script on the page failed: {}.", events.page_errors),
        )
        return [sentence.format(self._quoted(text)) for sentence, texts in kinds for text in texts[:EVENTS_TOLD]]

    def _quoted(self, text: str) -> str:
        """A text that the page has a say in: also the message of a fault holds its words."""
        return quoted(text, self._limits.gui_agent_quoted_chars)

    async def _reopen(self) -> None:
        """Show the last page again, or else the first, in a new tab where this one broke. Raises AgentFault."""
        try:
            await (await self._usable_tab()).open(self._path)
        except AgentFault:
            self._path = START
            await (await self._usable_tab()).open(START)

    async def _usable_tab(self) -> Tab:
        """The tab, or a new one where there is none that works."""
        if self._tab is not None and self._tab.broken:
            self._tab = None
            await self._stack.aclose()
            self._stack = AsyncExitStack()
        if self._tab is None:
            self._tab = await self._stack.enter_async_context(self._visits.tab())
        return self._tab


# ------------------------------------------------------------------ the deeds


def _widget(action: Action, seen: Seen) -> Widget | None:
    """The control that is meant, None for none. Raises Unusable."""
    if action.mark == 0:
        return None
    if action.mark > len(seen.window.widgets):
        raise Unusable(f"There is no control [{action.mark}]; the page has {len(seen.window.widgets)}.")
    return seen.window.widgets[action.mark - 1]


def _needed(action: Action, widget: Widget | None) -> Widget:
    if widget is None:
        raise Unusable(f"'{action.verb}' needs the number of a control in 'mark'.")
    return widget


async def _click(tab: Tab, action: Action, widget: Widget | None) -> str:
    target, at = _needed(action, widget), point_of(action)
    await tab.press(target, at)
    return f"Clicked [{action.mark}]{f' at {action.text.strip()}' if at else ''}."


async def _type(tab: Tab, action: Action, widget: Widget | None) -> str:
    target = _needed(action, widget)
    if target.input_type == "file":
        raise Unusable("Files cannot be uploaded.")
    text = action.text.removesuffix("\n")
    await tab.type(target, text)
    if text == action.text:
        return f"Typed into [{action.mark}]."
    await tab.key("Enter")
    return f"Typed into [{action.mark}] and pressed Enter."


async def _select(tab: Tab, action: Action, widget: Widget | None) -> str:
    target = _needed(action, widget)
    if not target.options:
        raise Unusable(f"[{action.mark}] is no select with options; click it instead.")
    option = " ".join(action.text.split())
    if option not in target.options:
        raise Unusable(f"[{action.mark}] has no option {option!r}.")
    await tab.choose(target, option)
    return f"Chose {option!r} in [{action.mark}]."


async def _key(tab: Tab, action: Action, widget: Widget | None) -> str:
    key = key_of(action)
    if widget is not None:
        await tab.point(widget)
    await tab.key(key)
    return f"Pressed {key}."


async def _scroll(tab: Tab, action: Action, widget: Widget | None) -> str:
    moved = await tab.scroll(widget, down=direction_of(action))
    return f"Scrolled {action.text}." if moved else f"It does not scroll further {action.text}."


async def _back(tab: Tab, action: Action, widget: Widget | None) -> str:
    return "Went back." if await tab.back() else "There is no page before this one."


async def _wait(tab: Tab, action: Action, widget: Widget | None) -> str:
    await tab.wait(WAIT_MS)
    return f"Waited {WAIT_MS // 1000} s."


Deed = Callable[[Tab, Action, Widget | None], Awaitable[str]]
_DEEDS: Mapping[Verb, Deed] = MappingProxyType(
    {
        Verb.CLICK: _click,
        Verb.TYPE: _type,
        Verb.SELECT: _select,
        Verb.KEY: _key,
        Verb.SCROLL: _scroll,
        Verb.BACK: _back,
        Verb.WAIT: _wait,
    }
)
