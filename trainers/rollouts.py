"""Groups of rollouts: a policy plays tasks in the slots of a vector environment, tokens in and tokens out.

All slots take a turn together: one batch of replies, then one batch of turns, in which installs, page loads and judges
overlap. What is collected depends on the weights, the tasks and the seed alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from webgen_gym.agents.generators import Generator, Sampled, Sampling, Tokens
from webgen_gym.envs.vector import WebGenVectorEnv
from webgen_gym.errors import UsageError
from webgen_gym.trainers.scoring import checked_parts, step_rewards
from webgen_gym.trainers.units import Group, Rollout, Step
from webgen_gym.trainers.voice import Voice
from webgen_gym.types import Observation, Outcome, Task, Turn

if TYPE_CHECKING:
    from webgen_gym.agents.generators.chat import ChatTokens


@dataclass(frozen=True, slots=True)
class RolloutSettings:
    """How a group is collected.

    ``group`` rollouts of each task with at most ``turns`` turns; ``parts`` as in ``step_rewards``. With
    ``mask_truncated`` replies that were cut off at ``sampling.max_tokens`` are left out, unless they repeat themselves
    or can be read all the same; without, they are malformed like any other. With ``branched`` a
    group is ``group`` replies to one state instead: each turn of one rollout of a task makes a group, all replies begin
    from the same restored snapshot, and the rollout goes on from one of them that is drawn.

    Raises:
        UsageError: a number is below 1, or there is no such part.
    """

    group: int = 5
    turns: int = 5
    parts: tuple[str, ...] | None = None
    mask_truncated: bool = True
    branched: bool = False

    def __post_init__(self) -> None:
        for name in ("group", "turns"):
            if getattr(self, name) < 1:
                raise UsageError(f"rollout.{name} is {getattr(self, name)}; it must be 1 or more.")
        checked_parts(self.parts)


@dataclass(frozen=True, slots=True)
class Collected:
    """Groups and how they came about.

    ``turns`` are all that were played, in the order of groups and rollouts. ``too_long`` counts rollouts that ended
    because the next prompt left no room for a reply; ``generated`` the tokens that were sampled; the rest are seconds.
    """

    groups: tuple[Group, ...]
    turns: tuple[Turn, ...]
    too_long: int
    generated: int
    generating_s: float
    environment_s: float


class Collector:
    """Plays tasks in an environment made with ``autoreset_mode="Disabled"``; any number of slots will do.

    Raises:
        UsageError: the environment resets its slots by itself, or has too few slots to branch.
    """

    def __init__(
        self,
        env: WebGenVectorEnv,
        generator: Generator,
        chat: ChatTokens,
        voice: Voice,
        settings: RolloutSettings,
    ) -> None:
        if str(env.metadata["autoreset_mode"].value) != "Disabled":
            raise UsageError("Rollouts need an environment made with autoreset_mode='Disabled': groups end one by one.")
        if settings.branched and env.num_envs < settings.group:
            raise UsageError(
                f"Branching into rollout.group = {settings.group} replies takes as many slots; the environment has"
                f" {env.num_envs} (environment.slots)."
            )
        self._env = env
        self._generator = generator
        self._chat = chat
        self._voice = voice
        self._settings = settings

    def collect(self, tasks: Sequence[Task], sampling: Sampling, *, seed: int, name: str = "rollout") -> Collected:
        """Groups for these tasks, in this order; ``name`` begins the names of rollouts in the run folder.

        Raises:
            InfraFault: the generator fails. What the environment fails in makes turns void instead.
        """
        clock = _Clock()
        collect = self._branched if self._settings.branched else self._rolled
        found = collect(tasks, sampling, _Seeds(seed), name, clock)
        return Collected(
            groups=tuple(group for group, _ in found),
            turns=tuple(turn for _, talks in found for talk in talks for turn in talk.turns),
            too_long=sum(talk.too_long for _, talks in found for talk in talks),
            generated=sum(len(said.tokens) for _, talks in found for talk in talks for _, said in talk.said),
            generating_s=clock.generating_s,
            environment_s=clock.environment_s,
        )

    # -------------------------------------------------------------- whole rollouts

    def _rolled(
        self, tasks: Sequence[Task], sampling: Sampling, seeds: _Seeds, name: str, clock: _Clock
    ) -> list[tuple[Group, list[_Talk]]]:
        size = self._settings.group
        talks = [
            _Talk(task, (place, rollout), f"{name}-{place:03d}-{rollout}")
            for place, task in enumerate(tasks)
            for rollout in range(size)
        ]
        for wave in _waves(talks, self._env.num_envs):
            with clock.environment():
                self._begin(wave)
            for turn in range(self._settings.turns):
                active = [(slot, talk) for slot, talk in enumerate(wave) if not talk.over]
                self._turn(active, sampling, [seeds.of(*talk.place, turn) for _, talk in active], clock)
        groups = [talks[at : at + size] for at in range(0, len(talks), size)]
        return [(Group(group[0].task.id, tuple(self._rollout(talk) for talk in group)), group) for group in groups]

    def _rollout(self, talk: _Talk) -> Rollout:
        masked = self._settings.mask_truncated
        ended = [answer.ended or not masked for _, answer in talk.said]
        rewards = step_rewards(talk.turns, ended, self._settings.parts)
        return Rollout(tuple(_step(*each) for each in zip(talk.said, talk.turns, rewards, strict=True)))

    # -------------------------------------------------------------- branches

    def _branched(
        self, tasks: Sequence[Task], sampling: Sampling, seeds: _Seeds, name: str, clock: _Clock
    ) -> list[tuple[Group, list[_Talk]]]:
        size = self._settings.group
        trunks = [_Talk(task, (place, 0), f"{name}-{place:03d}") for place, task in enumerate(tasks)]
        found: list[tuple[Group, list[_Talk]]] = []
        for wave in _waves(trunks, self._env.num_envs // size):
            with clock.environment():
                self._begin(wave)
            for turn in range(self._settings.turns):
                growing = [trunk for trunk in wave if not trunk.over]
                branches = [[trunk.branch(number) for number in range(size)] for trunk in growing]
                if not branches:
                    break
                with clock.environment():
                    active = list(enumerate(talk for group in branches for talk in group))
                    self._env.restore_slots({slot: talk.snapshot for slot, talk in active})
                numbers = [seeds.of(*talk.place, turn) for _, talk in active]
                self._turn(active, sampling, numbers, clock)
                for trunk, group in zip(growing, branches, strict=True):
                    trunk.go_on_as(group[seeds.of(*trunk.place, turn) % size])
                    answered = [talk for talk in group if talk.said]
                    found.append((Group(trunk.task.id, tuple(self._rollout(talk) for talk in answered)), answered))
        return [(group, talks) for group, talks in found if group.rollouts]

    # -------------------------------------------------------------- turns

    def _begin(self, talks: Sequence[_Talk]) -> None:
        """Begin the tasks of these talks in the first slots."""
        turns = self._env.begin_slots(
            {slot: {"task": talk.task, "rollout": talk.name} for slot, talk in enumerate(talks)}
        )
        for slot, talk in enumerate(talks):
            talk.begin(turns[slot], self._chat.open(self._voice.first(turns[slot].observation)))

    def _turn(
        self, active: Sequence[tuple[int, _Talk]], sampling: Sampling, seeds: Sequence[int], clock: _Clock
    ) -> None:
        """One turn of every talk in its slot; those whose prompt leaves no room end instead."""
        asked = []
        for (slot, talk), seed in zip(active, seeds, strict=True):
            if len(talk.prompt) + sampling.max_tokens > self._generator.context:
                talk.over = talk.too_long = True
            else:
                asked.append((slot, talk, seed))
        if not asked:
            return
        with clock.generating():
            answers = self._generator.generate([talk.prompt for _, talk, _ in asked], sampling, [s for *_, s in asked])
        with clock.environment():
            replies = {
                slot: self._voice.reply(self._chat.text(answer.tokens), talk.observation)
                for (slot, talk, _), answer in zip(asked, answers, strict=True)
            }
            turns = self._env.play_slots(replies)
            for (slot, talk, _), answer in zip(asked, answers, strict=True):
                talk.add(answer, turns[slot])
                if not talk.over:
                    talk.prompt = self._chat.extend(talk.held, self._voice.next(talk.observation))


# ------------------------------------------------------------------ inside


_NOTHING_SEEN = Observation("", {}, "", b"", "", -1.0, -1.0, 0)


@dataclass(slots=True, eq=False)
class _Talk:
    """One rollout under way. ``prompt`` is what is read next; ``said`` pairs each prompt with its answer."""

    task: Task
    place: tuple[int, int]
    name: str
    prompt: Tokens = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    observation: Observation = field(default_factory=lambda: _NOTHING_SEEN)
    snapshot: str = ""
    turns: list[Turn] = field(default_factory=list)
    said: list[tuple[Tokens, Sampled]] = field(default_factory=list)
    over: bool = False
    too_long: bool = False

    def begin(self, turn: Turn, prompt: Tokens) -> None:
        self.prompt = prompt
        self.observation, self.snapshot = turn.observation, turn.snapshot
        self.over = turn.outcome is Outcome.VOID

    @property
    def held(self) -> Tokens:
        """Everything that was read and said so far."""
        prompt, answer = self.said[-1]
        return np.concatenate([prompt, answer.tokens])

    def add(self, answer: Sampled, turn: Turn) -> None:
        self.said.append((self.prompt, answer))
        self.turns.append(turn)
        self.observation, self.snapshot = turn.observation, turn.snapshot
        self.over = turn.terminated or turn.truncated or not answer.ended

    def branch(self, number: int) -> _Talk:
        """A talk of one turn from here."""
        place, _ = self.place
        return _Talk(self.task, (place, number + 1), self.name, self.prompt, self.observation, self.snapshot)

    def go_on_as(self, branch: _Talk) -> None:
        self.over = branch.over
        self.prompt, self.observation, self.snapshot = branch.prompt, branch.observation, branch.snapshot


class _Seeds:
    """A seed for each turn of each rollout, all from one."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, task: int, rollout: int, turn: int) -> int:
        return int(np.random.SeedSequence([self._seed, task, rollout, turn]).generate_state(1)[0])


class _Clock:
    """Where the time goes."""

    def __init__(self) -> None:
        self.generating_s = self.environment_s = 0.0

    @contextmanager
    def generating(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.generating_s += time.perf_counter() - started

    @contextmanager
    def environment(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.environment_s += time.perf_counter() - started


def _step(said: tuple[Tokens, Sampled], turn: Turn, reward: float | None) -> Step:
    prompt, answer = said
    return Step(prompt, answer.tokens, answer.logprobs, reward, turn.reward.parts, turn.outcome.value, turn.snapshot)


def _waves(talks: Sequence[_Talk], slots: int) -> list[Sequence[_Talk]]:
    return [talks[at : at + slots] for at in range(0, len(talks), slots)]
