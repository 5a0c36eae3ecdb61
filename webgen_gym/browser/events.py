"""What a page says and does while it is open: console, errors, requests, dialogs, pop-ups."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, ConsoleMessage, Dialog, Error, Frame, Page, Response
from playwright.async_api import Request as PageRequest

from webgen_gym.browser.base import Events
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import SITE_HOST
from webgen_gym.types import ConsoleLine, Request

# They stay open for as long as the page lives, so a page that uses them would never be quiet.
_ENDLESS = frozenset({"websocket", "eventsource", "media", "ping"})


class Recorder:
    """Listens to one page. Everything that it keeps is bounded by the limits.

    ``traffic`` is how many requests have been made that can come to an end.
    """

    def __init__(self, page: Page, cdp: CDPSession, limits: Limits) -> None:
        self._limits = limits
        self._console: Counter[tuple[str, str]] = Counter()
        self._errors: list[str] = []
        self._requests: list[Request] = []
        self._dialogs: list[str] = []
        self._popups: list[str] = []
        self._downloads: list[str] = []
        self._navigations: list[str] = []
        self._in_flight: set[PageRequest] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._page = page
        self.crashed = False
        self.flooded = False
        self.document_status = 0
        self.traffic = 0
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)
        page.on("dialog", self._on_dialog)
        page.on("popup", self._on_popup)
        # Playwright tells of a pop-up once it has loaded; the protocol tells when it is asked for.
        cdp.on("Page.windowOpen", lambda event: self._keep(self._popups, _site_path(event["url"])))
        page.on("download", lambda download: self._keep(self._downloads, _site_path(download.url)))
        page.on("framenavigated", self._on_navigated)
        page.on("crash", self._on_crash)

    async def quiet(self) -> None:
        """Return when no request is under way."""
        await self._quiet.wait()

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return bool(self._in_flight)

    def begin_document(self) -> None:
        """A new document: what the old one asked for is nobody's concern."""
        self.document_status = 0
        self.forget_requests_under_way()

    def forget_requests_under_way(self) -> None:
        """Wait no longer for what was asked for so far."""
        self._in_flight.clear()
        self._quiet.set()

    def take(self) -> Events:
        """Everything since the last call."""
        console = [ConsoleLine(level, text, count) for (level, text), count in self._console.items()]
        events = Events(
            console=tuple(console[: self._limits.console_lines]),
            page_errors=tuple(dict.fromkeys(self._errors)),
            # In which order answers arrive is chance.
            requests=tuple(sorted(dict.fromkeys(self._requests), key=lambda request: (request.url, request.method))),
            dialogs=tuple(self._dialogs),
            popups=tuple(self._popups),
            downloads=tuple(self._downloads),
            navigations=tuple(self._navigations),
        )
        self._console.clear()
        for kept in (self._errors, self._requests, self._dialogs, self._popups, self._downloads, self._navigations):
            kept.clear()
        return events

    # -------------------------------------------------------------- listeners

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text.startswith("Failed to load resource"):
            # The browser's own echo of a failed request, which is recorded as such.
            return
        level = message.type if message.type in {"error", "warning", "info", "debug"} else "log"
        key = (level, message.text[:500])
        if key in self._console or len(self._console) < self._limits.console_lines:
            self._console[key] += 1

    def _on_error(self, error: Error) -> None:
        self._keep(self._errors, f"{error.name}: {error.message}"[:500] if error.name else error.message[:500])

    def _on_request(self, request: PageRequest) -> None:
        if request.resource_type in _ENDLESS:
            return
        self.traffic += 1
        self._in_flight.add(request)
        self._quiet.clear()

    def _on_finished(self, request: PageRequest) -> None:
        self._in_flight.discard(request)
        if not self._in_flight:
            self._quiet.set()

    def _on_failed(self, request: PageRequest) -> None:
        self._on_finished(request)
        failure = (request.failure or "failed").removeprefix("net::")
        if failure == "ERR_ABORTED":
            # The page itself gave up on it, by navigating or aborting.
            return
        self._record(request, 0, failure)

    def _on_response(self, response: Response) -> None:
        request = response.request
        # A pop-up's first request has no frame yet, and asking for it raises.
        with contextlib.suppress(Error):
            if request.is_navigation_request() and request.frame == self._page.main_frame:
                self.document_status = response.status
        if response.status >= 400:
            self._record(request, response.status, "")

    def _record(self, request: PageRequest, status: int, failure: str) -> None:
        blocked = urlsplit(request.url).hostname != SITE_HOST
        if len(self._requests) < self._limits.requests_listed:
            url = request.url if blocked else _site_path(request.url)
            self._requests.append(
                Request(url[:300], request.method, 0 if blocked else status, blocked, "" if blocked else failure)
            )

    async def _on_dialog(self, dialog: Dialog) -> None:
        self._keep(self._dialogs, f"{dialog.type}: {dialog.message}"[:200])
        with contextlib.suppress(Error):
            if len(self._dialogs) >= self._limits.dialogs:
                self.flooded = True
                await self._page.close()
            elif dialog.type == "prompt":
                await dialog.accept(dialog.default_value or "Sample")
            else:
                await dialog.accept()

    async def _on_popup(self, popup: Page) -> None:
        with contextlib.suppress(Error):
            await popup.close()

    def _on_navigated(self, frame: Frame) -> None:
        if frame == self._page.main_frame:
            self._keep(self._navigations, _site_path(frame.url))

    async def _on_crash(self, page: Page) -> None:
        self.crashed = True
        self.forget_requests_under_way()
        # Calls that wait for a crashed page are answered only when it is closed.
        with contextlib.suppress(Error):
            await page.close()

    def _keep(self, kept: list[str], text: str) -> None:
        if len(kept) < self._limits.requests_listed:
            kept.append(text)


def _site_path(url: str) -> str:
    """The part of a URL after the site's own origin; another origin stays whole."""
    if url.startswith("blob:"):
        # The rest is chance.
        return "blob:"
    prefix = f"http://{SITE_HOST}"
    return url[len(prefix) :] or "/" if url.startswith(prefix) else url
