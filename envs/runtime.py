"""The one event loop of a process, in a thread of its own, and the browser that lives on it.

Gymnasium is synchronous and everything below is not. A loop that we own works the same in a script, in
Jupyter, inside somebody's asyncio program and in a forked worker.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from webgen_gym.browser.chromium import Chromium
from webgen_gym.concurrency import Concurrency, Gates
from webgen_gym.engine import Engine
from webgen_gym.limits import Limits

T = TypeVar("T")


class Runtime:
    """A loop in a thread, and the browsers that its users share. Ended by its last user."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="webgen-gym", daemon=True)
        self._thread.start()
        self._browsers: dict[str, Chromium] = {}
        self._gates: dict[Concurrency, Gates] = {}
        self._users = 0
        self._lock = threading.Lock()

    def engine(
        self,
        limits: Limits,
        browser: str | None = None,
        *,
        concurrency: Concurrency | None = None,
        keeps_looks: bool = False,
    ) -> Engine:
        """An engine on the shared browser; one call of ``leave`` belongs to each. Equal limits share their lines."""
        allowed = concurrency or Concurrency.of_machine()
        with self._lock:
            self._users += 1
            key = browser or ""
            if key not in self._browsers:
                self._browsers[key] = self.run(_made(limits, browser))
            gates = self._gates.setdefault(allowed, Gates(allowed))
            return Engine(limits, self._browsers[key], gates, keeps_looks=keeps_looks)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for it. An interrupt cancels it first."""
        future = self.submit(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def leave(self) -> None:
        """One user less; the last one closes the browsers. The loop stays for the next."""
        with self._lock:
            self._users -= 1
            if self._users > 0:
                return
            browsers, self._browsers = self._browsers, {}
        for browser in browsers.values():
            self.run(browser.close())

    def end(self) -> None:
        """Close the browsers, whoever uses them, and stop the loop."""
        if not self._thread.is_alive():
            return
        for browser in self._browsers.values():
            self.run(browser.close())
        self._browsers.clear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()


_shared: Runtime | None = None


def shared_runtime() -> Runtime:
    """The runtime of this process; a forked child makes its own, since threads do not survive a fork."""
    global _shared
    if _shared is None or _shared.pid != os.getpid():
        _shared = Runtime()
        atexit.register(_shared.end)
    return _shared


async def _made(limits: Limits, browser: str | None) -> Chromium:
    """Made on the loop, because asyncio's locks belong to it."""
    return Chromium(limits, browser)
