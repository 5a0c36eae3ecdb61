"""Stored states judged again by another judge, without building what is stored.

An appearance judge gets the look that was recorded; only one that wants to see more, and every functionality judge,
has the site brought up again from its snapshot. Each state is judged once, however many turns show it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from webgen_gym.browser.base import Size, Tab
from webgen_gym.engine import Engine
from webgen_gym.errors import AgentFault
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge, judged
from webgen_gym.live import LiveSite, content_id
from webgen_gym.records.run_folder import RunFolder, TurnRow
from webgen_gym.snapshots import Snapshot, Snapshots
from webgen_gym.state import decode
from webgen_gym.types import Task, Unscored, Verdict


@dataclass(frozen=True, slots=True)
class Rescored:
    """One state: what it was worth in the run, -1 where it was not scored, and the new verdict."""

    rollout: str
    number: int
    snapshot: str
    screenshot: str
    before: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """What to judge again, and how sites are brought up where that is needed. One of the judges is None.

    ``only`` are the snapshots to judge; None for all that were shown.
    """

    run: RunFolder
    appearance: AppearanceJudge | None = None
    functionality: FunctionalityJudge | None = None
    sandbox: str = "auto"
    jobs: int = 2
    only: frozenset[str] | None = None

    @property
    def judge(self) -> str:
        """The id of the judge."""
        chosen = self.appearance or self.functionality
        return chosen.id if chosen is not None else ""


def states(plan: Plan) -> list[TurnRow]:
    """The turns to judge: those that were shown, each state once, at the last turn that says what it is worth."""
    column = 0 if plan.appearance is not None else 1
    chosen: dict[tuple[str, str], TurnRow] = {}
    for row in plan.run.turns():
        if plan.only is not None and row.snapshot not in plan.only:
            continue
        shown = row.raw["build"] is not None and row.raw["screenshot"]
        key = (row.task, row.state_hash if plan.only is None else row.snapshot)
        if shown and (key not in chosen or row.raw["scores"][column] >= 0):
            chosen[key] = row
    return list(chosen.values())


async def rescore(plan: Plan, engine: Engine, *, done: Callable[[], None] = lambda: None) -> list[Rescored]:
    """Judge every state of a run again; ``done`` is called after each.

    Raises:
        BadRun: the run folder is damaged.
        ModelRefused: the judge's model server turns every call away.
    """
    slots = asyncio.Semaphore(plan.jobs)
    snapshots = Snapshots(plan.run.folder / "repo.git")
    looks = _looks(plan.run) if plan.appearance is not None else {}

    async def one(row: TurnRow) -> Rescored:
        async with slots:
            verdict = await _judged(plan, engine, snapshots.load(row.snapshot), looks.get(row.state_hash))
        done()
        before = row.raw["scores"][0 if plan.appearance is not None else 1]
        return Rescored(row.rollout, row.number, row.snapshot, row.raw["screenshot"], float(before), verdict)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(row)) for row in states(plan)]
    return [task.result() for task in tasks]


def _looks(run: RunFolder) -> dict[str, TurnRow]:
    """The turn that holds the look at each state."""
    return {row.state_hash: row for row in run.turns() if row.raw["look"] is not None}


async def _judged(plan: Plan, engine: Engine, stored: Snapshot, seen: TurnRow | None) -> Verdict:
    task = decode(stored.state).task
    site = StoredSite(engine, stored, plan)
    try:
        return await judged(_verdict(plan, task, site, seen))
    except AgentFault as fault:
        return Unscored("site_not_up", fault.message)
    finally:
        await site.close()


async def _verdict(plan: Plan, task: Task, site: StoredSite, seen: TurnRow | None) -> Verdict:
    if plan.functionality is not None:
        return await plan.functionality.functionality(task, site)
    look = plan.run.look_of(seen) if seen is not None else None
    if plan.appearance is None or look is None:
        return Unscored("no_look", "no look at this state was recorded")
    return await plan.appearance.appearance(task, look, site)


class StoredSite:
    """``Visits`` on a stored state, which is brought up when the first tab is opened."""

    def __init__(self, engine: Engine, stored: Snapshot, plan: Plan) -> None:
        config = plan.run.header["config"]
        width, height = config["viewport"]
        self.site = content_id(stored.files)
        self._files = stored.files
        self._live = LiveSite(
            engine, sandbox=plan.sandbox, viewport=(width, height), static_only=bool(config["static_only"])
        )
        self._bringing = asyncio.Lock()

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        """A clean tab. Raises AgentFault where the site does not come up any more."""
        return self._tab(viewport)

    async def close(self) -> None:
        """End the site. Safe to call twice."""
        await self._live.close()

    @asynccontextmanager
    async def _tab(self, viewport: Size | None) -> AsyncIterator[Tab]:
        async with self._bringing:
            if not self._live.shows(self._files):
                build = await self._live.bring_up(self._files)
                if not build.ok:
                    raise AgentFault(build.message)
        async with (await self._live.visits()).tab(viewport) as tab:
            yield tab


def scores(rescored: Sequence[Rescored]) -> tuple[list[float], list[float]]:
    """Old and new scores of the states that have both."""
    both = [
        (item.before, item.verdict.value)
        for item in rescored
        if item.before >= 0 and not isinstance(item.verdict, Unscored)
    ]
    return [old for old, _ in both], [new for _, new in both]
