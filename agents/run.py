"""Many tasks, one agent, one run folder: what ``webgen run`` does.

A run that was cut off goes on where it stopped: finished rollouts are skipped, and one that was under way continues
from its last recorded snapshot. Rollouts run in threads, each with an environment of its own; the browser and its
event loop are shared, so threads only wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gymnasium as gym

from webgen_gym.agents.base import Agent
from webgen_gym.agents.play import Resume, Rollout, play
from webgen_gym.envs.translate import ObsType
from webgen_gym.errors import BadRun
from webgen_gym.records.run_folder import RunFolder, TurnRow
from webgen_gym.selection import Mark
from webgen_gym.types import Outcome, Task, Turn

MakeEnv = Callable[[], gym.Env[ObsType, str]]
MakeAgent = Callable[[], Agent]


@dataclass(frozen=True, slots=True)
class Progress:
    """Called while a run goes on, from several threads."""

    turn: Callable[[str, Turn], None] = lambda name, turn: None
    rollout: Callable[[Rollout], None] = lambda rollout: None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played. ``jobs`` rollouts are under way at once."""

    tasks: Sequence[Task]
    make_env: MakeEnv
    make_agent: MakeAgent
    seed: int = 0
    jobs: int = 1


def run(plan: Plan, folder: Path, progress: Progress) -> list[Rollout]:
    """Play what is not yet finished in the run folder; returns the rollouts played now.

    The first error that is not the agent's, the judge's or the infrastructure's stops the run; what was played before
    is recorded.
    """
    done, cut_off = _earlier(folder)
    waiting = [task for task in plan.tasks if task.id not in done]
    _refuse_other_agent(folder, plan)
    played: list[Rollout] = []
    with ThreadPoolExecutor(max_workers=max(1, plan.jobs)) as pool:
        futures = [pool.submit(_one, plan, folder, task, cut_off.get(task.id), progress) for task in waiting]
        try:
            for future in as_completed(futures):
                played.append(future.result())
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        finally:
            if (folder / "run.json").exists():
                RunFolder.read(folder).sum_up()
    return played


def _one(plan: Plan, folder: Path, task: Task, resume: Resume | None, progress: Progress) -> Rollout:
    env = plan.make_env()
    try:
        rollout = play(
            env,
            plan.make_agent(),
            task,
            name=task.id,
            seed=plan.seed,
            resume=resume,
            on_turn=lambda turn: progress.turn(task.id, turn),
        )
    finally:
        env.close()
    RunFolder.read(folder).append_result(result_of(rollout, plan.make_agent().id, plan.seed))
    progress.rollout(rollout)
    return rollout


def result_of(rollout: Rollout, agent: str, seed: int) -> Mapping[str, Any]:
    """The line of results.jsonl that says how a rollout ended and which of its turns was chosen."""
    chosen = rollout.chosen
    return {
        "rollout": rollout.name,
        "task": rollout.task,
        "agent": agent,
        "seed": seed,
        "void": rollout.void,
        "snapshot": chosen.snapshot if chosen else "",
        "turn": chosen.turn if chosen else -1,
        "appearance": chosen.appearance if chosen else -1.0,
        "functionality": chosen.functionality if chosen else -1.0,
        "tested": chosen.tested if chosen else False,
    }


def _earlier(folder: Path) -> tuple[set[str], dict[str, Resume]]:
    """The rollouts that are finished, and where the others were cut off."""
    if not (folder / "run.json").exists():
        return set(), {}
    records = RunFolder.read(folder)
    # A void rollout says nothing yet; it goes on from its last good turn.
    done = {str(result["rollout"]) for result in records.results() if not result["void"]}
    rows: dict[str, list[TurnRow]] = {}
    for row in records.turns():
        if row.outcome != Outcome.VOID.value:
            rows.setdefault(row.rollout, []).append(row)
    return done, {name: _resume(turns) for name, turns in rows.items() if name not in done}


def _resume(rows: Sequence[TurnRow]) -> Resume:
    last = rows[-1]
    over = bool(last.raw["terminated"] or last.raw["truncated"])
    return Resume(last.snapshot, [_row_mark(row) for row in rows if row.raw["build"] is not None], over)


def _row_mark(row: TurnRow) -> Mark:
    appearance, functionality = row.raw["scores"]
    tested = row.raw["functionality"] is not None and row.raw["functionality"]["verdict"] == "Score"
    return Mark(row.snapshot, row.number, appearance, functionality, tested, row.raw["error"])


def _refuse_other_agent(folder: Path, plan: Plan) -> None:
    if not (folder / "results.jsonl").exists():
        return
    agent = plan.make_agent().id
    before = {str(result["agent"]) for result in RunFolder.read(folder).results()}
    if before and agent not in before:
        raise BadRun(f"{folder} was played by {', '.join(sorted(before))}, not by {agent}. Choose another run folder.")
