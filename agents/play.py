"""An agent plays an environment: one rollout, then the choice of its best turn.

This is the workflow of WebGen-Agent (arXiv 2509.22644): turns until ``finish`` or the budget, backtracking on the
way (the ``Backtracking`` wrapper), and at the end the best turn, retested first where it was never tested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import gymnasium as gym

from webgen_gym.agents.base import Agent
from webgen_gym.envs.env import WebGenEnv
from webgen_gym.envs.translate import ObsType
from webgen_gym.errors import ModelFailed, ModelFailure
from webgen_gym.llm import account
from webgen_gym.replies.write import write_bolt
from webgen_gym.selection import Mark, better
from webgen_gym.types import Control, Outcome, Score, Task, Turn


@dataclass(frozen=True, slots=True)
class Rollout:
    """One rollout. ``turns`` are those played now, ``chosen`` is None where nothing was ever built.

    ``failure`` says why the agent's model gave no reply; empty where it gave all.
    """

    task: str
    name: str
    turns: tuple[Turn, ...]
    chosen: Mark | None
    failure: str = ""

    @property
    def void(self) -> bool:
        """Whether it ended in an infrastructure fault and says nothing about the agent."""
        return bool(self.failure) or any(turn.outcome is Outcome.VOID for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a rollout was cut off: its last snapshot, the marks of its turns, and whether it was over."""

    snapshot: str
    marks: Sequence[Mark]
    over: bool


def play(
    env: gym.Env[ObsType, str],
    agent: Agent,
    task: Task,
    *,
    name: str,
    seed: int = 0,
    resume: Resume | None = None,
    on_turn: Callable[[Turn], None] = lambda turn: None,
) -> Rollout:
    """Play one rollout to its end, from its beginning or from where it was cut off.

    Raises:
        UsageError: the machine lacks a program that the site needs.
    """
    inner = unwrapped(env)
    start = {"snapshot": resume.snapshot} if resume is not None else {"task": task}
    env.reset(seed=seed, options={**start, "rollout": name})
    agent.start(task, seed)
    marks = list(resume.marks) if resume is not None else []
    over = resume is not None and resume.over
    turns, failure = ([], "") if over else _turns(env, agent, on_turn)
    marks += [mark for mark in map(mark_of, turns) if mark is not None]
    rollout = Rollout(task.id, name, tuple(turns), _best(marks), failure)
    untested = None if rollout.void else _worth_a_test(marks)
    if untested is None:
        return rollout
    inner.restore(untested.snapshot, rollout=name)
    inner.step(write_bolt([], title="Test", control=Control.VALIDATE))
    on_turn(inner.last_turn)
    tested = mark_of(inner.last_turn)
    return Rollout(task.id, name, (*turns, inner.last_turn), better(rollout.chosen, tested))


def _turns(env: gym.Env[ObsType, str], agent: Agent, on_turn: Callable[[Turn], None]) -> tuple[list[Turn], str]:
    """Turn after turn until the end; and why the agent had no reply, where that ended it."""
    inner = unwrapped(env)
    turns: list[Turn] = []
    over = False
    while not over:
        try:
            with account() as spent:
                reply = agent.act(inner.seen)
        except ModelFailed as failed:
            # A conversation that has outgrown its model is the end of the rollout, and nobody's failure.
            return turns, "" if failed.reason is ModelFailure.CONTEXT else failed.message
        inner.charge(spent.usage)
        _, _, terminated, truncated, info = env.step(reply)
        turns.append(inner.last_turn)
        on_turn(inner.last_turn)
        if info["backtracked"]:
            agent.go_back(inner.seen)
        over = terminated or truncated
    return turns, ""


def unwrapped(env: gym.Env[ObsType, str]) -> WebGenEnv:
    """The WebGenEnv inside the wrappers."""
    inner = env.unwrapped
    assert isinstance(inner, WebGenEnv)
    return inner


def mark_of(turn: Turn) -> Mark | None:
    """How a turn stands in the choice of the best; None where nothing was built in it."""
    if turn.build is None:
        return None
    return Mark(
        snapshot=turn.snapshot,
        turn=turn.number,
        appearance=turn.observation.appearance,
        functionality=turn.observation.functionality,
        tested=isinstance(turn.functionality, Score),
        error=turn.error,
    )


def _best(marks: Sequence[Mark]) -> Mark | None:
    return max(marks, key=lambda mark: mark.rank, default=None)


def _worth_a_test(marks: Sequence[Mark]) -> Mark | None:
    """The untested turn that might be the best, or None.

    By the paper's order an untested version loses to any tested one. So one that is newer or looks better than the
    best tested gets its test, instead of losing because nobody tried it.
    """
    tested = _best([mark for mark in marks if mark.tested])
    known = {mark.snapshot for mark in marks if mark.tested}
    candidates = [
        mark
        for mark in marks
        if not mark.tested
        and not mark.error
        and mark.snapshot not in known
        and (tested is None or mark.turn > tested.turn or mark.appearance > tested.appearance)
    ]
    return max(candidates, key=lambda mark: (mark.appearance, mark.turn), default=None)
