"""Brings an npm project up: dependencies → files on disk → scripts that come first → the server."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from webgen_gym.errors import AgentFault
from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Mount, Sandbox
from webgen_gym.sandbox.folders import link_copy, remove, storage
from webgen_gym.site.checkout import Checkout
from webgen_gym.site.dependencies import OWN_CONFIG, SCRATCH, DependencyCache
from webgen_gym.site.devserver import DevServer, Serving, free_port
from webgen_gym.site.lease import Lease
from webgen_gym.site.log import Names, entry, joined
from webgen_gym.site.project import MODULES, NodeProject
from webgen_gym.site.script import HOST, program, serving_arguments
from webgen_gym.site.toolchain import find_toolchain
from webgen_gym.types import Build, Files, Stage

STARTED = "The site started."

_WHERE = "/site"
_PORTS = {"vite": 5173}
_PORT = 3000
_ENV: Mapping[str, str] = {
    "BROWSER": "none",
    "NEXT_TELEMETRY_DISABLED": "1",
    "ASTRO_TELEMETRY_DISABLED": "1",
    "npm_config_offline": "true",
    "npm_config_update_notifier": "false",
}


@dataclass(frozen=True, slots=True)
class Launched:
    """What came of it; ``server`` is None unless ``build.ok``. ``names`` cleans what the server says later.

    ``lease`` holds the dependencies that the server runs with.
    """

    build: Build
    server: DevServer | None = None
    names: Names = field(default_factory=Names)
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a command of the site runs: alike for all of one launch."""

    cwd: str
    mounts: tuple[Mount, ...]
    scratch: tuple[str, ...]
    env: Mapping[str, str]
    has_own_config: bool


class Launcher:
    """Launches one site after another in one folder; at most one runs at a time."""

    def __init__(self, sandbox: Sandbox, checkout: Checkout, cache: Path, limits: Limits) -> None:
        self._sandbox = sandbox
        self._checkout = checkout
        self._dependencies = DependencyCache(cache, limits)
        self._limits = limits
        self._site = Mount(checkout.folder, _WHERE, writable=True)

    async def launch(self, project: NodeProject, files: Files) -> Launched:
        """Bring it up. A fault of the site is in the result; faults of ours and missing tools are raised."""
        log = [*project.notes]
        found = await self._dependencies.provide(project, files, self._sandbox)
        log.append(found.log)
        if found.problem:
            return Launched(_build(project, Stage.INSTALL, found.problem, log))
        place = await self._lay_out(project, files, found.modules)
        if place.has_own_config:
            log.append("There is no vite.config; the Vite plug-ins that package.json names are used.")
        port = _PORTS.get(project.kind, _PORT) if self._sandbox.own_loopback else free_port()
        names = Names({str(self._checkout.folder): _WHERE}, 0 if self._sandbox.own_loopback else port)
        problem = await self._run_before(project, place, names, log)
        if problem:
            return Launched(_build(project, Stage.BUILD, problem, log))
        launched = await self._serve(project, self._serving(project, place, port), names, log)
        return replace(launched, lease=found.lease)

    async def _lay_out(self, project: NodeProject, files: Files, modules: Path | None) -> _Place:
        await asyncio.to_thread(self._checkout.rebuild, files)
        tools = await asyncio.to_thread(find_toolchain)
        inside = f"{self._sandbox.path(self._site)}/{project.root}".rstrip("/")
        place = _Place(
            cwd=inside,
            mounts=(self._site, *tools.mounts),
            scratch=(),
            env={**_ENV, "PATH": f"{inside}/{MODULES}/.bin:{tools.path}"},
            has_own_config=_uses_own_config(project, modules),
        )
        return place if modules is None else await self._show_modules(project, place, modules)

    async def _show_modules(self, project: NodeProject, place: _Place, modules: Path) -> _Place:
        """Read-only where the sandbox has mounts of its own, else a copy by hard links."""
        mount = Mount(modules, f"{place.cwd}/{MODULES}")
        if self._sandbox.path(mount) != mount.target:
            copy = self._checkout.folder / project.root / MODULES
            with storage("the site's folder"):
                await asyncio.to_thread(remove, copy)
                await asyncio.to_thread(link_copy, modules, copy)
            return place
        await asyncio.to_thread(self._checkout.ensure_folder, project.root + MODULES)
        scratch = tuple(f"{mount.target}/{name}" for name in SCRATCH)
        return replace(place, mounts=(*place.mounts, mount), scratch=scratch)

    async def _run_before(self, project: NodeProject, place: _Place, names: Names, log: list[str]) -> str:
        """Run the scripts that end before the server starts; empty, or what went wrong."""
        for text in project.before:
            # Create React App takes every lint warning for an error when CI is true.
            env = {**place.env, "CI": "false"} if project.kind == "cra" else place.env
            command = Command(["/bin/sh", "-c", _line(text, place, None)], place.cwd, place.mounts, place.scratch, env)
            done = await self._sandbox.run(command, timeout_s=self._limits.build_s)
            log.append(entry(text, names.normal(done.output)))
            if done.timed_out:
                return f"`{text}` was stopped after {self._limits.build_s:g} s (limits.build_s)."
            if done.exit_code != 0:
                return f"`{text}` ended with exit code {done.exit_code}."
        return ""

    def _serving(self, project: NodeProject, place: _Place, port: int) -> Serving:
        env, told = dict(place.env), f"the usual one of {project.kind}"
        if serving_arguments(project.last, port):
            told = "the one given on its command line"
        elif project.kind in ("node", "cra"):
            env |= {"PORT": str(port), "HOST": HOST}
            told = "the one given by the environment variable PORT"
        line = _line(project.serve, place, port)
        return Serving(line, place.cwd, place.mounts, place.scratch, env, port, told)

    async def _serve(self, project: NodeProject, serving: Serving, names: Names, log: list[str]) -> Launched:
        server = await DevServer.start(self._sandbox, serving, self._limits)
        try:
            await server.ready()
        except AgentFault as fault:
            await server.stop()
            log.append(entry(project.serve, names.normal(server.output())))
            return Launched(_build(project, Stage.START, names.hide(fault.message), log))
        except BaseException:
            await server.stop()
            raise
        log.append(entry(project.serve, names.normal(server.output())))
        return Launched(_build(project, Stage.UP, STARTED, log), server, names)


def _uses_own_config(project: NodeProject, modules: Path | None) -> bool:
    return modules is not None and not project.configured and (modules / OWN_CONFIG).is_file()


def _line(text: str, place: _Place, port: int | None) -> str:
    """The script with what has to be added at its end."""
    last = program(text)
    added: list[str] = []
    if last.name == "vite" and place.has_own_config and not {"--config", "-c"} & set(last.arguments):
        added += ["--config", f"{MODULES}/{OWN_CONFIG}"]
    if port is not None:
        added += serving_arguments(last, port)
    return f"{text} {shlex.join(added)}".rstrip()


def _build(project: NodeProject, stage: Stage, message: str, log: list[str]) -> Build:
    return Build(ok=stage is Stage.UP, stage=stage, kind=project.kind, message=message, log=joined(log))
