"""Whether the UI tests of task folders have teeth.

They have when all pass on the reference site, and every spoiled site fails exactly those that are meant to notice it.
Every test is run on every site, so that a test which fails for the bug of another is found too. Several tabs are at
work at once, each behind a door of its own, and are used again for the next run: what a run comes to depends on its
test and its site alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from webgen_gym.browser.base import Size, Tab
from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.tab import SiteTab, open_tab
from webgen_gym.browser.visits import clean
from webgen_gym.errors import AgentFault, BadTaskFile, InfraFault
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import Door, Gateway
from webgen_gym.site.upstream import StaticUpstream
from webgen_gym.tasks.folders import TaskFolder, complaints, spoil
from webgen_gym.types import CheckResult, Files, Palette, UITest

VIEWPORT = (1024, 768)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one task folder: a sentence for everything that is wrong. ``runs`` counts tests on sites."""

    id: str
    tests: int
    spoiled: int
    runs: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A site to run all tests on, and the tests that it must fail: none on the reference."""

    name: str
    files: Files
    fails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """One test on one site, and how it ended each time."""

    site: Site
    called: str
    test: UITest
    palette: Palette
    ends: list[CheckResult]


async def check(
    folders: Sequence[TaskFolder],
    chromium: Chromium,
    *,
    limits: Limits | None = None,
    repeat: int = 1,
    jobs: int = 4,
    ran: Callable[[], None] = lambda: None,
) -> tuple[Checked, ...]:
    """Play task folders with ``jobs`` tabs at once, ``repeat`` times over; ``ran`` is called after every run.

    Raises InfraFault when the browser fails more than ``limits.infra_retries`` times in one run.
    """
    bounds = limits or Limits()
    played = [(folder, *_runs(folder)) for folder in folders]
    queue = iter([run for _ in range(repeat) for _, runs, _ in played for run in runs])
    workers = [asyncio.create_task(_work(queue, chromium, bounds, ran)) for _ in range(jobs)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return tuple(_checked(folder, runs, wrong) for folder, runs, wrong in played)


def runs_of(folder: TaskFolder) -> int:
    """How many runs one round of a task folder takes."""
    return len(_runs(folder)[0])


# ------------------------------------------------------------------ what to run


def _runs(folder: TaskFolder) -> tuple[list[Run], list[str]]:
    """Every test on every site, and what is wrong with the folder as it is written."""
    wrong = list(complaints(folder))
    sites = [Site("the reference site", folder.reference)]
    for spoiled in folder.spoiled:
        try:
            sites.append(Site(f"the site '{spoiled.name}'", spoil(folder.reference, spoiled), frozenset(spoiled.fails)))
        except BadTaskFile as error:
            wrong.append(error.message)
    palette = folder.task.palette
    return [Run(site, called, test, palette, []) for site in sites for called, test in folder.tests.items()], wrong


# ------------------------------------------------------------------ running


async def _work(queue: Iterator[Run], chromium: Chromium, limits: Limits, ran: Callable[[], None]) -> None:
    door = await Gateway(limits).open()
    visits = _KeptVisits(chromium, door, limits)
    try:
        for run in queue:
            run.ends.append(await _play(run, visits, limits))
            ran()
    finally:
        await visits.close()
        await door.close()


async def _play(run: Run, visits: _KeptVisits, limits: Limits) -> CheckResult:
    visits.show(run.site.files)
    judge = UITests(limits)
    for _ in range(limits.infra_retries):
        try:
            return await judge.run(run.test, run.palette, visits)
        except InfraFault:
            continue
    return await judge.run(run.test, run.palette, visits)


class _KeptVisits:
    """``Visits`` that clean one tab for the next run: opening one costs more than most tests."""

    site = ""

    def __init__(self, chromium: Chromium, door: Door, limits: Limits) -> None:
        self._chromium = chromium
        self._door = door
        self._limits = limits
        self._kept: SiteTab | None = None

    def show(self, files: Files) -> None:
        """Be on this site from now on."""
        self._door.show(StaticUpstream(files))

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        """The tab, as if it were new; its window keeps its size."""
        return self._tab()

    async def close(self) -> None:
        """Close the tab. Safe to call twice."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.close()

    @asynccontextmanager
    async def _tab(self) -> AsyncIterator[Tab]:
        tab = await self._cleaned()
        try:
            yield tab
        except (InfraFault, asyncio.CancelledError):
            # It died, or was left in the middle of something when its time was up.
            await self.close()
            raise

    async def _cleaned(self) -> SiteTab:
        if self._kept is not None and not await _forgets(self._kept):
            await self.close()
        if self._kept is None:
            self._kept = await open_tab(self._chromium, self._door.address, VIEWPORT, self._limits)
            await self._kept.hide()
        return self._kept


async def _forgets(tab: SiteTab) -> bool:
    """Whether a tab could be made as good as a new one."""
    if tab.gone:
        return False
    try:
        await clean(tab)
    except AgentFault:
        return False
    return True


# ------------------------------------------------------------------ what it came to


def _checked(folder: TaskFolder, runs: Sequence[Run], wrong: Sequence[str]) -> Checked:
    said = [*wrong, *(sentence for run in runs for sentence in _wrong(run))]
    count = sum(len(run.ends) for run in runs)
    return Checked(folder.task.id, len(folder.tests), len(folder.spoiled), count, tuple(said))


def _wrong(run: Run) -> Iterator[str]:
    first = run.ends[0]
    meant = run.called in run.site.fails
    if first.passed and meant:
        yield f"On {run.site.name} '{run.called}' passes, and is meant to fail."
    if not first.passed and not meant:
        yield f"On {run.site.name} '{run.called}' fails, and is meant to pass: {first.detail.rstrip('.')}."
    for number, end in enumerate(run.ends[1:], start=2):
        if end != first:
            yield f"On {run.site.name} '{run.called}' {_said(first)} at first and {_said(end)} in round {number}."


def _said(end: CheckResult) -> str:
    return "passes" if end.passed else f"fails ({end.detail})"
