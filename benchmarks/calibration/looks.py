"""Looks at many sites, two tabs at a time, kept in a folder by the content of the files.

The folder holds what this browser saw with these measurements: empty it after a change of either.
"""

from __future__ import annotations

import asyncio
import hashlib
import pickle
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.visits import SiteVisits
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import Door, Gateway
from webgen_gym.site.upstream import StaticUpstream
from webgen_gym.types import Files, Look

VIEWPORT = (1024, 768)
TABS = 2


class Looks:
    """Looks by what was looked at; ``folder`` may be None for none kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def kept(self, files: Files) -> Look | None:
        """The look at these files, if there is one."""
        path = self._path(files)
        if path is None or not path.exists():
            return None
        look: Look = pickle.loads(path.read_bytes())
        return look

    def keep(self, files: Files, look: Look) -> None:
        """Write it down, whole or not at all."""
        path = self._path(files)
        if path is not None:
            part = path.with_suffix(".part")
            part.write_bytes(pickle.dumps(look))
            part.replace(path)

    def _path(self, files: Files) -> Path | None:
        return None if self._folder is None else self._folder / f"{content_hash(files)}.look"


def content_hash(files: Files) -> str:
    """Of paths and contents."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


async def see_all(
    sites: Mapping[str, Files], looks: Looks, *, seen: Callable[[str, Look], None], tabs: int = TABS
) -> None:
    """Look at every site; ``seen`` is told each name and look, in no fixed order."""
    missing = []
    for name, files in sites.items():
        look = looks.kept(files)
        if look is None:
            missing.append(name)
        else:
            seen(name, look)
    if missing:
        await _see(missing, sites, looks, seen, tabs)


async def _see(
    names: Iterable[str], sites: Mapping[str, Files], looks: Looks, seen: Callable[[str, Look], None], tabs: int
) -> None:
    queue = iter(names)

    async def work(browser: Chromium) -> None:
        async with served(browser) as (door, visits):
            for name in queue:
                door.show(StaticUpstream(dict(sites[name])))
                look = await visits.look()
                looks.keep(sites[name], look)
                seen(name, look)

    browser = Chromium(Limits())
    try:
        await asyncio.gather(*(work(browser) for _ in range(tabs)))
    finally:
        await browser.close()


@asynccontextmanager
async def served(browser: Chromium, limits: Limits | None = None) -> AsyncIterator[tuple[Door, SiteVisits]]:
    """A door to show files behind, and the tabs on it."""
    bounds = limits or Limits()
    door = await Gateway(bounds).open()
    visits = SiteVisits(browser, door.address, VIEWPORT, bounds)
    try:
        yield door, visits
    finally:
        await visits.close()
        await door.close()
