"""One site, from a folder or an address, judged once, without an environment: what ``webgen judge`` does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from webgen_gym.browser.base import Visits
from webgen_gym.browser.visits import SiteVisits
from webgen_gym.engine import Engine
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge, judged
from webgen_gym.limits import Limits
from webgen_gym.live import LiveSite
from webgen_gym.site.upstream import AddressUpstream
from webgen_gym.types import Build, Files, Look, Stage, Task, Verdict

# What a project keeps beside its sources; none of it belongs to a workspace.
NOT_SOURCES = frozenset({"node_modules", "dist", "build", ".next", ".git", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judges; None leaves a half out."""

    appearance: AppearanceJudge | None
    functionality: FunctionalityJudge | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it; the look and the verdicts are None where there are none, because of ``build`` or by choice."""

    build: Build
    look: Look | None = None
    appearance: Verdict | None = None
    functionality: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """How the browser is set up: the size of its window in CSS pixels, and where a folder's commands run."""

    viewport: tuple[int, int] = (1024, 768)
    sandbox: str = "auto"


async def judge_site(source: str, task: Task, judges: Judges, engine: Engine, window: Window = Window()) -> Judged:
    """Judge the site at ``source``: a folder with its files, or an address that begins with http:// or https://.

    Raises:
        UsageError: there is no such folder, it holds more than the limits allow, or the address is none.
        BrowserLost: the browser is at fault.
    """
    async with _open(source, engine, window) as (build, place):
        if place is None:
            return Judged(build)
        look = await place.look(urlsplit(source).path or "/") if _is_address(source) else await place.look()
        if look.problem:
            return Judged(build, look)
        appearance = functionality = None
        if judges.appearance is not None:
            appearance = await judged(judges.appearance.appearance(task, look, place))
        if judges.functionality is not None:
            functionality = await judged(judges.functionality.functionality(task, place))
        return Judged(build, look, appearance, functionality)


def read_site(folder: Path, limits: Limits) -> Files:
    """The source files of a folder.

    Raises:
        UsageError: there is no such folder, or it holds more than the limits allow.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.")
    files: dict[str, bytes] = {}
    size = 0
    for path in _sources(folder):
        size += path.stat().st_size
        if len(files) >= limits.files or size > limits.source_bytes:
            raise UsageError(
                f"{folder} holds more than {limits.files} files (limits.files) or {limits.source_bytes} bytes "
                "(limits.source_bytes)."
            )
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_SOURCES or path.is_symlink():
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.is_file():
            yield path


class _Place(Visits, Protocol):
    async def look(self, path: str = "/") -> Look: ...


@asynccontextmanager
async def _open(source: str, engine: Engine, window: Window) -> AsyncIterator[tuple[Build, _Place | None]]:
    opened = _at_address(source, engine, window) if _is_address(source) else _in_folder(Path(source), engine, window)
    async with opened as found:
        yield found


@asynccontextmanager
async def _in_folder(folder: Path, engine: Engine, window: Window) -> AsyncIterator[tuple[Build, _Place | None]]:
    live = LiveSite(engine, sandbox=window.sandbox, viewport=window.viewport, static_only=False)
    try:
        build = await live.bring_up(read_site(folder, engine.limits))
        yield build, await live.visits() if build.ok else None
    finally:
        await live.close()


@asynccontextmanager
async def _at_address(url: str, engine: Engine, window: Window) -> AsyncIterator[tuple[Build, _Place | None]]:
    upstream = AddressUpstream.of(url)
    door = await engine.gateway.open()
    visits = SiteVisits(engine.chromium, door.address, window.viewport, engine.limits)
    try:
        door.show(upstream)
        yield Build(ok=True, stage=Stage.UP, kind="address", message="The site runs elsewhere."), visits
    finally:
        await visits.close()
        await door.close()


def _is_address(source: str) -> bool:
    return "://" in source
