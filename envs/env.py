"""WebGenEnv: one slot behind Gymnasium's interface. It only translates; what happens is in ``webgen_gym.session``."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym

from webgen_gym.concurrency import Concurrency
from webgen_gym.envs.backing import Backing
from webgen_gym.envs.plan import Plan
from webgen_gym.envs.slot import NO_EPISODE, Slot, checked_options
from webgen_gym.envs.spaces import ReplyText
from webgen_gym.envs.translate import (
    RENDER_MODES,
    InfoType,
    ObsType,
    Pixels,
    as_info,
    as_observation,
    described,
    observation_space,
    pixels,
)
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.limits import Limits
from webgen_gym.llm import Budget
from webgen_gym.rewards import RewardFunction
from webgen_gym.selection import Mark
from webgen_gym.types import Observation, Task, Turn, Usage


class WebGenEnv(gym.Env[ObsType, str]):
    """A website is built turn by turn; see ``docs/environment.md`` for the contract.

    Making one starts nothing; the browser starts at the first reset and is shared by the process.

    Args:
        tasks: a path to a JSONL file, a sequence of Task, or None for the bundled catalogue.
        judge: appearance judge, ``"measured"``, ``"paper"``, ``"guarded"`` or an object.
        gui: functionality judge, ``"explore"``, ``"tests"``, ``"agent"`` or an object.
        gui_on: ``"validate"``, when the model says ``screenshot_validated``; ``"turn"``, after every edit.
        sandbox: ``"auto"``, ``"jail"`` or ``"process"``; where commands of npm projects run.
        reward: ``"paper"`` or a function of the two verdicts.
        max_turns: the budget of an episode in turns.
        viewport: width and height of the screenshot in pixels.
        run_dir: the run folder to record into; None keeps snapshots in a temporary folder.
        static_only: plain HTML, CSS and JavaScript only; then no program but the browser ever runs.
        limits: every other bound.
        browser: path of the browser's program; None finds one.
        budget: what judges made by name may spend on models, shared with whoever else is given it; None is no limit.
        concurrency: how much work may go on at once in this process; None suits it to the machine.
        cache: whether looks at, and verdicts on, a site that was seen before are taken from the cache folder.
        render_mode: ``"rgb_array"``, ``"ansi"`` or None.

    Raises:
        UsageError: an argument names something that does not exist; the message lists what does.
    """

    metadata = {"render_modes": list(RENDER_MODES), "render_fps": 1}

    def __init__(  # noqa: PLR0913 - the public face; each is a keyword
        self,
        *,
        tasks: str | Path | Sequence[Task] | None = None,
        judge: str | AppearanceJudge = "measured",
        gui: str | FunctionalityJudge = "explore",
        gui_on: str = "validate",
        sandbox: str = "auto",
        reward: str | RewardFunction = "paper",
        max_turns: int = 20,
        viewport: tuple[int, int] = (1024, 768),
        run_dir: str | Path | None = None,
        static_only: bool = False,
        limits: Limits | None = None,
        browser: str | None = None,
        budget: Budget | None = None,
        concurrency: Concurrency | None = None,
        cache: bool = True,
        render_mode: str | None = None,
    ) -> None:
        self._plan = Plan(
            tasks=tasks,
            judge=judge,
            gui=gui,
            gui_on=gui_on,
            sandbox=sandbox,
            reward=reward,
            max_turns=max_turns,
            viewport=viewport,
            run_dir=run_dir,
            static_only=static_only,
            limits=limits,
            browser=browser,
            budget=budget,
            concurrency=concurrency,
            cache=cache,
            render_mode=render_mode,
        )
        self.limits = self._plan.limits
        self.tasks = self._plan.tasks
        self.settings = self._plan.settings
        self.render_mode = render_mode
        self.action_space = ReplyText(self.limits.reply_bytes)
        self.observation_space = observation_space(self.limits, self._plan.viewport)
        self._backing: Backing | None = None
        self._slot: Slot | None = None

    # -------------------------------------------------------------- Gymnasium

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsType, InfoType]:
        """Begin an episode, or go on from a snapshot.

        ``options``: ``task`` (an id or a Task; else the seed draws one), ``snapshot`` (an id), ``rollout`` (the name
        of the branch in the snapshot store), ``random`` (the generator's state, as a snapshot keeps it).

        Raises:
            UsageError: an option is unknown, or names a task or snapshot that does not exist.
        """
        super().reset(seed=seed)
        chosen = checked_options(options)
        return self._shown(self._run(self._open().reset(chosen)))

    def step(self, action: str) -> tuple[ObsType, float, bool, bool, InfoType]:
        """Play one reply.

        Raises:
            UsageError: the action is not a str, or there is no episode under way.
        """
        if not isinstance(action, str):
            raise UsageError(f"The action is the text of a reply, a str; got {type(action).__name__}.")
        turn = self._run(self._begun().step(action))
        observation, info = self._shown(turn)
        return observation, float(turn.reward.value), turn.terminated, turn.truncated, info

    def render(self) -> Pixels | str | None:
        """The last screenshot, or a few lines about the last turn."""
        if self._slot is None or self.render_mode is None:
            return None
        turn = self._slot.last
        if turn is None:
            return None
        if self.render_mode == "rgb_array":
            return pixels(turn.observation.screenshot, self._plan.viewport)
        return described(turn)

    def close(self) -> None:
        """End the site and the tabs; the last env of the process ends the browser. Safe to call twice."""
        backing, self._backing = self._backing, None
        slot, self._slot = self._slot, None
        if backing is None:
            return
        if slot is not None:
            backing.runtime.run(slot.close())
        backing.close()

    # -------------------------------------------------------------- snapshots

    def snapshot(self) -> str:
        """The id of the current state; every turn made one already."""
        return self._begun().snapshot()

    def restore(self, snapshot: str, *, rollout: str = "") -> tuple[ObsType, InfoType]:
        """Go on from a snapshot: files, verdicts, feedback, budget, counters, random state and task come back.

        Raises:
            UnknownSnapshot: there is none with this id; the episode under way is untouched.
        """
        return self._shown(self._run(self._open().restore(snapshot, rollout)))

    def backtrack(self, snapshot: str = "") -> tuple[ObsType, InfoType]:
        """Set the site back to the best turn so far, or to ``snapshot``; the budget runs on.

        Raises:
            UsageError: nothing was built yet.
        """
        return self._shown(self._run(self._begun().backtrack(snapshot)), backtracked=True)

    def charge(self, usage: Usage) -> None:
        """Record what the reply to come has cost with its turn, as ``usage["agent"]``."""
        self._begun().charge(usage)

    @property
    def best(self) -> Mark | None:
        """The best turn of the episode so far, by the paper's rule; None where nothing was built."""
        return self._begun().best

    @property
    def last_turn(self) -> Turn:
        """The last turn that was played, with everything about it: verdicts, evidence, timings."""
        return self._begun().last_turn

    @property
    def seen(self) -> Observation:
        """The current observation as a frozen value, with the screenshot as PNG."""
        return self._begun().seen

    @property
    def errors_in_a_row(self) -> int:
        """How many turns in a row ended in error."""
        return self._begun().errors_in_a_row

    # -------------------------------------------------------------- inside

    def _open(self) -> Slot:
        if self._slot is None:
            self._backing = Backing(self._plan)
            self._slot = Slot(self._plan, self._backing)
        return self._slot

    def _begun(self) -> Slot:
        if self._slot is None:
            raise UsageError(NO_EPISODE)
        self._slot.begun()
        return self._slot

    def _run(self, work: Coroutine[Any, Any, Turn]) -> Turn:
        """The slot draws from this environment's generator, which may be replaced at any time."""
        assert self._backing is not None
        assert self._slot is not None
        self._slot.np_random = self.np_random
        return self._backing.runtime.run(work)

    def _shown(self, turn: Turn, *, backtracked: bool = False) -> tuple[ObsType, InfoType]:
        screenshot = pixels(turn.observation.screenshot, self._plan.viewport)
        return as_observation(turn.observation, screenshot), as_info(turn, backtracked=backtracked)
