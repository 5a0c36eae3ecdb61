"""What tests share: one browser per test process, sites served from memory."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.visits import SiteVisits
from webgen_gym.engine import default_cache
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import Door, Gateway
from webgen_gym.site.upstream import StaticUpstream

T = TypeVar("T")
VIEWPORT = (1024, 768)


class Runner:
    """Runs coroutines on one loop that outlives a test, because a browser belongs to its loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session", autouse=True)
def nothing_seen_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Looks and verdicts of other runs are not found; dependencies are, since installing them takes long."""
    shared, folder = default_cache(), tmp_path_factory.mktemp("cache")
    for part in ("deps", "downloads"):
        (shared / part).mkdir(parents=True, exist_ok=True)
        (folder / part).symlink_to(shared / part)
    os.environ["WEBGEN_CACHE"] = str(folder)
    yield
    os.environ["WEBGEN_CACHE"] = str(shared)


@pytest.fixture(scope="session")
def run() -> Iterator[Runner]:
    """Runs a coroutine and returns what it returns: ``run(work())``."""
    runner = Runner()
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def chromium(run: Runner) -> Iterator[Chromium]:
    """The browser that all tests of this process share."""

    async def make() -> Chromium:
        return Chromium(Limits())

    browser = run(make())
    yield browser
    run(browser.close())


class Shown:
    """A static site that is being served: its door and the tabs on it."""

    def __init__(self, door: Door, visits: SiteVisits) -> None:
        self.door = door
        self.visits = visits

    def show(self, files: Mapping[str, bytes | str]) -> None:
        """Serve these files from now on."""
        self.door.show(StaticUpstream({path: _bytes(content) for path, content in files.items()}))


ShowSite = Callable[..., Any]


@pytest.fixture
def show_site(chromium: Chromium) -> ShowSite:
    """``async with show_site({"index.html": "…"}) as shown: await shown.visits.look()``."""

    @asynccontextmanager
    async def show(files: Mapping[str, bytes | str], limits: Limits | None = None) -> AsyncIterator[Shown]:
        bounds = limits or Limits()
        door = await Gateway(bounds).open()
        visits = SiteVisits(chromium, door.address, VIEWPORT, bounds)
        shown = Shown(door, visits)
        shown.show(files)
        try:
            yield shown
        finally:
            await visits.close()
            await door.close()

    return show


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content
