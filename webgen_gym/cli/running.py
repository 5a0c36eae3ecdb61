"""``webgen run``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from webgen_gym.cli.records import evaluate_run, view
from webgen_gym.cli.shared import TasksOption, app, console, progress_bar
from webgen_gym.errors import InfraFault, UsageError

if TYPE_CHECKING:
    import gymnasium as gym

    from webgen_gym.agents.base import Agent
    from webgen_gym.agents.play import Rollout
    from webgen_gym.agents.run import Progress
    from webgen_gym.envs.translate import ObsType
    from webgen_gym.llm import Budget
    from webgen_gym.types import Task, Turn


@app.command()
def run(
    tasks: TasksOption = "",
    agent: Annotated[
        str, typer.Option(help="template, template-vite, random, scripted:FILE, openai, or transformers.")
    ] = "template",
    model: Annotated[
        str,
        typer.Option(
            help="Model that plays: for --agent openai its name, else WEBGEN_MODEL;"
            " for --agent transformers a folder or a name on the hub."
        ),
    ] = "",
    adapter: Annotated[
        Path | None, typer.Option(help="Adapter on it, a folder that a trainer wrote; for --agent transformers.")
    ] = None,
    base_url: Annotated[str, typer.Option(help="Its server; else OPENAI_BASE_URL.")] = "",
    dialect: Annotated[
        str, typer.Option(help="How it replies: bolt, search_replace, unified_diff or tool_calls.")
    ] = "bolt",
    sees: Annotated[bool, typer.Option(help="Show it the screenshots.")] = False,
    temperature: Annotated[float, typer.Option(help="How freely it writes.")] = 0.5,
    max_tokens: Annotated[int, typer.Option(help="Longest reply in tokens; 0 for what the model allows.")] = 0,
    calls: Annotated[int, typer.Option(help="Budget of the run in model calls, judges' too; 0 for no limit.")] = 0,
    tokens: Annotated[int, typer.Option(help="Budget of the run in tokens, judges' too; 0 for no limit.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Run folder; one that was cut off is continued.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Play this task alone; may be given several times.")] = None,
    limit: Annotated[int, typer.Option(help="Play at most so many tasks; 0 for all.")] = 0,
    env: Annotated[str, typer.Option(help="WebGen-v0 or WebGenStatic-v0.")] = "WebGen-v0",
    turns: Annotated[int, typer.Option(min=1, help="Budget of a rollout in turns.")] = 20,
    judge: Annotated[str, typer.Option(help="Appearance judge: measured, paper or guarded.")] = "measured",
    gui: Annotated[str, typer.Option(help="Functionality judge: explore, tests or agent.")] = "explore",
    gui_on: Annotated[str, typer.Option(help="validate or turn.")] = "validate",
    sandbox: Annotated[str, typer.Option(help="auto, jail or process.")] = "auto",
    backtrack_after: Annotated[int, typer.Option(help="Errors in a row before going back; 0 for never.")] = 5,
    eval_judge: Annotated[str, typer.Option(help="Appearance judge that evaluates what was chosen at the end.")] = "",
    eval_gui: Annotated[str, typer.Option(help="Functionality judge that evaluates what was chosen at the end.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of the environments and the agent.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Rollouts under way at once.")] = 1,
    report: Annotated[bool, typer.Option(help="Write report.html at the end.")] = True,
) -> None:
    """Let an agent play tasks, and record everything in a run folder."""
    from webgen_gym.agents.run import Plan
    from webgen_gym.agents.run import run as play_all
    from webgen_gym.llm import Budget

    chosen = _chosen(tasks, only or [], limit)
    folder = out or Path("runs") / f"{agent.partition(':')[0]}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    settings: dict[str, Any] = {"max_turns": turns, "judge": judge, "gui": gui, "gui_on": gui_on, "sandbox": sandbox}
    budget = Budget(calls=calls or None, tokens=tokens or None)
    settings["budget"] = budget
    voice = Voice(model, base_url, adapter, dialect, sees, temperature, max_tokens)
    make_agent = agents_of(agent, voice, budget, static=env == "WebGenStatic-v0", jobs=jobs)
    plan = Plan(chosen, _maker(env, chosen, folder, settings, backtrack_after), make_agent, seed, jobs)
    shown = _Shown(len(chosen))
    with shown:
        rollouts = play_all(plan, folder, shown.progress())
    _summary(folder)
    if eval_judge or eval_gui:
        evaluate_run(folder, eval_judge, eval_gui, sandbox)
    if report:
        view(folder)
    if any(rollout.void for rollout in rollouts):
        raise InfraFault("Some rollouts are void; they say nothing about the agent. See the report for the reason.")


def _chosen(source: str, only: Sequence[str], limit: int) -> tuple[Task, ...]:
    from webgen_gym.tasks import find, load

    every = load(source or None)
    picked = tuple(find(every, wanted) for wanted in only) if only else every
    return picked[:limit] if limit else picked


def _maker(
    env: str, tasks: Sequence[Task], folder: Path, settings: dict[str, Any], backtrack_after: int
) -> Callable[[], gym.Env[ObsType, str]]:
    def make_env() -> gym.Env[ObsType, str]:
        import gymnasium

        made = gymnasium.make(f"webgen_gym:{env}", tasks=tasks, run_dir=folder, **settings, disable_env_checker=True)
        if backtrack_after <= 0:
            return made
        from webgen_gym.envs import Backtracking

        return Backtracking(made, after=backtrack_after)

    if env not in {"WebGen-v0", "WebGenStatic-v0"}:
        raise UsageError(f"There is no environment '{env}'; it is WebGen-v0 or WebGenStatic-v0.")
    return make_env


@dataclass(frozen=True, slots=True)
class Voice:
    """How the model of ``--agent openai`` or ``--agent transformers`` is reached and speaks."""

    model: str
    base_url: str
    adapter: Path | None
    dialect: str
    sees: bool
    temperature: float
    max_tokens: int


def agents_of(name: str, voice: Voice, budget: Budget, *, static: bool, jobs: int) -> Callable[[], Agent]:
    """Makes the agent of each rollout; those of a run share one model, and so its budget."""
    from webgen_gym.agents import make

    if name == "openai":
        return _chat_agents(voice, budget, static=static)
    if name == "transformers":
        return _local_agents(voice, budget, static=static, jobs=jobs)
    return lambda: make(name)


def _chat_agents(voice: Voice, budget: Budget, *, static: bool) -> Callable[[], Agent]:
    from webgen_gym.agents.openai import OpenAIAgent, Sampling
    from webgen_gym.llm import OpenAIModel

    model = OpenAIModel(voice.model or None, base_url=voice.base_url or None, budget=budget)
    sampling = Sampling(temperature=voice.temperature, max_tokens=voice.max_tokens or None)
    return lambda: OpenAIAgent(model, dialect=voice.dialect, sees=voice.sees, static=static, sampling=sampling)


def _local_agents(voice: Voice, budget: Budget, *, static: bool, jobs: int) -> Callable[[], Agent]:
    from webgen_gym.agents.transformers import SAMPLING, TransformersAgent, TransformersPolicy

    if not voice.model:
        raise UsageError("--agent transformers needs --model: a folder, or a name on the hub.")
    if voice.sees:
        raise UsageError("--sees is for --agent openai; a local model that plays reads words alone.")
    policy = TransformersPolicy(voice.model, adapter=voice.adapter, slots=jobs, budget=budget)
    sampling = replace(SAMPLING, temperature=voice.temperature, max_tokens=voice.max_tokens or SAMPLING.max_tokens)
    return lambda: TransformersAgent(policy, dialect=voice.dialect, static=static, sampling=sampling)


class _Shown:
    """A progress bar, and a line for every turn."""

    def __init__(self, total: int) -> None:
        self._bar = progress_bar()
        self._task = self._bar.add_task("rollouts", total=total)

    def __enter__(self) -> None:
        console.print(f"{'':50}{'':14}appearance, functions", highlight=False, soft_wrap=True)
        self._bar.start()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def progress(self) -> Progress:
        from webgen_gym.agents.run import Progress

        return Progress(turn=self._turn, rollout=self._rollout)

    def _turn(self, name: str, turn: Turn) -> None:
        seen = turn.observation
        scores = f"{_points(seen.appearance)} {_points(seen.functionality)}"
        line = f"{name[:22]:22} turn {turn.number:2} {turn.outcome.value:14} reward {turn.reward.value:5.2f}  {scores}"
        self._bar.console.print(line, highlight=False, soft_wrap=True)

    def _rollout(self, rollout: Rollout) -> None:
        chosen = rollout.chosen
        if chosen is not None:
            self._bar.console.print(
                f"{rollout.name[:28]:28}  chosen: turn {chosen.turn}", style="bold", highlight=False
            )
        self._bar.advance(self._task)


def _points(value: float) -> str:
    return f"{value:4.2f}" if value >= 0 else "   –"


def _summary(folder: Path) -> None:
    from webgen_gym.records.run_folder import RunFolder

    latest = {result["rollout"]: result for result in RunFolder.read(folder).results()}
    results = [result for result in latest.values() if not result["void"]]
    table = Table("rollouts", "appearance", "functions", "both", title=str(folder))
    scored = [(max(result["appearance"], 0.0), max(result["functionality"], 0.0)) for result in results]
    if scored:
        appearance, functions = (sum(column) / len(scored) for column in zip(*scored, strict=True))
        table.add_row(str(len(scored)), f"{appearance:.2f}", f"{functions:.2f}", f"{appearance + functions:.2f}")
    console.print(table)
