"""WebGenEnv: a Session behind Gymnasium's interface. It only translates; what happens is in ``webgen_gym.session``."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from PIL import Image

from webgen_gym import judges, rewards
from webgen_gym.envs.runtime import Runtime, shared_runtime
from webgen_gym.envs.spaces import FileTree, ReplyText, Unicode
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.gui_agent import Trajectory
from webgen_gym.judges.vlm import judging_model
from webgen_gym.limits import Limits
from webgen_gym.llm import Budget, Model, OpenAIModel
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.rewards import RewardFunction
from webgen_gym.selection import Mark
from webgen_gym.session import Session, Settings, Store
from webgen_gym.tasks import find as find_task
from webgen_gym.tasks import load as load_tasks
from webgen_gym.types import Observation, Outcome, Task, Turn, Unscored, Usage

_OPTIONS = frozenset({"task", "snapshot", "rollout", "random"})
_GUI_ON = ("validate", "turn")

ObsType = dict[str, Any]
InfoType = dict[str, Any]


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
        render_mode: ``"rgb_array"``, ``"ansi"`` or None.

    Raises:
        UsageError: an argument names something that does not exist; the message lists what does.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 1}

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
        render_mode: str | None = None,
    ) -> None:
        self.limits = replace(limits or Limits(), turns=max_turns)
        self.tasks = load_tasks(tasks)
        self._trajectories: list[Trajectory] = []
        self._models: list[OpenAIModel] = []
        self._budget = budget
        if gui_on not in _GUI_ON:
            raise UsageError(f"gui_on is '{gui_on}'; it is one of {', '.join(_GUI_ON)}.")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise UsageError(
                f"render_mode is '{render_mode}'; it is one of {', '.join(self.metadata['render_modes'])}."
            )
        self.settings = Settings(
            appearance=judges.make_appearance(judge, ask=self._ask) if isinstance(judge, str) else judge,
            functionality=(
                judges.make_functionality(
                    gui,
                    self.limits,
                    viewport=(int(viewport[0]), int(viewport[1])),
                    ask=self._ask,
                    on_trajectory=self._trajectories.append,
                )
                if isinstance(gui, str)
                else gui
            ),
            reward=rewards.make(reward),
            gui_on=gui_on,
            sandbox=sandbox,
            viewport=(int(viewport[0]), int(viewport[1])),
            static_only=static_only,
        )
        self._made_with = {
            "judge": _name(judge),
            "gui": _name(gui),
            "gui_on": gui_on,
            "sandbox": sandbox,
            "reward": _name(reward),
            "max_turns": max_turns,
            "viewport": list(self.settings.viewport),
            "static_only": static_only,
        }
        self.render_mode = render_mode
        self.action_space = ReplyText(self.limits.reply_bytes)
        self.observation_space = _observation_space(self.limits, self.settings.viewport)
        self._browser = browser
        self._run_dir = Path(run_dir) if run_dir is not None else None
        self._runtime: Runtime | None = None
        self._session: Session | None = None
        self._records: RunFolder | None = None
        self._temporary: Path | None = None
        self._episodes = 0
        self._last: Turn | None = None
        self._played: Turn | None = None
        self._charged: dict[str, Usage] = {}

    # -------------------------------------------------------------- Gymnasium

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsType, InfoType]:
        """Begin an episode, or go on from a snapshot.

        ``options``: ``task`` (an id or a Task; else the seed draws one), ``snapshot`` (an id), ``rollout`` (the name
        of the branch in the snapshot store), ``random`` (the generator's state, as a snapshot keeps it).

        Raises:
            UsageError: an option is unknown, or names a task or snapshot that does not exist.
        """
        super().reset(seed=seed)
        chosen = _checked_options(options)
        session = self._open()
        self._episodes += 1
        rollout = str(chosen.get("rollout") or f"episode-{self._episodes:04d}")
        if "snapshot" in chosen:
            return self.restore(str(chosen["snapshot"]), rollout=rollout)
        task = self._task(chosen.get("task"))
        self._set_random(str(chosen.get("random", "")))
        turn = self._run(session.reset(task, rollout=rollout, random=self._random()))
        self._record(turn, rollout)
        return self._shown(turn)

    def step(self, action: str) -> tuple[ObsType, float, bool, bool, InfoType]:
        """Play one reply.

        Raises:
            UsageError: the action is not a str, or there is no episode under way.
        """
        if not isinstance(action, str):
            raise UsageError(f"The action is the text of a reply, a str; got {type(action).__name__}.")
        session = self._begun()
        turn = self._run(session.step(action, random=self._random()))
        turn, self._charged = replace(turn, usage={**self._charged, **turn.usage}), {}
        self._record(turn, session.rollout)
        observation, info = self._shown(turn)
        return observation, float(turn.reward.value), turn.terminated, turn.truncated, info

    def render(self) -> NDArray[np.uint8] | str | None:
        """The last screenshot, or a few lines about the last turn."""
        if self._last is None or self.render_mode is None:
            return None
        if self.render_mode == "rgb_array":
            return _pixels(self._last.observation.screenshot, self.settings.viewport)
        return _described(self._last)

    def close(self) -> None:
        """End the site and the tabs; the last env of the process ends the browser. Safe to call twice."""
        runtime, self._runtime = self._runtime, None
        if runtime is None:
            return
        if self._session is not None:
            runtime.run(self._session.close())
            self._session = None
        for model in self._models:
            runtime.run(model.close())
        runtime.leave()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    # -------------------------------------------------------------- snapshots

    def snapshot(self) -> str:
        """The id of the current state; every turn made one already."""
        self._begun()
        assert self._last is not None
        return self._last.snapshot

    def restore(self, snapshot: str, *, rollout: str = "") -> tuple[ObsType, InfoType]:
        """Go on from a snapshot: files, verdicts, feedback, budget, counters, random state and task come back.

        Raises:
            UnknownSnapshot: there is none with this id; the episode under way is untouched.
        """
        session = self._open()
        turn = self._run(session.restore(snapshot, rollout=rollout))
        self._set_random(session.state.random)
        self._played = turn
        return self._shown(turn)

    def backtrack(self, snapshot: str = "") -> tuple[ObsType, InfoType]:
        """Set the site back to the best turn so far, or to ``snapshot``; the budget runs on.

        Raises:
            UsageError: nothing was built yet.
        """
        turn = self._run(self._begun().backtrack(snapshot))
        return self._shown(turn, backtracked=True)

    def charge(self, usage: Usage) -> None:
        """Record what the reply to come has cost with its turn, as ``usage["agent"]``."""
        self._charged = {"agent": usage} if usage != Usage() else {}

    @property
    def best(self) -> Mark | None:
        """The best turn of the episode so far, by the paper's rule; None where nothing was built."""
        return self._begun().best

    @property
    def last_turn(self) -> Turn:
        """The last turn that was played, with everything about it: verdicts, evidence, timings."""
        self._begun()
        assert self._played is not None
        return self._played

    @property
    def seen(self) -> Observation:
        """The current observation as a frozen value, with the screenshot as PNG."""
        self._begun()
        assert self._last is not None
        return self._last.observation

    @property
    def errors_in_a_row(self) -> int:
        """How many turns in a row ended in error."""
        return self._begun().state.errors_in_a_row

    # -------------------------------------------------------------- inside

    def _open(self) -> Session:
        if self._session is None:
            store = Store.at(self._store_folder())
            self._runtime = shared_runtime()
            engine = self._runtime.engine(self.limits, self._browser)
            self._session = Session(engine, self.settings, store)
        return self._session

    def _store_folder(self) -> Path:
        if self._run_dir is not None:
            self._records = RunFolder.open(self._run_dir, self._config(), self._made_with)
            return self._run_dir
        self._temporary = Path(tempfile.mkdtemp(prefix="webgen-gym-"))
        return self._temporary

    def _config(self) -> dict[str, Any]:
        """What decides the outcome of a turn, besides the machine."""
        return {
            "judge": self.settings.appearance.id,
            "gui": self.settings.functionality.id,
            "gui_on": self.settings.gui_on,
            "viewport": list(self.settings.viewport),
            "max_turns": self.limits.turns,
            "static_only": self.settings.static_only,
        }

    def _ask(self, judge: str) -> Model:
        """A model for a judge that was asked for by name; closed with the environment."""
        model = judging_model(judge, budget=self._budget)
        self._models.append(model)
        return model

    def _begun(self) -> Session:
        if self._session is None or self._last is None:
            raise UsageError("The environment has no episode yet; call reset() first.")
        return self._session

    def _run(self, work: Coroutine[Any, Any, Turn]) -> Turn:
        assert self._runtime is not None
        return self._runtime.run(work)

    def _task(self, wanted: object) -> Task:
        if isinstance(wanted, Task):
            return wanted
        if wanted is not None:
            return find_task(self.tasks, str(wanted))
        return self.tasks[int(self.np_random.integers(len(self.tasks)))]

    def _random(self) -> str:
        return json.dumps(self.np_random.bit_generator.state, sort_keys=True)

    def _set_random(self, random: str) -> None:
        if random:
            self.np_random.bit_generator.state = json.loads(random)

    def _record(self, turn: Turn, rollout: str) -> None:
        self._played = turn
        driven, self._trajectories[:] = list(self._trajectories), []
        if self._records is not None:
            self._records.append(turn, rollout, [trajectory.to_json() for trajectory in driven])

    def _shown(self, turn: Turn, *, backtracked: bool = False) -> tuple[ObsType, InfoType]:
        self._last = turn
        return _as_observation(turn.observation, self.settings.viewport), _as_info(turn, backtracked=backtracked)


def _name(part: object) -> str:
    """The name that a part was asked for by; of an object, its class, which a replay cannot make again."""
    return part if isinstance(part, str) else type(part).__qualname__


def _checked_options(options: dict[str, Any] | None) -> dict[str, Any]:
    chosen = options or {}
    unknown = sorted(chosen.keys() - _OPTIONS)
    if unknown:
        raise UsageError(f"reset() has no option {', '.join(unknown)}; the options are {', '.join(sorted(_OPTIONS))}.")
    return chosen


def _observation_space(limits: Limits, viewport: tuple[int, int]) -> spaces.Dict:
    width, height = viewport
    return spaces.Dict(
        {
            "instruction": Unicode(limits.text_bytes),
            "files": FileTree(limits.files, limits.source_bytes),
            "build_log": Unicode(limits.output_bytes),
            "screenshot": spaces.Box(0, 255, (height, width, 3), np.uint8),
            "feedback": Unicode(limits.output_bytes),
            "scores": spaces.Box(-1.0, 5.0, (2,), np.float32),
            # One more than the budget: a restored last turn may still be tested.
            "turn": spaces.Discrete(limits.turns + 2),
        }
    )


def _as_observation(seen: Observation, viewport: tuple[int, int]) -> ObsType:
    return {
        "instruction": seen.instruction,
        "files": dict(seen.files),
        "build_log": seen.build_log,
        "screenshot": _pixels(seen.screenshot, viewport),
        "feedback": seen.feedback,
        "scores": np.array([seen.appearance, seen.functionality], dtype=np.float32),
        "turn": seen.turn,
    }


def _pixels(png: bytes, viewport: tuple[int, int]) -> NDArray[np.uint8]:
    """The screenshot as (H, W, 3); black where nothing was seen."""
    width, height = viewport
    if not png:
        return np.zeros((height, width, 3), dtype=np.uint8)
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8).copy()


def _as_info(turn: Turn, *, backtracked: bool) -> InfoType:
    """Fixed keys, one type per key; no clock, port, process id or path."""
    unscored = turn.appearance.reason if isinstance(turn.appearance, Unscored) else ""
    untested = turn.functionality.reason if isinstance(turn.functionality, Unscored) else ""
    return {
        "snapshot": turn.snapshot,
        "parent": turn.parent,
        "state_hash": turn.state_hash,
        "outcome": turn.outcome.value,
        "error": turn.error,
        "malformed": turn.outcome is Outcome.MALFORMED,
        "scored": not unscored and not untested,
        "unscored_reason": unscored or untested,
        "void": turn.outcome is Outcome.VOID,
        "credit_to": turn.credit_to,
        "reward_parts": {name: float(value) for name, value in turn.reward.parts.items()},
        "backtracked": backtracked,
    }


def _described(turn: Turn) -> str:
    seen = turn.observation
    scores = f"appearance {seen.appearance:.2f}, functionality {seen.functionality:.2f}"
    names = ", ".join(sorted(seen.files)) or "no files"
    first = f"turn {turn.number}: {turn.outcome.value}, reward {turn.reward.value:.2f} ({scores})"
    return f"{first}\n{names}\n\n{seen.feedback}"
