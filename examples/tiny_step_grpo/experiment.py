"""One policy from random weights to its evaluation: warm start, then training by one variant, then held-out tasks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

from examples.tiny_step_grpo import model
from examples.tiny_step_grpo.demonstrations import conversations, drafts
from examples.tiny_step_grpo.tasks import wishes
from examples.tiny_step_grpo.variants import Variant
from examples.tiny_step_grpo.voice import CompactVoice
from examples.tiny_step_grpo.world import TURNS, opened
from webgen_gym.agents.generators import Sampling
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.trainers.credit import make as make_credit
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.metrics import of_evaluation
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.rollouts import Collector, RolloutSettings
from webgen_gym.trainers.run_log import read_metrics
from webgen_gym.trainers.sft import SFT, warm_start
from webgen_gym.trainers.trainer import RunSettings, StepGRPO

CONTEXT = 160
SAMPLING = Sampling(temperature=1.0, max_tokens=16)
WEIGHTS = "weights.pt"
EVALUATION = 1_000_000
"""The seed of every evaluation: all policies are asked the same with the same luck."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. An iteration plays ``tasks`` tasks ``group`` times, each for ``turns`` turns.

    ``drafts`` demonstrations are first replies alone, which cost nothing; ``played`` for each training task are
    conversations with the environment.
    """

    training: int = 16
    held_out: int = 16
    drafts: int = 3000
    played: int = 4
    lessons: int = 400
    iterations: int = 60
    tasks: int = 8
    group: int = 8
    turns: int = TURNS
    evaluated: int = 8
    learning_rate: float = 5e-4


@dataclass(frozen=True, slots=True)
class Outcome:
    """``evaluation``: means over the steps of all held-out rollouts, as ``of_evaluation`` names them.

    ``curve`` is the mean reward of each iteration, whole whatever part of it was trained on.
    """

    evaluation: dict[str, float]
    curve: tuple[float, ...]
    seconds: float


class Experiment:
    """Everything but the weights, which ``begin`` makes and ``train`` changes. ``seed`` decides all that is random."""

    def __init__(self, size: Size, seed: int, folder: Path, say: Callable[[str], None] = lambda line: None) -> None:
        torch.set_num_threads(1)
        self._size = size
        self._seed = seed
        self._folder = folder
        self._say = say
        self.training = tuple(islice(wishes(0, held_out=False), size.training))
        self.held_out = tuple(islice(wishes(0, held_out=True), size.held_out))
        self._chat = ChatTokens(model.tokenizer())
        self.policy = Policy(model.model(seed))

    def begin(self) -> Outcome:
        """Learn the demonstrations; the weights are kept in the folder."""
        started = time.perf_counter()
        with self._env() as env:
            self._imitate(env)
            found = self._evaluated(env)
        return Outcome(found, (), time.perf_counter() - started)

    def _imitate(self, env: WebGenVectorEnv) -> None:
        shown = conversations(env, self.training, self._size.played, random.Random(0))
        told = drafts(islice(wishes(1, held_out=False), self._size.drafts), random.Random(1))
        repeated = max(1, len(told) // (2 * max(len(shown), 1)))
        settings = SFT(learning_rate=2e-3, updates=self._size.lessons, batch=32, max_tokens=CONTEXT, seed=self._seed)
        warm_start(self.policy, self._chat, [*told, *shown * repeated], settings)
        self._folder.mkdir(parents=True, exist_ok=True)
        torch.save(self.policy.model.state_dict(), self._folder / WEIGHTS)

    def train(self, variant: Variant, warm: Path) -> Outcome:
        """Go on from the weights of a warm start."""
        started = time.perf_counter()
        self.policy.model.load_state_dict(torch.load(warm / WEIGHTS))
        size = self._size
        settings = RunSettings(
            iterations=size.iterations, tasks=size.tasks, seed=self._seed, evaluate_every=0, save_every=0
        )
        rollouts = RolloutSettings(group=size.group, turns=size.turns, parts=variant.parts, mask_truncated=False)
        with self._env() as env, self._generator() as generator:
            StepGRPO(
                tasks=[wish.task() for wish in self.training],
                collector=Collector(env, generator, self._chat, CompactVoice(), rollouts),
                sampling=SAMPLING,
                generator=generator,
                learner=Learner(self.policy, ClippedRatio(), self._update()),
                folder=self._folder,
                credit=make_credit(variant.credit),
                settings=settings,
                say=self._say,
            ).run()
            found = self._evaluated(env)
        return Outcome(found, self._curve(), time.perf_counter() - started)

    # -------------------------------------------------------------- inside

    def _evaluated(self, env: WebGenVectorEnv) -> dict[str, float]:
        tasks = [wish.task() for wish in self.held_out]
        rollouts = RolloutSettings(group=self._size.evaluated, turns=self._size.turns, mask_truncated=False)
        with self._generator() as generator:
            collector = Collector(env, generator, self._chat, CompactVoice(), rollouts)
            found = of_evaluation(collector.collect(tasks, SAMPLING, seed=EVALUATION))
        return {name.removeprefix("evaluation/"): value for name, value in found.items()}

    def _curve(self) -> tuple[float, ...]:
        """The whole reward: of a part alone the run's own log tells that part."""
        return tuple(
            line["reward/appearance"] + line["reward/functionality"] - line["turns/malformed"]
            for line in read_metrics(self._folder)
        )

    def _update(self) -> UpdateSettings:
        return UpdateSettings(learning_rate=self._size.learning_rate, betas=(0.9, 0.99), token_budget=8192)

    def _slots(self) -> int:
        return self._size.tasks * self._size.group

    @contextmanager
    def _generator(self) -> Iterator[LocalGenerator]:
        generator = LocalGenerator(self.policy.model, slots=self._slots(), context=CONTEXT, eos=self._chat.eos)
        with closing(generator):
            yield generator

    def _env(self) -> AbstractContextManager[WebGenVectorEnv]:
        return opened([wish.task() for wish in (*self.training, *self.held_out)], self._slots())
