"""A site that can be visited: its processes, its door in the gateway, its tabs."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from webgen_gym.browser.visits import SiteVisits
from webgen_gym.browser.world import scripts_id
from webgen_gym.engine import Engine
from webgen_gym.errors import InfraFault
from webgen_gym.looks import Shown, look_key
from webgen_gym.site.gateway import Door
from webgen_gym.site.site import Site
from webgen_gym.site.upstream import SocketUpstream
from webgen_gym.types import Build, Files, Look


def content_id(files: Files) -> str:
    """The sha256 of the paths and contents of files."""
    whole = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode("utf-8", "surrogatepass"), files[path]):
            whole.update(len(part).to_bytes(8, "big"))
            whole.update(part)
    return whole.hexdigest()


class LiveSite:
    """The running side of one session. Everything starts when it is first needed."""

    def __init__(self, engine: Engine, *, sandbox: str, viewport: tuple[int, int], static_only: bool) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._viewport = viewport
        self._static_only = static_only
        self._site: Site | None = None
        self._up: Files | None = None
        self._build: Build | None = None
        self._recalled: Files | None = None
        self._starting = asyncio.Lock()
        self._door: Door | None = None
        self._visits: SiteVisits | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    async def recall(self, files: Files) -> Shown | None:
        """How these files were built and seen before, where that is known; the site then starts only when needed."""
        looks = self._engine.looks
        if looks is None:
            return None
        shown = await asyncio.to_thread(looks.get, await self._look_key(files))
        if shown is not None:
            self._up, self._recalled = None, files
            (await self.visits()).site = content_id(files)
        return shown

    async def bring_up(self, files: Files) -> Build:
        """Make the site show ``files``; what already runs is kept where that is right."""
        self._recalled = None
        if self._site is None:
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="webgen-site-")
            self._site = Site(
                sandbox=self._sandbox,
                folder=Path(self._folder.name),
                cache=self._engine.cache,
                limits=self._engine.limits,
                builds=self._engine.gates.builds,
                static_only=self._static_only,
            )
        self._up = None
        if self._visits is not None and isinstance(self._site.upstream, SocketUpstream):
            await self._visits.rest()
        build = await self._site.bring_up(files)
        (await self._open_door()).show(self._site.upstream)
        if build.ok:
            self._up, self._build = files, build
            (await self.visits()).site = content_id(files)
        return build

    def shows(self, files: Files) -> bool:
        """Whether the site is up with exactly these files."""
        return self._up is not None and self._up == files

    async def look(self) -> Look:
        """Look at the site's first page; a server that died meanwhile is the look's problem."""
        visits = await self.visits()
        async with self._engine.gates.pages:
            look = await visits.look()
        died = await self._site.health() if self._site is not None else ""
        if died:
            return replace(look, problem=look.problem or died)
        await self._keep(look)
        return look

    def said(self) -> str:
        """What the site's server has printed; '' for a static site."""
        return self._site.said() if self._site is not None else ""

    async def visits(self) -> SiteVisits:
        """The tabs on this site."""
        if self._visits is None:
            door = await self._open_door()
            self._visits = SiteVisits(
                self._engine.chromium, door.address, self._viewport, self._engine.limits, self._start_recalled
            )
        return self._visits

    async def lower(self) -> None:
        """End the site's processes; the tabs and the door stay."""
        self._up = self._recalled = None
        if self._door is not None:
            self._door.show(None)
        site, self._site = self._site, None
        if site is not None:
            await site.close()

    async def close(self) -> None:
        """End everything. Safe to call twice."""
        await self.lower()
        visits, self._visits = self._visits, None
        if visits is not None:
            await visits.close()
        door, self._door = self._door, None
        if door is not None:
            await door.close()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    async def _start_recalled(self) -> None:
        """Start the site whose look was recalled, because somebody wants to see more of it."""
        async with self._starting:
            files = self._recalled
            if files is None:
                return
            build = await self.bring_up(files)
            looks = self._engine.looks
            if not build.ok and looks is not None:
                await asyncio.to_thread(looks.forget, await self._look_key(files))
                raise InfraFault(f"A site that had started before does not start any more. {build.message}")

    async def _keep(self, look: Look) -> None:
        looks = self._engine.looks
        if looks is not None and self._up is not None and self._build is not None:
            await asyncio.to_thread(looks.put, await self._look_key(self._up), Shown(self._build, look))

    async def _look_key(self, files: Files) -> str:
        sandbox = "static" if self._static_only else self._sandbox
        browser = f"{await self._engine.chromium.version()} {scripts_id()}"
        return look_key(content_id(files), browser, self._viewport, sandbox, self._engine.limits)

    async def _open_door(self) -> Door:
        if self._door is None:
            self._door = await self._engine.gateway.open()
        return self._door
