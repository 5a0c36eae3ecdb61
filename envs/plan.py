"""What environments are made from: the keywords of ``WebGenEnv``, checked and turned into parts. Starts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

from webgen_gym import judges, rewards
from webgen_gym.concurrency import Concurrency
from webgen_gym.envs.translate import RENDER_MODES
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.gui_agent import Trajectory
from webgen_gym.judges.vlm import judging_model
from webgen_gym.limits import Limits, ModelLimits
from webgen_gym.llm import Budget, Model, OpenAIModel
from webgen_gym.rewards import RewardFunction
from webgen_gym.session import Settings
from webgen_gym.tasks import load as load_tasks
from webgen_gym.types import Task

_GUI_ON = ("validate", "turn")

_driven: ContextVar[list[Trajectory] | None] = ContextVar("driven", default=None)


class Plan:
    """Checked keywords; ``WebGenEnv`` says what each means. Its judges serve any number of sessions at once."""

    def __init__(  # noqa: PLR0913 - the keywords of the public face
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
        if gui_on not in _GUI_ON:
            raise UsageError(f"gui_on is '{gui_on}'; it is one of {', '.join(_GUI_ON)}.")
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise UsageError(f"render_mode is '{render_mode}'; it is one of {', '.join(RENDER_MODES)}.")
        self.limits = replace(limits or Limits(), turns=max_turns)
        self.tasks = load_tasks(tasks)
        self.viewport = (int(viewport[0]), int(viewport[1]))
        self.run_dir = Path(run_dir) if run_dir is not None else None
        self.browser = browser
        self.concurrency = concurrency or Concurrency.of_machine()
        self.cache = cache
        self.render_mode = render_mode
        self.models: list[OpenAIModel] = []
        self._budget = budget
        self.settings = Settings(
            appearance=judges.make_appearance(judge, ask=self._ask) if isinstance(judge, str) else judge,
            functionality=self._functionality(gui) if isinstance(gui, str) else gui,
            reward=rewards.make(reward),
            gui_on=gui_on,
            sandbox=sandbox,
            viewport=self.viewport,
            static_only=static_only,
        )
        self.made_with = {
            "judge": _name(judge),
            "gui": _name(gui),
            "gui_on": gui_on,
            "sandbox": sandbox,
            "reward": _name(reward),
            "max_turns": max_turns,
            "viewport": list(self.viewport),
            "static_only": static_only,
        }

    def config(self) -> dict[str, Any]:
        """What decides the outcome of a turn, besides the machine."""
        return {
            "judge": self.settings.appearance.id,
            "gui": self.settings.functionality.id,
            "gui_on": self.settings.gui_on,
            "viewport": list(self.viewport),
            "max_turns": self.limits.turns,
            "static_only": self.settings.static_only,
        }

    def _functionality(self, name: str) -> FunctionalityJudge:
        return judges.make_functionality(
            name, self.limits, viewport=self.viewport, ask=self._ask, on_trajectory=_driven_now, cache=self.cache
        )

    def _ask(self, judge: str) -> Model:
        """A model for a judge that was asked for by name; closed with the environment."""
        limits = ModelLimits(concurrency=self.concurrency.calls)
        model = judging_model(judge, budget=self._budget, limits=limits)
        self.models.append(model)
        return model


def driven() -> list[Trajectory]:
    """A list that gathers what GUI agents do from now on in this task, whichever judge of whichever slot it is."""
    gathered: list[Trajectory] = []
    _driven.set(gathered)
    return gathered


def _driven_now(trajectory: Trajectory) -> None:
    gathered = _driven.get()
    if gathered is not None:
        gathered.append(trajectory)


def _name(part: object) -> str:
    """The name that a part was asked for by; of an object, its class, which a replay cannot make again."""
    return part if isinstance(part, str) else type(part).__qualname__
