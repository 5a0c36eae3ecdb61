"""The time of a page: it passes only when it is told to, and a page has settled when enough of it has passed.

Loading and the network take real time, which is bounded; what the page's own clock counts passes at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from playwright.async_api import CDPSession, Error, Page

from webgen_gym.browser.deadline import Overrun, within
from webgen_gym.browser.events import Recorder
from webgen_gym.browser.faults import Faults, reason
from webgen_gym.errors import AgentFault
from webgen_gym.limits import Limits

_PORTION = 0.1


class PageTime:
    """Loads documents into one page and lets them settle. ``settled`` is whether this one has done so in time.

    Everything here raises AgentFault where the page is at fault, and BrowserLost where the browser is.
    """

    def __init__(self, page: Page, cdp: CDPSession, recorder: Recorder, faults: Faults, limits: Limits) -> None:
        self._page = page
        self._cdp = cdp
        self._recorder = recorder
        self._faults = faults
        self._limits = limits
        self.settled = True

    async def goto(self, url: str) -> None:
        """Navigate and wait for the load event; a page that loads for ever is looked at as it is."""
        limit_s = self._limits.page_load_s
        self.settled = await self._arrived(self._page.goto(url, timeout=limit_s * 1000))
        if not self.settled and self._page.url != url:
            raise AgentFault(f"The site's server sent no page within {limit_s:g} s (limits.page_load_s).")

    async def back(self) -> None:
        """Go one step back in the history and wait for the load event."""
        self.settled = await self._arrived(self._page.go_back(timeout=self._limits.page_load_s * 1000))

    async def loaded(self) -> None:
        """Wait for a document that the page went to by itself."""
        limit_s = self._limits.page_load_s
        try:
            await within(limit_s, "loading the page", self._page.wait_for_load_state("load", timeout=limit_s * 1000))
        except (Overrun, Error) as error:
            await self._faults.raise_if_gone(error)
            self.settled = False

    async def settle(self, virtual_ms: int) -> None:
        """Run the page's clock on by ``virtual_ms`` in all, waiting for the network whenever something is asked for."""
        loop = asyncio.get_running_loop()
        stop = loop.time() + self._limits.settle_cap_s
        portion = virtual_ms * _PORTION
        left_ms = float(virtual_ms)
        share = portion
        while True:
            left_s = stop - loop.time()
            if left_s <= 0:
                self.settled = False
                return
            traffic = self._recorder.traffic
            idle_ms = 0.0 if self._recorder.busy else max(left_ms - share, 0.0)
            idle_ms = await self._advance(share, idle_ms, left_s)
            left_ms -= share
            waited = self._recorder.busy
            if self._recorder.traffic == traffic:
                # Else it passes once more, for what an answer sets off.
                left_ms -= idle_ms
            await self._network(left_s)
            if left_ms <= 0 and not waited:
                return
            # What an answer sets off gets its time too; where nothing was asked for, one go is enough.
            share = min(portion, max(left_ms, 0.0)) or portion if waited else left_ms

    async def _arrived(self, going: Awaitable[object]) -> bool:
        """Whether a navigation came to its load event in time."""
        try:
            await within(self._limits.page_load_s + 5, "loading the page", going)
        except Overrun as overrun:
            raise await self._faults.stuck(overrun) from overrun
        except Error as error:
            await self._faults.raise_if_gone(error)
            if "Timeout" not in str(error):
                raise AgentFault(f"The page could not be loaded: {reason(error)}.") from error
            return False
        return True

    async def _advance(self, virtual_ms: float, idle_ms: float, real_s: float) -> float:
        """Move the clock on, and by ``idle_ms`` more if nothing is due then; returns what of these has passed."""
        advance = f"__webgenClock.advance({virtual_ms}, {real_s * 1000}, {idle_ms})"
        expression = f"globalThis.__webgenClock ? {advance} : 0"
        call = self._cdp.send(
            "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
        )
        try:
            answer = await within(self._limits.browser_op_s, "the page's own scripts", call)
        except Overrun as overrun:
            raise await self._faults.stuck(overrun) from overrun
        except Error as error:
            # The page went elsewhere in the middle: its new document settles instead.
            await self._faults.raise_if_gone(error)
            await self.loaded()
            return 0.0
        passed_ms = float(answer.get("result", {}).get("value", 0))
        self.settled = self.settled and passed_ms >= 0
        return max(passed_ms, 0.0)

    async def _network(self, limit_s: float) -> None:
        if not self._recorder.busy:
            return
        try:
            await within(limit_s, "waiting for the network", self._recorder.quiet())
        except Overrun:
            self.settled = False
