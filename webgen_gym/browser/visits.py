"""One site and the tabs that are opened on it: a kept one for looks, clean ones for judges."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Tab
from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.tab import SiteTab, open_tab
from webgen_gym.errors import AgentFault, BrowserLost, InfraFault
from webgen_gym.limits import Limits
from webgen_gym.types import Look


class SiteVisits:
    """The real ``Visits``, and the session's eye. Everything goes through one door of the gateway.

    Whoever changes what is served says so in ``site``. ``before`` is awaited before anything is visited.
    """

    def __init__(
        self,
        chromium: Chromium,
        proxy: str,
        viewport: Size,
        limits: Limits,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._chromium = chromium
        self._proxy = proxy
        self._viewport = viewport
        self._limits = limits
        self._before = before
        self._kept: SiteTab | None = None
        self._lent = False
        self._looks = 0
        self.site = ""

    async def look(self, path: str = "/") -> Look:
        """Look at a path of the site in the kept tab, as a first-time visitor would see it.

        A page that cannot be shown gives a Look with a ``problem`` and no screenshot.

        Raises:
            BrowserLost: the browser is at fault.
        """
        await self._ready()
        try:
            tab = await self._cleaned()
            await tab.open(path)
            return await tab.look()
        except AgentFault as fault:
            await self._drop()
            return measure.unseen(self._viewport, fault.message)
        except BrowserLost:
            await self._drop()
            raise

    async def rest(self) -> None:
        """Leave the site with the kept tab: a dev server's page would reload itself while files change.

        Raises:
            BrowserLost: the browser is at fault.
        """
        if self._kept is None or self._kept.gone:
            return
        try:
            await self._kept.rest()
        except AgentFault:
            await self._drop()

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        """A clean tab: the kept one where that is free and of this size, else one that is closed after the block."""
        return self._clean_tab(viewport or self._viewport)

    async def close(self) -> None:
        """Close the kept tab. Safe to call twice."""
        await self._drop()

    @asynccontextmanager
    async def _clean_tab(self, viewport: Size) -> AsyncIterator[Tab]:
        # Asked when the block begins: whoever came first has the kept one by then.
        ours = viewport == self._viewport and not self._lent
        async with self._lend() if ours else self._new_tab(viewport) as tab:
            yield tab

    @asynccontextmanager
    async def _lend(self) -> AsyncIterator[Tab]:
        """The kept tab, cleaned, which costs half of what a new one does."""
        self._lent = True
        try:
            await self._ready()
            yield await self._cleaned()
        except (InfraFault, asyncio.CancelledError):
            # It died, or was left in the middle of something when its time was up.
            await self._drop()
            raise
        finally:
            self._lent = False

    @asynccontextmanager
    async def _new_tab(self, viewport: Size) -> AsyncIterator[Tab]:
        await self._ready()
        tab = await open_tab(self._chromium, self._proxy, viewport, self._limits)
        try:
            yield tab
        finally:
            await tab.close()

    async def _ready(self) -> None:
        if self._before is not None:
            await self._before()

    async def _cleaned(self) -> SiteTab:
        """The kept tab, as good as a new one; what its page did since belongs to nobody."""
        tab = await self._kept_tab()
        try:
            await clean(tab)
        except AgentFault:
            # The page that it still shows does not let go of it.
            await self._drop()
            tab = await self._kept_tab()
        return tab

    async def _kept_tab(self) -> SiteTab:
        # Playwright remembers every request of a page until the page is closed.
        if self._kept is None or self._kept.gone or self._looks >= self._limits.looks_per_tab:
            await self._drop()
            self._kept = await open_tab(self._chromium, self._proxy, self._viewport, self._limits)
            self._looks = 0
        self._looks += 1
        return self._kept

    async def _drop(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.close()


async def clean(tab: SiteTab) -> None:
    """Make a tab that was used as good as a new one. Raises AgentFault where its page does not let go of it."""
    if await tab.acts_when_left():
        # Else what the page stores on leaving is there for the next one.
        await tab.rest()
    await tab.forget()
    tab.take_events()
