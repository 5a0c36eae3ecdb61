"""The one Chromium of a process: started when first needed, replaced when it dies.

All sites share it. Each session has browser contexts of its own (cookies, storage, proxy), so a
page that breaks costs its tab; only when the browser itself no longer answers is it killed and
started again, which the other sessions see as a BrowserLost that is replayed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import uuid
from pathlib import Path

import psutil
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from webgen_gym.browser import fonts
from webgen_gym.browser.deadline import Overrun, within
from webgen_gym.browser.find import find_browser
from webgen_gym.errors import BrowserLost
from webgen_gym.limits import Limits

# This flag takes the place of Playwright's own, so what matters of that is repeated.
_UNWANTED = (
    # nothing of its own accord
    "Translate",
    "OptimizationHints",
    "MediaRouter",
    "DialMediaRouteProvider",
    "NetworkTimeServiceQuerying",
    "LensOverlay",
    # addresses as they are written
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    # a new document in the old frame: going to another page of a site costs a quarter less
    "RenderDocument",
    "PaintHolding",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "ThirdPartyStoragePartitioning",
    "DestroyProfileOnBrowserClose",
)
_FLAGS = (
    # nothing of its own accord
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    f"--disable-features={','.join(_UNWANTED)}",
    # no way round the proxy
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    # the same pixels everywhere
    "--disable-gpu",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--disable-smooth-scrolling",
    "--hide-scrollbars",
)


class Chromium:
    """A browser that is there whenever it is asked for. Used from one event loop only."""

    def __init__(self, limits: Limits, executable: str | Path | None = None) -> None:
        self._limits = limits
        self._executable = executable
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._marker = ""
        self._folder: Path | None = None
        self._starting = asyncio.Lock()

    async def version(self) -> str:
        """Chromium's version; starts it if need be. Raises BrowserLost."""
        return (await self._running()).version

    async def context(self, proxy: str, viewport: tuple[int, int]) -> BrowserContext:
        """A fresh context that can reach nothing but ``proxy``.

        Raises:
            BrowserLost: the browser cannot be started, or does not answer.
        """
        browser = await self._running()
        width, height = viewport
        call = browser.new_context(
            proxy={"server": proxy, "bypass": "<-loopback>"},
            viewport={"width": width, "height": height},
            device_scale_factor=1,
            locale="en-US",
            timezone_id="UTC",
            color_scheme="light",
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
        )
        try:
            return await within(self._limits.browser_op_s, "opening a browser context", call)
        except (Error, Overrun) as error:
            await self.kill()
            raise BrowserLost(f"The browser did not open a new context: {error}") from error

    async def alive(self) -> bool:
        """Whether the browser still answers: the probe that tells a stuck page from a stuck browser."""
        browser = self._browser
        if browser is None or not browser.is_connected():
            return False
        try:
            page = await within(5.0, "probing the browser", browser.new_page())
            await within(5.0, "probing the browser", page.context.close())
        except (Error, Overrun):
            return False
        return True

    async def restart(self) -> bool:
        """Start a new browser; whether it works."""
        await self.kill()
        try:
            await self._running()
        except BrowserLost:
            return False
        return await self.alive()

    async def kill(self) -> None:
        """End the browser's processes at once; the next context starts a new one."""
        browser, self._browser = self._browser, None
        for process in _marked(self._marker):
            with contextlib.suppress(psutil.Error):
                process.kill()
        if browser is not None:
            with contextlib.suppress(Error, Overrun):
                await within(5.0, "closing the browser", browser.close())

    async def close(self) -> None:
        """End the browser and Playwright's driver. Safe to call twice."""
        browser, self._browser = self._browser, None
        if browser is not None:
            with contextlib.suppress(Error, Overrun):
                await within(5.0, "closing the browser", browser.close())
        for process in _marked(self._marker):
            with contextlib.suppress(psutil.Error):
                process.kill()
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            with contextlib.suppress(Error, Overrun):
                await within(5.0, "closing the browser's driver", playwright.stop())
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    async def _running(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._start()
            return self._browser

    async def _start(self) -> Browser:
        executable = find_browser(self._executable)
        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            return await self._launch(self._playwright, executable)
        except (Error, Overrun, OSError) as error:
            raise BrowserLost(f"The browser {executable} did not start: {_first_line(error)}") from error

    async def _launch(self, playwright: Playwright, executable: Path) -> Browser:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="webgen-browser-"))
        self._marker = f"--webgen-browser={uuid.uuid4().hex}"
        call = playwright.chromium.launch(
            executable_path=str(executable),
            args=[*_FLAGS, self._marker],
            # Chromium refuses its own sandbox to root; containers and CI run as root.
            chromium_sandbox=hasattr(os, "geteuid") and os.geteuid() != 0,
            env={**_environment(), "FONTCONFIG_FILE": str(fonts.write_config(self._folder))},
        )
        return await within(self._limits.browser_start_s, "starting the browser", call)


def _environment() -> dict[str, str | float | bool]:
    """What the browser needs of our environment, and nothing else of it."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _marked(marker: str) -> list[psutil.Process]:
    """The processes below us that carry the marker: Playwright's Python side tells no process id."""
    if not marker:
        return []
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if marker in process.cmdline():
                found.append(process)
    return found


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
