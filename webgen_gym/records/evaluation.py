"""The chosen turns of a run, judged by judges that did not reward it.

A policy that was rewarded by a judge has learnt that judge's taste, so what it made is evaluated by another. The
verdicts are lines of ``evaluation.jsonl``; an evaluation by other judges is added below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webgen_gym.engine import Engine
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.identity import warn_if_same_model
from webgen_gym.plain import verdict_as_json
from webgen_gym.records.rescore import Plan, Rescored, rescore
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.types import Score, Verdict


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One rollout's chosen turn. A verdict is None where that half was not asked for, or nothing was built."""

    rollout: str
    snapshot: str
    appearance: Verdict | None
    functionality: Verdict | None


@dataclass(frozen=True, slots=True)
class Evaluators:
    """Who evaluates; None leaves a half out."""

    appearance: AppearanceJudge | None = None
    functionality: FunctionalityJudge | None = None
    sandbox: str = "auto"
    jobs: int = 2


def warn_of_own_judges(run: RunFolder, evaluators: Evaluators) -> None:
    """Warn where an evaluator asks a model that also rewarded the run."""
    config = run.header["config"]
    for judge in (evaluators.appearance, evaluators.functionality):
        if judge is not None:
            warn_if_same_model(config["judge"], judge.id)
            warn_if_same_model(config["gui"], judge.id)


async def evaluate(
    run: RunFolder, evaluators: Evaluators, engine: Engine, *, done: Callable[[], None] = lambda: None
) -> list[Evaluated]:
    """Judge the chosen turn of every finished rollout and record the verdicts; ``done`` is called after each verdict.

    Raises:
        BadRun: the run folder is damaged.
        ModelRefused: an evaluator's model server turns every call away.
        StorageFailed: the verdicts cannot be written.
    """
    chosen = {str(row["rollout"]): str(row["snapshot"]) for row in run.results() if row["snapshot"]}
    only = frozenset(chosen.values())
    seen = used = {}
    if evaluators.appearance is not None:
        plan = Plan(run, evaluators.appearance, None, evaluators.sandbox, evaluators.jobs, only)
        seen = _by_snapshot(await rescore(plan, engine, done=done))
    if evaluators.functionality is not None:
        plan = Plan(run, None, evaluators.functionality, evaluators.sandbox, evaluators.jobs, only)
        used = _by_snapshot(await rescore(plan, engine, done=done))
    evaluated = [Evaluated(name, id, seen.get(id), used.get(id)) for name, id in chosen.items()]
    for item in evaluated:
        run.append_evaluation(_row(item, evaluators))
    return evaluated


def mean(verdicts: Sequence[Verdict | None]) -> float | None:
    """The mean of those that are scores; None where none is. What could not be scored is left out, never a zero."""
    values = [verdict.value for verdict in verdicts if isinstance(verdict, Score)]
    return sum(values) / len(values) if values else None


def _by_snapshot(rescored: Sequence[Rescored]) -> dict[str, Verdict]:
    return {item.snapshot: item.verdict for item in rescored}


def _row(item: Evaluated, evaluators: Evaluators) -> Mapping[str, Any]:
    appearance, functionality = evaluators.appearance, evaluators.functionality
    return {
        "rollout": item.rollout,
        "snapshot": item.snapshot,
        "judge": appearance.id if appearance is not None else "",
        "gui": functionality.id if functionality is not None else "",
        "appearance": verdict_as_json(item.appearance),
        "functionality": verdict_as_json(item.functionality),
    }
