"""One site's life in a session: from files to something that the gateway can show."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from webgen_gym.limits import Limits
from webgen_gym.sandbox import Sandbox, choose
from webgen_gym.sandbox.output import shorten
from webgen_gym.site import refresh
from webgen_gym.site.checkout import Checkout
from webgen_gym.site.devserver import DevServer
from webgen_gym.site.imports import outside_imports
from webgen_gym.site.launch import STARTED, Launched, Launcher
from webgen_gym.site.lease import Lease
from webgen_gym.site.log import Names, joined
from webgen_gym.site.project import NodeProject, StaticProject, Unusable, read_project
from webgen_gym.site.upstream import StaticUpstream, Upstream
from webgen_gym.types import Build, Files, Stage

_STATIC_ONLY = (
    "Only plain HTML, CSS and JavaScript files can be shown here, but package.json asks for a server of its own."
)


@dataclass(frozen=True, slots=True)
class _Up:
    """A server that runs, the files that it shows, the packages that it prepared when it started and runs with."""

    project: NodeProject
    files: Files
    server: DevServer
    names: Names
    build: Build
    prepared: frozenset[str]
    lease: Lease | None
    since: float


class Site:
    """Shows one state of the files after another. Used from one event loop; one call at a time.

    ``sandbox`` is a name, or makes one; it is made when the first npm project is brought up, so
    that a static site needs none. ``folder`` is the site's alone; ``cache`` is shared with others.
    """

    def __init__(
        self,
        *,
        sandbox: str | Callable[[], Sandbox],
        folder: Path,
        cache: Path,
        limits: Limits,
        builds: asyncio.Semaphore | None = None,
        static_only: bool = False,
    ) -> None:
        self._make_sandbox = sandbox
        self._checkout = Checkout(folder / "site", folder / "staging")
        self._cache = cache
        self._limits = limits
        self._builds = builds or asyncio.Semaphore(1)
        self._static_only = static_only
        self._sandbox: Sandbox | None = None
        self._up: _Up | None = None
        self._upstream: Upstream | None = None

    @property
    def upstream(self) -> Upstream | None:
        """Where the gateway finds the site; None while nothing is up."""
        return self._upstream

    async def bring_up(self, files: Files) -> Build:
        """Show these files. What is wrong with the site is in the result.

        Raises:
            InfraFault: the sandbox, the disk or the package registry failed.
            UsageError: node, npm or the jail that was asked for is missing.
        """
        project = read_project(files, self._limits)
        if isinstance(project, NodeProject) and not self._static_only:
            return self._shortened(await self._bring_up_node(project, files))
        await self._stop()
        if isinstance(project, StaticProject):
            self._upstream = StaticUpstream(files, project.root.rstrip("/"))
            return Build(True, Stage.UP, "static", STARTED, joined(project.notes))
        if isinstance(project, Unusable):
            return Build(False, project.stage, project.kind, project.message)
        return Build(False, Stage.START, "static", _STATIC_ONLY)

    async def health(self) -> str:
        """Empty, or a sentence if the server has died since. Raises SandboxFailed."""
        if self._up is None:
            return ""
        problem = await self._up.server.health()
        return self._up.names.hide(problem)

    def said(self) -> str:
        """What the server has printed so far, in the words of the log; errors of pages come after the start."""
        if self._up is None:
            return ""
        return shorten(self._up.names.normal(self._up.server.output()), self._limits)

    async def close(self) -> None:
        """End its processes and remove its files. Safe to call twice."""
        await self._stop()
        sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            await sandbox.close()
        await asyncio.to_thread(self._checkout.discard)

    async def _bring_up_node(self, project: NodeProject, files: Files) -> Build:
        if self._up is not None and await self._refresh(self._up, project, files):
            return self._up.build
        await self._stop()
        if self._sandbox is None:
            self._sandbox = await asyncio.to_thread(self._chosen)
        launcher = Launcher(self._sandbox, self._checkout, self._cache, self._limits)
        async with self._builds:
            launched = await launcher.launch(project, files)
        self._take(project, files, launched)
        return launched.build

    def _take(self, project: NodeProject, files: Files, launched: Launched) -> None:
        if launched.server is not None:
            prepared = outside_imports(files, project.root)
            server, names, build = launched.server, launched.names, launched.build
            self._up = _Up(project, files, server, names, build, prepared, launched.lease, time.monotonic())
            self._upstream = launched.server.upstream

    async def _refresh(self, up: _Up, project: NodeProject, files: Files) -> bool:
        """Show the new files through the server that runs; False where it has to be started anew."""
        if not project.is_live or project != up.project:
            return False
        addresses = refresh.modules_to_await(up.files, files, project.root, up.prepared)
        if addresses is None or await up.server.health():
            return False
        # A file watcher that has just reported a file leaves out what happens to it right after.
        await asyncio.sleep(max(0.0, up.since + self._limits.edit_gap_s - time.monotonic()))
        # Until all is written nobody knows what lies on disk, should this be interrupted.
        self._up = replace(up, files={})
        try:
            write = functools.partial(self._checkout.sync, up.files, files)
            shown = await refresh.show(up.server.upstream, addresses, write, self._limits)
        except OSError:
            # The site has put something in the way; a new folder has nothing in it.
            return False
        if shown:
            self._up = replace(up, files=files, since=time.monotonic())
        return shown

    async def _stop(self) -> None:
        self._upstream = None
        up, self._up = self._up, None
        if up is not None:
            await up.server.stop()

    def _chosen(self) -> Sandbox:
        if isinstance(self._make_sandbox, str):
            return choose(self._make_sandbox, self._limits)
        return self._make_sandbox()

    def _shortened(self, build: Build) -> Build:
        return replace(build, log=shorten(build.log, self._limits))
