"""What the page says about the whole run and, in a few words, about each rollout, as JSON."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from webgen_gym.records.report.commits import Commits
from webgen_gym.records.report.history import Chosen, History, Played, Rollout
from webgen_gym.records.report.trim import Trim, shortened
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.rewards import PART_NAMES
from webgen_gym.types import Task

_INSTRUCTION_CHARS = 6000
_ITEMS = 100


def overview(run: RunFolder, history: History, commits: Commits) -> dict[str, Any]:
    """The run's configuration, its totals, and one entry per rollout."""
    name = run.folder.resolve().name
    trim = Trim(_ITEMS)
    parts = _part_names(history)
    return {
        "name": name,
        "repo": shlex.quote(f"{name}/repo.git"),
        "header": trim.value({key: run.header.get(key) for key in ("created", "webgen_gym", "python")}),
        "config": trim.value(_config(run)),
        "parts": parts,
        "totals": trim.value(_totals(history)),
        "rollouts": [_rollout(rollout, commits, parts) for rollout in history.rollouts],
    }


def _config(run: RunFolder) -> dict[str, Any]:
    """What decides the scores, and where commands ran. The other settings may name paths of the machine."""
    config = dict(run.header.get("config") or {})
    sandbox = (run.header.get("settings") or {}).get("sandbox")
    return config if sandbox is None else {**config, "sandbox": sandbox}


def _part_names(history: History) -> list[str]:
    """The reward's parts, those of the usual reward first."""
    found = {name for rollout in history.rollouts for turn in rollout.turns for name in _parts(turn)}
    return [*PART_NAMES, *sorted(found - set(PART_NAMES))]


def _parts(turn: Played) -> Mapping[str, float]:
    return turn.raw.get("reward_parts") or {}


def _totals(history: History) -> dict[str, Any]:
    played = [turn for rollout in history.rollouts for turn in rollout.turns if not turn.started]
    chosen = [rollout.chosen for rollout in history.rollouts if rollout.chosen is not None]
    return {
        "rollouts": len(history.rollouts),
        "finished": sum(1 for rollout in history.rollouts if rollout.result is not None),
        "turns": len(played),
        "chosen": len(chosen),
        "appearance": _mean(mark.appearance for mark in chosen),
        "functionality": _mean(mark.functionality for mark in chosen),
        "outcomes": dict(Counter(turn.outcome for turn in played).most_common()),
        "unscored": sum(1 for turn in played if _unscored(turn)),
        "seconds": _seconds(played),
    }


def _mean(scores: Iterable[float | None]) -> dict[str, float | int | None]:
    known = [score for score in scores if score is not None]
    return {"value": sum(known) / len(known) if known else None, "of": len(known)}


def _unscored(turn: Played) -> bool:
    return any("reason" in (turn.raw.get(side) or {}) for side in ("appearance", "functionality"))


def _seconds(turns: Iterable[Played]) -> dict[str, float]:
    spent: dict[str, float] = {}
    for turn in turns:
        for stage, seconds in (turn.raw.get("timings") or {}).items():
            spent[stage] = spent.get(stage, 0.0) + (seconds if math.isfinite(seconds) else 0.0)
    return {stage: round(seconds, 3) for stage, seconds in spent.items()}


def _rollout(rollout: Rollout, commits: Commits, parts: Sequence[str]) -> dict[str, Any]:
    task = next((task for turn in rollout.turns[:1] if (task := commits.task(turn.snapshot))), None)
    played = [turn for turn in rollout.turns if not turn.started]
    return {
        "name": rollout.name,
        "task": rollout.task,
        **_task(task),
        "agent": str((rollout.result or {}).get("agent", "")),
        "seed": (rollout.result or {}).get("seed"),
        "finished": rollout.result is not None,
        "chosen": _chosen(rollout.chosen),
        "shot": rollout.screenshot,
        "outcomes": dict(Counter(turn.outcome for turn in played).most_common()),
        "unscored": sum(1 for turn in played if _unscored(turn)),
        "turns": [_brief(turn, parts) for turn in rollout.turns],
        "seconds": round(sum(_seconds(played).values()), 3),
    }


def _brief(turn: Played, parts: Iterable[str]) -> dict[str, Any]:
    """What the charts need of a turn."""
    values = _parts(turn)
    told = {
        "number": turn.number,
        "outcome": turn.outcome,
        "reward": turn.raw.get("reward", 0.0),
        "parts": [values.get(name, 0.0) for name in parts],
        "parent": turn.parent,
    }
    return {name: Trim(_ITEMS).value(value) for name, value in told.items()}


def _task(task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"instruction": "", "category": "", "tests": []}
    return {
        "instruction": shortened(task.instruction, _INSTRUCTION_CHARS),
        "category": task.category,
        "tests": [{"task": test.task, "expected": test.expected} for test in task.ui_tests],
    }


def _chosen(chosen: Chosen | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    return {
        "place": chosen.place,
        "number": chosen.number,
        "appearance": chosen.appearance,
        "functionality": chosen.functionality,
        "recorded": chosen.recorded,
    }
