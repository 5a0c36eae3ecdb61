"""One page of one site: opened, settled, looked at, used.

Holds: every call has a deadline outside the page; time on the page moves only when it is told to;
measuring happens in a world that the page's scripts cannot reach; dialogs are answered, pop-ups
and downloads refused. Does not hold: workers keep real time, and a page may notice that it is
automated.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from webgen_gym.browser import measure, traces
from webgen_gym.browser.base import Events, Place, Point, Window
from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.deadline import Overrun, within
from webgen_gym.browser.events import Recorder
from webgen_gym.browser.faults import Faults, reason
from webgen_gym.browser.outline import outline
from webgen_gym.browser.picture import picture
from webgen_gym.browser.settling import PageTime
from webgen_gym.browser.world import World, script
from webgen_gym.errors import AgentFault, BrowserLost
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import SITE_HOST, SITE_ORIGIN
from webgen_gym.types import Look, Widget

_AFTER_ACTION_MS = 400
_OUTSIDE = (-1, -1)
_HIDDEN_PX = 64


class SiteTab:
    """The real ``Tab``; made by ``open_tab``."""

    def __init__(self, chromium: Chromium, page: Page, cdp: CDPSession, world: World, limits: Limits) -> None:
        self._chromium = chromium
        self._page = page
        self._cdp = cdp
        self._limits = limits
        self._world = world
        self._recorder = Recorder(page, cdp, limits)
        self._faults = Faults(chromium, page, self._recorder, limits)
        self._time = PageTime(page, cdp, self._recorder, self._faults, limits)
        self._pointed = False

    @property
    def broken(self) -> bool:
        """Whether the page has stopped answering; see ``Tab.broken``."""
        return self._faults.broken

    @property
    def gone(self) -> bool:
        """Whether the tab can no longer be used: it broke, or its browser died in between."""
        return self._faults.gone

    # -------------------------------------------------------------- going somewhere

    async def open(self, path: str = "/") -> int:
        """Go to a path of the site and let it settle; see ``Tab.open``."""
        self._recorder.begin_document()
        self._world.begin_document()
        await self._time.goto(SITE_ORIGIN + path)
        await self._time.settle(self._limits.settle_virtual_ms)
        return self._recorder.document_status

    async def back(self) -> bool:
        """Go back in the tab's history; see ``Tab.back``."""
        history = await self._faults.call(self._cdp.send("Page.getNavigationHistory"), "reading the history")
        before = history["entries"][: history["currentIndex"]]
        if not before or not before[-1]["url"].startswith(SITE_ORIGIN):
            return False
        self._recorder.forget_requests_under_way()
        self._world.begin_document()
        await self._time.back()
        await self._time.settle(self._limits.settle_virtual_ms)
        return True

    async def rest(self) -> None:
        """Leave the site, so that its page does not react to what is done to the files."""
        await self._faults.call(self._page.goto("about:blank"), "leaving the site")

    async def acts_when_left(self) -> bool:
        """Whether the page listens to being left, and so may still store something then."""
        return await self._faults.call(traces.may_come(self._cdp), "asking what the page listens to")

    async def forget(self) -> None:
        """Clear what the site has stored, and take the mouse off it: the kept page is then as good as a new one."""
        if self._pointed:
            # First, since what the page hears of it may be stored. What lies under the mouse of the last
            # document lies under it in the next one too.
            await self._faults.call(self._page.mouse.move(*_OUTSIDE), "a mouse move")
            self._pointed = False
        await self._faults.call(traces.clear(self._cdp), "clearing what the site has stored")

    async def hide(self) -> None:
        """Shrink the window that nobody looks through: the page keeps its size, and little of it is painted.

        There is no picture of such a tab.
        """
        window = await self._faults.call(self._cdp.send("Browser.getWindowForTarget"), "asking for the window")
        bounds = {"windowId": window["windowId"], "bounds": {"width": _HIDDEN_PX, "height": _HIDDEN_PX}}
        await self._faults.call(self._cdp.send("Browser.setWindowBounds", bounds), "shrinking the window")

    async def path(self) -> str:
        """The path, query and fragment of the current address; another origin whole."""
        url = self._page.url
        return url[len(SITE_ORIGIN) :] or "/" if url.startswith(SITE_ORIGIN) else url

    # -------------------------------------------------------------- looking

    async def look(self, *, picture: bool = True) -> Look:
        """A full look at the page as it is now; see ``Tab.look``."""
        title = str(await self._eyes("still()"))
        shot, raw = await asyncio.gather(self._shot(picture), self._eyes(f"measure({self._measuring()})"))
        measured = measure.measurements(raw)
        events = self.take_events()
        size = self._page.viewport_size or {"width": 0, "height": 0}
        return Look(
            screenshot=shot,
            width=size["width"],
            height=size["height"],
            url=await self.path(),
            status=self._recorder.document_status,
            title=title[:300],
            console=events.console,
            page_errors=events.page_errors,
            requests=events.requests,
            accessibility=outline(measured.elements, self._limits.text_bytes),
            measurements=measured,
            settled=self._time.settled,
            problem=self._off_site(),
        )

    async def places(self) -> tuple[Place, ...]:
        """Where the elements stand that a look would measure; see ``Tab.places``."""
        return measure.places(await self._eyes(f"places({self._limits.elements})"))

    async def window(self, *, picture: bool = True) -> Window:
        """What is in the window now; see ``Tab.window``."""
        await self._eyes("still()")
        raw = await self._ask(f"webgenWindow.read({self._limits.elements})")
        return measure.window(raw, await self._shot(picture))

    async def text(self) -> str:
        """The visible text of the whole page."""
        return str(await self._eyes("text()"))[: self._limits.text_bytes]

    async def fingerprint(self) -> str:
        """A hash of what a person would notice; see ``Tab.fingerprint``."""
        seen = str(await self._eyes("fingerprint()"))
        return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()

    async def has_target(self, fragment: str) -> bool:
        """Whether a link to ``#fragment`` leads to a place on the page."""
        return bool(await self._eyes(f"target({json.dumps(fragment)})"))

    def take_events(self) -> Events:
        """What happened since the last call; forgets it."""
        return self._recorder.take()

    # -------------------------------------------------------------- using

    async def widgets(self) -> tuple[Widget, ...]:
        """The controls that a person could use now; see ``Tab.widgets``."""
        return measure.widgets(await self._hands("widgets()"))

    async def point(self, widget: Widget) -> None:
        """Lay mouse and focus on the widget; see ``Tab.point``."""
        spot = await self._hands(f"reach({widget.index}, true)")
        self._refuse(spot, "pressed", widget)
        self._pointed = True
        await self._faults.call(self._page.mouse.move(spot["x"], spot["y"]), "a mouse move")
        await self._time.settle(_AFTER_ACTION_MS)

    async def press(self, widget: Widget, at: Point | None = None) -> None:
        """Click the widget; see ``Tab.press``."""
        spot = await self._hands(f"reach({widget.index}, false, {json.dumps(at)})")
        self._refuse(spot, "pressed", widget)
        self._pointed = True
        await self._faults.call(self._page.mouse.click(spot["x"], spot["y"]), "a mouse click")
        await self._time.settle(_AFTER_ACTION_MS)

    async def type(self, widget: Widget, text: str) -> None:
        """Replace what is in a field; see ``Tab.type``."""
        spot = await self._hands(f"focus({widget.index})")
        self._refuse(spot, "typed into", widget)
        if spot.get("direct"):
            await self._hands(f"put({widget.index}, {json.dumps(text)})")
        else:
            await self._faults.call(self._enter(text), "typing")
        await self._time.settle(_AFTER_ACTION_MS)

    async def _enter(self, text: str) -> None:
        """Put a text in the place of what is selected; its last sign comes by key, for those who listen to keys."""
        keyboard = self._page.keyboard
        if len(text) != 1:
            await (keyboard.insert_text(text[:-1]) if text else keyboard.press("Delete"))
        if text:
            await keyboard.type(text[-1])

    async def choose(self, widget: Widget, option: str) -> None:
        """Choose an option of a select; see ``Tab.choose``."""
        self._refuse(await self._hands(f"pick({widget.index}, {json.dumps(option)})"), "set", widget)
        await self._time.settle(_AFTER_ACTION_MS)

    async def key(self, name: str) -> None:
        """Press one key where the focus is."""
        await self._faults.call(self._page.keyboard.press(name), "a key press")
        await self._time.settle(_AFTER_ACTION_MS)

    async def scroll(self, widget: Widget | None, *, down: bool) -> bool:
        """Scroll what holds the widget, or the page; see ``Tab.scroll``."""
        scrolled = await self._hands(f"scroll({-1 if widget is None else widget.index}, {json.dumps(down)})")
        if widget is not None:
            self._refuse(scrolled, "scrolled", widget)
        await self._time.settle(_AFTER_ACTION_MS)
        return bool(scrolled["moved"])

    async def wait(self, milliseconds: int) -> None:
        """Let the page's clock run on."""
        await self._time.settle(milliseconds)

    async def close(self) -> None:
        """Close the page and its context; a page that cannot be closed costs the browser."""
        try:
            await within(self._limits.stop_s, "closing a page", self._page.context.close())
        except Overrun:
            await self._chromium.kill()
        except Error:
            # Already gone with its browser.
            return

    # -------------------------------------------------------------- the page's other world

    async def _eyes(self, call: str) -> Any:
        return await self._ask(f"webgenEyes.{call}")

    async def _hands(self, call: str) -> Any:
        return await self._ask(f"webgenHands.{call}")

    async def _ask(self, expression: str) -> Any:
        for attempt in (1, 2):
            try:
                return await self._faults.call(self._world.evaluate(expression), "measuring the page", raw=True)
            except Error as error:
                self._world.forget()
                await self._faults.raise_if_gone(error)
                if attempt == 2:
                    raise AgentFault(f"The page could not be measured: {reason(error)}.") from error
                await self._time.loaded()
        raise AssertionError("unreachable")

    async def _shot(self, wanted: bool) -> bytes:
        return await self._faults.call(picture(self._cdp), "taking a screenshot") if wanted else b""

    def _measuring(self) -> str:
        limits = self._limits
        bounds = {"elements": limits.elements, "contrastKinds": limits.contrast_kinds, "text": limits.text_bytes}
        return json.dumps(bounds)

    def _refuse(self, spot: object, verb: str, widget: Widget) -> None:
        problem = spot.get("problem") if isinstance(spot, dict) else None
        if problem:
            raise AgentFault(f"The {widget.role} '{widget.name}' could not be {verb}: {problem}.")

    def _off_site(self) -> str:
        host = urlsplit(self._page.url).hostname
        return "" if host == SITE_HOST else f"The page went to another site, {self._page.url}, which is out of reach."


async def open_tab(chromium: Chromium, proxy: str, viewport: tuple[int, int], limits: Limits) -> SiteTab:
    """A tab in a context of its own: nothing stored, no way out but ``proxy``.

    Raises:
        BrowserLost: the browser cannot be started or does not answer.
    """
    context = await chromium.context(proxy, viewport)
    try:
        return await within(limits.browser_op_s, "opening a page", _prepare(chromium, context, limits))
    except (Error, Overrun) as error:
        await chromium.kill()
        raise BrowserLost(f"The browser did not open a page: {reason(error)}.") from error


async def _prepare(chromium: Chromium, context: BrowserContext, limits: Limits) -> SiteTab:
    await context.add_init_script(script("clock"))
    page = await context.new_page()
    page.set_default_timeout(limits.browser_op_s * 1000)
    cdp = await context.new_cdp_session(page)
    await cdp.send("Page.enable")
    world = World(cdp)
    await world.prepare()
    return SiteTab(chromium, page, cdp, world, limits)
