"""Installed dependencies, kept by what they depend on, so that a set is installed once per machine.

<cache>/deps/<key>/                a set: see ``installed``
<cache>/deps/<key>.lock            held while it is being installed, by whichever process
<cache>/deps/<key>.use             held by everybody whose site runs with it
<cache>/downloads/                 the package managers' own caches
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from webgen_gym.errors import InfraFault, MissingTool, UsageError
from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Mount, Sandbox
from webgen_gym.sandbox.folders import remove, storage
from webgen_gym.site.install import Installer, Order
from webgen_gym.site.installed import bound, measure
from webgen_gym.site.lease import Lease
from webgen_gym.site.manifest import Manifest
from webgen_gym.site.project import MANIFEST, MODULES, NodeProject
from webgen_gym.site.toolchain import find_registry, find_toolchain
from webgen_gym.types import Files

SCRATCH = (".vite", ".vite-temp", ".cache", ".tmp")
"""Folders inside node_modules that tools write to while they run; empty in the cache."""

OWN_CONFIG = ".webgen/vite.config.cjs"
"""Inside node_modules: the Vite configuration for a project that has none but declares plug-ins."""

_FORMAT = 1
_WAIT_S = 0.05
_WHERE = "/site"
_FETCHED_FROM = re.compile(rb"(?:\"resolved\":\s*\"|\bresolved\s+\"|\btarball:\s*)((?:git|https?|ssh)[^\"\s]*)")
_REGISTRIES = (b"https://registry.npmjs.org/", b"https://registry.yarnpkg.com/")
_PLUGINS = {
    "@vitejs/plugin-react": "default",
    "@vitejs/plugin-react-swc": "default",
    "@vitejs/plugin-vue": "default",
    "@preact/preset-vite": "default",
    "vite-plugin-solid": "default",
    "@sveltejs/vite-plugin-svelte": "svelte",
    "@tailwindcss/vite": "default",
}


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What came of an installation. ``modules`` is None where it failed, or where nothing is depended on.

    They stay where they are as long as ``lease`` is held.
    """

    modules: Path | None
    problem: str = ""
    log: str = ""
    lease: Lease | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """All that an installation depends on, and nothing else."""

    manager: str
    files: Mapping[str, bytes]
    lock: str
    plugins: tuple[str, ...]
    notes: tuple[str, ...]

    def key(self, node_major: int) -> str:
        place = [_FORMAT, self.manager, node_major, sys.platform, platform.machine()]
        contents = {path: hashlib.sha256(content).hexdigest() for path, content in self.files.items()}
        return hashlib.sha256(json.dumps([place, contents], sort_keys=True).encode()).hexdigest()[:32]


class DependencyCache:
    """Installs under ``cache`` and finds again. Safe for any number of processes at once."""

    def __init__(self, cache: Path, limits: Limits) -> None:
        self._folder = cache / "deps"
        self._downloads = cache / "downloads"
        self._limits = limits

    async def provide(self, project: NodeProject, files: Files, sandbox: Sandbox) -> Dependencies:
        """The project's dependencies, installed now if they never were.

        Raises MissingTool without node; InfraFault where the registry or the disk is at fault.
        """
        if not project.manifest.dependencies and not project.manifest.local:
            return Dependencies(None)
        tools = await asyncio.to_thread(find_toolchain)
        if "npm" not in tools.managers:
            raise MissingTool("npm was not found beside node, and this site needs it (apt-get install npm)")
        wanted = _wanted(project, files, tools.managers)
        target = self._folder / wanted.key(tools.major)
        self._make_folders()
        lease = await asyncio.to_thread(Lease, target)
        if not _is_complete(target):
            async with self._locked(target):
                if not _is_complete(target):
                    failed = await self._install(wanted, target, sandbox)
                    if failed is not None:
                        return failed
            await asyncio.to_thread(bound, self._folder, self._limits.dependencies_bytes)
        return Dependencies(target / MODULES, log=await asyncio.to_thread(_used_now, target), lease=lease)

    async def _install(self, wanted: _Wanted, target: Path, sandbox: Sandbox) -> Dependencies | None:
        """Install beside the target and move it there; what failed is returned and not kept."""
        tools = await asyncio.to_thread(find_toolchain)
        registry = await asyncio.to_thread(find_registry)
        folder = await asyncio.to_thread(self._prepare, wanted, target)
        try:
            order = Order(
                manager=wanted.manager,
                locked=bool(wanted.lock),
                site=Mount(folder / "site", _WHERE, writable=True),
                cache=Mount(self._downloads, "/downloads", writable=True),
            )
            outcome = await Installer(sandbox, tools, registry, self._limits).install(order)
            log = "\n".join((*wanted.notes, outcome.log))
            if outcome.problem:
                return Dependencies(None, outcome.problem, log)
            await asyncio.to_thread(_keep, folder, target, wanted.plugins, log)
            return None
        finally:
            await asyncio.to_thread(remove, folder)

    def _make_folders(self) -> None:
        try:
            with storage("the dependency cache"):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._downloads.mkdir(parents=True, exist_ok=True)
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise UsageError(f"The cache folder cannot be used: {error}. WEBGEN_CACHE names another one.") from error

    def _prepare(self, wanted: _Wanted, target: Path) -> Path:
        with storage("the dependency cache"):
            remove(target)
            # Nobody else is at work on this key: what lies there was left by a process that was killed.
            for leftover in self._folder.glob(f".{target.name}-*"):
                remove(leftover)
            folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=self._folder))
            for path, content in wanted.files.items():
                place = folder / "site" / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        return folder

    @contextlib.asynccontextmanager
    async def _locked(self, target: Path) -> AsyncIterator[None]:
        deadline = time.monotonic() + 2 * self._limits.install_s
        with storage("the dependency cache"):
            descriptor = os.open(f"{target}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            while not _try_lock(descriptor):
                if time.monotonic() > deadline:
                    raise InfraFault(f"another process has been installing {target.name} for too long")
                await asyncio.sleep(_WAIT_S)
            yield
        finally:
            os.close(descriptor)


def _is_complete(target: Path) -> bool:
    return (target / "log").is_file() and (target / MODULES).is_dir()


def _used_now(target: Path) -> str:
    """What installing it said."""
    os.utime(target / "log")
    return (target / "log").read_text("utf-8")


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wanted(project: NodeProject, files: Files, managers: frozenset[str]) -> _Wanted:
    notes = []
    manager, lock = project.manager, project.lock
    if manager not in managers:
        notes.append(f"{manager} is not installed here; npm is used instead.")
        manager, lock = "npm", ""
    if lock and not _is_plain(files[lock]):
        notes.append(f"{lock} fetches from outside the npm registry; it is ignored.")
        lock = ""
    manifest = project.manifest
    kept = {MANIFEST: json.dumps({"private": True, **manifest.install}, sort_keys=True).encode()}
    if lock:
        kept[lock.removeprefix(project.root)] = files[lock]
    if manifest.local:
        kept |= _local_packages(project, files)
    return _Wanted(manager, kept, lock, _plugins(manifest), tuple(notes))


def _is_plain(lock: bytes) -> bool:
    return all(address.startswith(_REGISTRIES) for address in _FETCHED_FROM.findall(lock))


def _local_packages(project: NodeProject, files: Files) -> dict[str, bytes]:
    """Packages inside the project are linked, not copied: installing needs their manifests only."""
    return {
        path.removeprefix(project.root): content
        for path, content in files.items()
        if path.startswith(project.root) and path != project.root + MANIFEST and path.endswith((f"/{MANIFEST}", ".tgz"))
    }


def _plugins(manifest: Manifest) -> tuple[str, ...]:
    return tuple(name for name in _PLUGINS if name in manifest.dependencies)


def _keep(folder: Path, target: Path, plugins: tuple[str, ...], log: str) -> None:
    with storage("the dependency cache"):
        modules = folder / "site" / MODULES
        for name in SCRATCH:
            remove(modules / name)
            (modules / name).mkdir(parents=True)
        if plugins:
            config = modules / OWN_CONFIG
            config.parent.mkdir(exist_ok=True)
            config.write_text(_config_text(plugins), "utf-8")
        done = folder / "done"
        done.mkdir()
        modules.rename(done / MODULES)
        (done / "bytes").write_text(str(measure(done / MODULES)), "ascii")
        (done / "log").write_text(log, "utf-8")
        done.rename(target)


def _config_text(plugins: tuple[str, ...]) -> str:
    # CommonJS with import(): Vite 4 to 8 all read it without writing a compiled copy beside it,
    # which a read-only node_modules would refuse.
    calls = ", ".join(f"await load({json.dumps(name)}, {json.dumps(_PLUGINS[name])})" for name in plugins)
    return (
        "const load = async (name, word) => {\n"
        "  const found = await import(name)\n"
        "  const plugin = found[word] ?? found.default\n"
        "  return (plugin.default ?? plugin)()\n"
        "}\n"
        f"module.exports = async () => ({{ plugins: [{calls}] }})\n"
    )
