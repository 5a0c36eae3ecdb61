"""Who is at fault when a page does not do what it is asked: the page, or the browser.

Every call has a deadline that is kept outside the page. What goes wrong comes out as an ``AgentFault`` while the
browser still answers, and as a ``BrowserLost`` when it does not.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from playwright.async_api import Error, Page

from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.deadline import Overrun, within
from webgen_gym.browser.events import Recorder
from webgen_gym.errors import AgentFault, BrowserLost
from webgen_gym.limits import Limits

T = TypeVar("T")


class Faults:
    """Finds who is at fault on one page. ``broken`` is whether the page has stopped answering, for good."""

    def __init__(self, chromium: Chromium, page: Page, recorder: Recorder, limits: Limits) -> None:
        self._chromium = chromium
        self._page = page
        self._recorder = recorder
        self._limits = limits
        self.broken = False

    @property
    def gone(self) -> bool:
        """Whether the page can no longer be used: it broke, or its browser died in between."""
        return self.broken or self._page.is_closed()

    async def call(self, call: Awaitable[T], what: str, *, raw: bool = False) -> T:
        """Await under the deadline. With ``raw`` Playwright's errors pass, for a caller that can tell more.

        Raises:
            AgentFault: the page failed, or did not answer in time.
            BrowserLost: the browser is at fault.
        """
        try:
            return await within(self._limits.browser_op_s, what, call)
        except Overrun as overrun:
            raise await self.stuck(overrun) from overrun
        except Error as error:
            if raw:
                raise
            await self.raise_if_gone(error)
            raise AgentFault(f"The page failed during {what}: {reason(error)}.") from error

    async def stuck(self, overrun: Overrun) -> AgentFault | BrowserLost:
        """Who is at fault for a call that did not end: the page if the browser still answers."""
        self.broken = True
        if self._recorder.crashed:
            return AgentFault("The page crashed.")
        if await self._chromium.alive():
            return AgentFault(
                f"The page stopped answering: {overrun} (limits.browser_op_s). A script on it probably never ends."
            )
        await self._chromium.kill()
        return BrowserLost(f"The browser stopped answering: {overrun}.")

    async def raise_if_gone(self, error: Exception) -> None:
        """Raise the right fault if the page no longer exists; else return."""
        if self._recorder.flooded:
            self.broken = True
            raise AgentFault(f"The page opened more than {self._limits.dialogs} dialogs (limits.dialogs).") from error
        if not (self._recorder.crashed or self._page.is_closed() or "crash" in str(error).lower()):
            return
        self.broken = True
        if await self._chromium.alive():
            how = "crashed" if self._recorder.crashed or "crash" in str(error).lower() else "closed itself"
            raise AgentFault(f"The page {how}.") from error
        await self._chromium.kill()
        raise BrowserLost(f"The browser died: {reason(error)}.") from error


def reason(error: BaseException) -> str:
    """The telling first line of Playwright's message, without our own address in it."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    first = first.removeprefix("Page.goto: ").partition(" at http://")[0]
    return first.removeprefix("net::")
