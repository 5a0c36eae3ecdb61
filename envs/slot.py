"""One environment as a coroutine sees it: a session, its generator, its place in the records.

``WebGenEnv`` drives one slot, a vector environment many of them on the same loop.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from gymnasium.utils import seeding

from webgen_gym.envs.backing import Backing
from webgen_gym.envs.plan import Plan, driven
from webgen_gym.errors import UsageError
from webgen_gym.selection import Mark
from webgen_gym.session import Session
from webgen_gym.tasks import find as find_task
from webgen_gym.types import Observation, Outcome, Task, Turn, Usage

OPTIONS = frozenset({"task", "snapshot", "rollout", "random"})
NO_EPISODE = "The environment has no episode yet; call reset() first."


class Slot:
    """Called from the loop only, one call at a time. ``prefix`` begins the names of its rollouts."""

    def __init__(self, plan: Plan, backing: Backing, prefix: str = "") -> None:
        self._plan = plan
        self._backing = backing
        self._prefix = prefix
        self._session = self._new_session()
        self._episodes = 0
        self._last: Turn | None = None
        self._played: Turn | None = None
        self._charged: dict[str, Usage] = {}
        self._random: np.random.Generator | None = None
        self._seed: int | None = None

    # -------------------------------------------------------------- playing

    async def reset(self, options: Mapping[str, Any], *, seed: int | None = None) -> Turn:
        """Begin an episode or go on from a snapshot; see ``WebGenEnv.reset``."""
        if seed is not None:
            self._random, self._seed = seeding.np_random(seed)
        self._episodes += 1
        rollout = str(options.get("rollout") or f"{self._prefix}episode-{self._episodes:04d}")
        if "snapshot" in options:
            return await self.restore(str(options["snapshot"]), rollout)
        task = self._task(options.get("task"))
        self._set_random(str(options.get("random", "")))
        turn = await self._session.reset(task, rollout=rollout, random=self._random_state())
        self._record(turn, [])
        return self._shown(turn)

    async def step(self, reply: str) -> Turn:
        """Play one reply."""
        self.begun()
        trajectories = driven()
        turn = await self._session.step(reply, random=self._random_state())
        turn, self._charged = replace(turn, usage={**self._charged, **turn.usage}), {}
        self._record(turn, [trajectory.to_json() for trajectory in trajectories])
        return self._shown(turn)

    async def restore(self, snapshot: str, rollout: str = "") -> Turn:
        """Go on from a snapshot; see ``WebGenEnv.restore``."""
        turn = await self._session.restore(snapshot, rollout=rollout)
        self._set_random(self._session.state.random)
        self._played = turn
        return self._shown(turn)

    async def backtrack(self, snapshot: str = "") -> Turn:
        """Set the site back; see ``WebGenEnv.backtrack``."""
        self.begun()
        return self._shown(await self._session.backtrack(snapshot))

    async def rebuild(self, error: Exception) -> Turn:
        """After an error that nobody foresaw: a new session in the place of this one, and a void turn.

        Raises the error itself where there was no episode yet, so that there is nothing to show.
        """
        with contextlib.suppress(Exception):
            await self._session.close()
        self._session = self._new_session()
        if self._last is None:
            raise error
        said = f"This turn is void: {type(error).__name__}: {error}"
        seen = replace(self._last.observation, feedback=said)
        void = replace(self._last, outcome=Outcome.VOID, observation=seen, error=True, truncated=True)
        void = replace(void, build=None, look=None, appearance=None, functionality=None, terminated=False)
        return self._shown(replace(void, reward=replace(void.reward, value=0.0), credit_to=-1))

    async def close(self) -> None:
        """End the site and the tabs. Safe to call twice."""
        await self._session.close()

    # -------------------------------------------------------------- what callers may ask for

    @property
    def np_random(self) -> np.random.Generator:
        """The generator that draws the task."""
        if self._random is None:
            self._random, self._seed = seeding.np_random()
        return self._random

    @np_random.setter
    def np_random(self, generator: np.random.Generator) -> None:
        self._random, self._seed = generator, -1

    @property
    def np_random_seed(self) -> int | None:
        """What the generator was seeded with; -1 where it was handed in."""
        return self._seed

    @property
    def best(self) -> Mark | None:
        """The best turn of the episode so far, by the paper's rule; None where nothing was built."""
        self.begun()
        return self._session.best

    @property
    def last(self) -> Turn | None:
        """What is shown now; None before the first reset."""
        return self._last

    @property
    def last_turn(self) -> Turn:
        """The last turn that was played, with everything about it: verdicts, evidence, timings."""
        self.begun()
        assert self._played is not None
        return self._played

    @property
    def seen(self) -> Observation:
        """The current observation as a frozen value, with the screenshot as PNG."""
        return self.begun().observation

    @property
    def errors_in_a_row(self) -> int:
        """How many turns in a row ended in error."""
        self.begun()
        return self._session.state.errors_in_a_row

    @property
    def rollout(self) -> str:
        """The name of the branch that turns are stored on."""
        return self._session.rollout

    def snapshot(self) -> str:
        """The id of the current state; every turn made one already."""
        return self.begun().snapshot

    def charge(self, usage: Usage) -> None:
        """Record what the reply to come has cost with its turn, as ``usage["agent"]``."""
        self._charged = {"agent": usage} if usage != Usage() else {}

    def begun(self) -> Turn:
        """What is shown now. Raises UsageError before the first reset."""
        if self._last is None:
            raise UsageError(NO_EPISODE)
        return self._last

    # -------------------------------------------------------------- inside

    def _new_session(self) -> Session:
        return Session(self._backing.engine, self._plan.settings, self._backing.store)

    def _task(self, wanted: object) -> Task:
        if isinstance(wanted, Task):
            return wanted
        tasks = self._plan.tasks
        if wanted is not None:
            return find_task(tasks, str(wanted))
        return tasks[int(self.np_random.integers(len(tasks)))]

    def _random_state(self) -> str:
        return json.dumps(self.np_random.bit_generator.state, sort_keys=True)

    def _set_random(self, random: str) -> None:
        if random:
            self.np_random.bit_generator.state = json.loads(random)

    def _record(self, turn: Turn, trajectories: list[bytes]) -> None:
        self._played = turn
        if self._backing.records is not None:
            self._backing.records.append(turn, self._session.rollout, trajectories)

    def _shown(self, turn: Turn) -> Turn:
        self._last = turn
        return turn


def checked_options(options: Mapping[str, Any] | None, known: frozenset[str] = OPTIONS) -> Mapping[str, Any]:
    """The options of a reset. Raises UsageError for one that does not exist."""
    chosen = options or {}
    unknown = sorted(chosen.keys() - known)
    if unknown:
        raise UsageError(f"reset() has no option {', '.join(unknown)}; the options are {', '.join(sorted(known))}.")
    return chosen
