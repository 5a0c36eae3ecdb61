"""Step-GRPO: collect groups, give credit, update, and keep what is worth keeping. This module only composes."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webgen_gym.agents.generators import Generator, Sampling
from webgen_gym.errors import UsageError
from webgen_gym.trainers.checkpoints import Checkpoint, Checkpoints, refuse_differences
from webgen_gym.trainers.credit import Credit, step_grpo
from webgen_gym.trainers.export import save_model
from webgen_gym.trainers.gathered import gathered
from webgen_gym.trainers.guards import GuardSettings, HackingWatch, check_turns
from webgen_gym.trainers.learner import Learner
from webgen_gym.trainers.metrics import of_collected, of_evaluation, of_update
from webgen_gym.trainers.rollouts import Collected, Collector
from webgen_gym.trainers.run_log import RunLog
from webgen_gym.trainers.units import rows_of
from webgen_gym.types import Task


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How long a run is and what it keeps.

    Each of ``iterations`` iterations plays ``tasks`` tasks and ends with one update. Every ``evaluate_every`` of them
    the held-out tasks are played, every ``save_every`` a checkpoint is written (0 for never), and so at the end. The
    learning rate rises over the first ``warmup`` updates.

    Raises:
        UsageError: a number is out of its range.
    """

    iterations: int = 31
    tasks: int = 16
    seed: int = 0
    warmup: int = 0
    evaluate_every: int = 5
    save_every: int = 5
    keep: int = 2

    def __post_init__(self) -> None:
        for name, least in (("iterations", 1), ("tasks", 1), ("evaluate_every", 0), ("save_every", 0), ("keep", 1)):
            if getattr(self, name) < least:
                raise UsageError(f"run.{name} is {getattr(self, name)}; it must be {least} or more.")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Tasks that are not trained on, who plays them and how replies are drawn."""

    tasks: Sequence[Task]
    collector: Collector
    sampling: Sampling


@dataclass(slots=True)
class Progress:
    """Where a run stands; all of it is in every checkpoint. ``iteration`` is the next one."""

    iteration: int = 0
    best: int = -1
    best_reward: float = -math.inf
    seen: list[tuple[float, float]] = field(default_factory=list)
    rewards_since: list[float] = field(default_factory=list)

    def as_state(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "best": self.best,
            "best_reward": None if math.isinf(self.best_reward) else self.best_reward,
            "seen": self.seen,
            "rewards_since": self.rewards_since,
        }

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Progress:
        """What a checkpoint kept."""
        state = checkpoint.state
        best = -math.inf if state["best_reward"] is None else state["best_reward"]
        seen = [(training, evaluation) for training, evaluation in state["seen"]]
        return cls(checkpoint.iteration + 1, state["best"], best, seen, list(state["rewards_since"]))


class StepGRPO:
    """Trains a policy on tasks, from where ``folder`` says that it stands.

    With several processes each plays its share of the tasks of an iteration, in slots of its own, and all update
    together; each has its own guards. The first one writes.

    Args:
        collector: plays training tasks; it and ``generator`` share the policy's weights, or those are sent to it.
        credit: from the rewards of a group to advantages; see ``webgen_gym.trainers.credit``.
        folder: of the run: ``metrics.jsonl``, ``tensorboard/``, ``checkpoints/``, ``adapter/``.
        config: what a resumed run must agree with, besides the settings of the run itself.
        held_out: None for a run without evaluation.
    """

    def __init__(  # noqa: PLR0913 - the parts of a run
        self,
        *,
        tasks: Sequence[Task],
        collector: Collector,
        sampling: Sampling,
        generator: Generator,
        learner: Learner,
        folder: Path,
        credit: Credit = step_grpo,
        settings: RunSettings = RunSettings(),
        guards: GuardSettings = GuardSettings(),  # noqa: B008
        held_out: HeldOut | None = None,
        config: Mapping[str, Any] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        if not tasks:
            raise UsageError("There is no task to train on; the list of tasks is empty.")
        self.learner = learner
        self._tasks = tuple(tasks)
        self._collector = collector
        self._sampling = sampling
        self._generator = generator
        self._folder = folder
        self._credit = credit
        self._settings = settings
        self._guards = guards
        self._held_out = held_out
        self._config = dict(config or {})
        self._checkpoints = Checkpoints(folder / "checkpoints", settings.keep)
        self.progress = Progress()
        self._sent = -1
        self._say = say if self._first else lambda line: None

    def resume(self) -> bool:
        """Go on from the newest complete checkpoint of the folder, if there is one.

        Raises:
            BadRun: it was made with another configuration; every difference is named.
        """
        newest = self._checkpoints.newest()
        if newest is None:
            return False
        refuse_differences(newest.state.get("config", {}), self._config, newest.folder)
        self._checkpoints.load(newest, self.learner)
        self.progress = Progress.of(newest)
        return True

    def run(self) -> Progress:
        """Train until the last iteration, and return where the run stands then.

        Raises:
            InfraFault: too many turns are void, or the generator's server fails.
            JudgeFault: too many turns have no verdict.
        """
        log = RunLog(self._folder, start=self.progress.iteration, say=self._say) if self._first else None
        watch = HackingWatch(self._guards, self.progress.seen)
        try:
            self._hand_over()
            while self.progress.iteration < self._settings.iterations:
                iteration = self.progress.iteration
                metrics = self._iteration(iteration)
                metrics |= self._evaluation(iteration, watch)
                if log is not None:
                    log.write(iteration, metrics)
                self._save(iteration)
                self.progress.iteration += 1
        finally:
            if log is not None:
                log.close()
        return self.progress

    def take_best(self) -> None:
        """Put back the weights that did best on the held-out tasks. Raises UsageError where nothing was evaluated."""
        if self.progress.best < 0:
            raise UsageError(
                "No iteration was evaluated, so none is the best one (tasks.held_out, run.evaluate_every)."
            )
        self._checkpoints.load(self._checkpoints.at(self.progress.best), self.learner)

    def evaluate(self, *, seed: int = 0) -> Collected:
        """Play the held-out tasks once, each process its share; what all of them collected.

        With several processes what the policy read is left out. Raises UsageError where there are no such tasks.
        """
        if self._held_out is None:
            raise UsageError("This run has no held-out tasks (tasks.held_out).")
        self._hand_over()
        held_out = self._held_out
        mine = held_out.tasks[self._rank :: self._ranks]
        played = held_out.collector.collect(
            mine, held_out.sampling, seed=self._seed(seed, 1), name=f"evaluation-{seed:05d}"
        )
        return gathered(played)

    # -------------------------------------------------------------- one iteration

    def _iteration(self, iteration: int) -> dict[str, float]:
        settings = self._settings
        mine = self._tasks_of(iteration)[self._rank :: self._ranks]
        seed = self._seed(iteration, 0)
        collected = self._collector.collect(mine, self._sampling, seed=seed, name=f"{iteration:05d}")
        check_turns(collected.turns, self._guards)
        rate = min(1.0, (iteration + 1) / settings.warmup) if settings.warmup else 1.0
        order = settings.seed * 1_000_003 + iteration
        report = self.learner.update(rows_of(collected.groups, self._credit), seed=order, rate=rate)
        self._hand_over()
        metrics = of_collected(gathered(collected)) | of_update(report)
        if not math.isnan(metrics["reward/mean"]):
            self.progress.rewards_since.append(metrics["reward/mean"])
        return metrics

    def _evaluation(self, iteration: int, watch: HackingWatch) -> dict[str, float]:
        if self._held_out is None or not self._due(iteration, self._settings.evaluate_every):
            return {}
        found = of_evaluation(self.evaluate(seed=iteration))
        since, self.progress.rewards_since = self.progress.rewards_since, []
        training = math.fsum(since) / len(since) if since else math.nan
        warning = watch.see(training, found["evaluation/reward"])
        if warning:
            self._say(f"warning: {warning}")
        if found["evaluation/reward"] > self.progress.best_reward:
            self.progress.best, self.progress.best_reward = iteration, found["evaluation/reward"]
        return found | {"evaluation/hacking": float(bool(warning))}

    def _save(self, iteration: int) -> None:
        """Keep this iteration where its turn has come, or where none was better."""
        if self._due(iteration, self._settings.save_every) or self.progress.best == iteration:
            state = {**self.progress.as_state(), "config": self._config}
            self._checkpoints.save(iteration, self.learner, state, best=self.progress.best)

    def _due(self, iteration: int, every: int) -> bool:
        return every > 0 and ((iteration + 1) % every == 0 or iteration + 1 == self._settings.iterations)

    def _hand_over(self) -> None:
        """Let the generator sample from the weights as they are; a server takes an adapter of one name only once."""
        if self._sent == self.learner.updates:
            return
        folder = self._folder / "adapter"
        if not self._generator.shares_weights:
            save_model(self.learner.policy, folder)
        self._generator.load(folder, self.learner.updates)
        self._sent = self.learner.updates

    # -------------------------------------------------------------- what is drawn

    def _tasks_of(self, iteration: int) -> Sequence[Task]:
        """The tasks of an iteration: each comes once before any comes again."""
        wanted = range(iteration * self._settings.tasks, (iteration + 1) * self._settings.tasks)
        return [self._order(place // len(self._tasks))[place % len(self._tasks)] for place in wanted]

    def _order(self, epoch: int) -> list[Task]:
        order = list(self._tasks)
        random.Random(self._settings.seed * 1_000_003 + epoch).shuffle(order)
        return order

    def _seed(self, iteration: int, kind: int) -> int:
        return ((self._settings.seed * 1_000_003 + iteration) * 2 + kind) * self._ranks + self._rank

    # -------------------------------------------------------------- processes

    @property
    def _rank(self) -> int:
        return int(self.learner.accelerator.process_index)

    @property
    def _ranks(self) -> int:
        return int(self.learner.accelerator.num_processes)

    @property
    def _first(self) -> bool:
        return bool(self.learner.accelerator.is_main_process)
