"""The whole comparison: a warm start for each seed, every variant from it, several processes at once.

A result is a file; what is there already is not done again, so that an ablation may be stopped and gone on with.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from examples.tiny_step_grpo.variants import VARIANTS, WARM, label_of

RESULT = "result.json"


@dataclass(frozen=True, slots=True)
class Job:
    """One training of one seed. ``iterations`` does not matter to a warm start."""

    variant: str
    seed: int
    iterations: int
    out: Path

    @property
    def folder(self) -> Path:
        """Where its weights, log and result are."""
        return self.out / f"seed-{self.seed}" / self.variant


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job; see ``experiment.Outcome``."""

    variant: str
    seed: int
    evaluation: dict[str, float]
    curve: tuple[float, ...]
    seconds: float

    @property
    def reward(self) -> float:
        """The mean reward of a step on held-out tasks."""
        return self.evaluation["reward"]


def ablate(variants: Sequence[str], seeds: Sequence[int], *, iterations: int, out: Path, jobs: int) -> list[Result]:
    """All results, those of the warm starts first. ``jobs`` trainings run at the same time, each on one thread."""
    warm = [Job(WARM, seed, iterations, out) for seed in seeds]
    trained = [Job(variant, seed, iterations, out) for seed in seeds for variant in variants]
    # Spawned, not forked: neither torch nor the browser survives a fork.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        return [*_done(pool, warm), *_done(pool, trained)]


def perform(job: Job) -> Result:
    """Do one job, or read what came of it before."""
    from examples.tiny_step_grpo.experiment import Experiment, Size

    kept = job.folder / RESULT
    if kept.exists():
        return Result(**json.loads(kept.read_text("utf-8")))
    experiment = Experiment(Size(iterations=job.iterations), job.seed, job.folder)
    if job.variant == WARM:
        found = experiment.begin()
    else:
        found = experiment.train(VARIANTS[job.variant], job.out / f"seed-{job.seed}" / WARM)
    result = Result(job.variant, job.seed, found.evaluation, found.curve, found.seconds)
    kept.write_text(json.dumps(asdict(result)), "utf-8")
    return result


def _done(pool: ProcessPoolExecutor, jobs: Iterable[Job]) -> list[Result]:
    results = []
    for ended in as_completed([pool.submit(perform, job) for job in jobs]):
        result = ended.result()
        print(
            f"{label_of(result.variant):16} seed {result.seed}  held-out reward {result.reward:5.2f}"
            f"  malformed {result.evaluation['malformed']:4.0%}  {result.seconds:4.0f} s",
            flush=True,
        )
        results.append(result)
    return results
