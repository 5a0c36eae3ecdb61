"""The command line: run, replay, view, tasks, doctor.

Exit codes: 0 done · 1 a bug of ours · 2 the request cannot be done as asked · 3 the disk is full or refuses ·
4 infrastructure failed (void rollouts) · 5 a replay differs · 130 interrupted.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from webgen_gym.errors import InfraFault, StorageFailed, UsageError

if TYPE_CHECKING:
    import gymnasium as gym

    from webgen_gym.agents.play import Rollout
    from webgen_gym.agents.run import Progress
    from webgen_gym.envs.env import ObsType
    from webgen_gym.types import Task, Turn

EXIT_USAGE, EXIT_STORAGE, EXIT_INFRA, EXIT_DIFFERS, EXIT_INTERRUPT = 2, 3, 4, 5, 130

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Build websites, judge them, look at why."
)
console = Console()
complaints = Console(stderr=True)

TasksOption = Annotated[
    str, typer.Option("--tasks", help="JSONL file, 'hub:luzimu/WebGen-Bench', or '' for the bundled catalogue.")
]
RunArgument = Annotated[Path, typer.Argument(help="A run folder.")]


def main() -> None:
    """Run the command line and turn errors into sentences and exit codes."""
    try:
        app()
    except UsageError as error:
        _leave(error, EXIT_USAGE)
    except StorageFailed as error:
        _leave(error, EXIT_STORAGE)
    except InfraFault as error:
        _leave(error, EXIT_INFRA)
    except KeyboardInterrupt:
        complaints.print("Interrupted. What was played is recorded; the same command goes on from there.")
        sys.exit(EXIT_INTERRUPT)


def _leave(error: Exception, code: int) -> None:
    complaints.print(f"error: {error}", style="red", highlight=False)
    sys.exit(code)


# ------------------------------------------------------------------ run


@app.command()
def run(
    tasks: TasksOption = "",
    agent: Annotated[str, typer.Option(help="template, template-vite, random, or scripted:FILE.")] = "template",
    out: Annotated[Path | None, typer.Option(help="Run folder; one that was cut off is continued.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Play this task alone; may be given several times.")] = None,
    limit: Annotated[int, typer.Option(help="Play at most so many tasks; 0 for all.")] = 0,
    env: Annotated[str, typer.Option(help="WebGen-v0 or WebGenStatic-v0.")] = "WebGen-v0",
    turns: Annotated[int, typer.Option(min=1, help="Budget of a rollout in turns.")] = 20,
    judge: Annotated[str, typer.Option(help="Appearance judge.")] = "measured",
    gui: Annotated[str, typer.Option(help="Functionality judge: explore or tests.")] = "explore",
    gui_on: Annotated[str, typer.Option(help="validate or turn.")] = "validate",
    sandbox: Annotated[str, typer.Option(help="auto, jail or process.")] = "auto",
    backtrack_after: Annotated[int, typer.Option(help="Errors in a row before going back; 0 for never.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the environments and the agent.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Rollouts under way at once.")] = 1,
    report: Annotated[bool, typer.Option(help="Write report.html at the end.")] = True,
) -> None:
    """Let an agent play tasks, and record everything in a run folder."""
    from webgen_gym.agents import make
    from webgen_gym.agents.run import Plan
    from webgen_gym.agents.run import run as play_all

    chosen = _chosen(tasks, only or [], limit)
    folder = out or Path("runs") / f"{agent.partition(':')[0]}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    settings = {"max_turns": turns, "judge": judge, "gui": gui, "gui_on": gui_on, "sandbox": sandbox}
    plan = Plan(chosen, _maker(env, chosen, folder, settings, backtrack_after), lambda: make(agent), seed, jobs)
    shown = _Shown(len(chosen))
    with shown:
        rollouts = play_all(plan, folder, shown.progress())
    _summary(folder)
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


class _Shown:
    """A progress bar, and a line for every turn."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console)
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


# ------------------------------------------------------------------ replay and view


@app.command()
def replay(folder: RunArgument) -> None:
    """Re-execute every reply of a run and compare every hash."""
    import gymnasium

    from webgen_gym.agents.play import unwrapped
    from webgen_gym.records.replay import replay as compare
    from webgen_gym.records.run_folder import RunFolder

    recorded = RunFolder.read(folder)
    same = differ = void = 0
    with tempfile.TemporaryDirectory(prefix="webgen-replay-") as temporary:
        settings = {**recorded.header["settings"], "run_dir": Path(temporary) / "run"}
        env = unwrapped(gymnasium.make("webgen_gym:WebGen-v0", **settings, disable_env_checker=True))
        try:
            for compared in compare(recorded, env):
                void += compared.void
                differ += bool(compared.differs)
                same += not compared.void and not compared.differs
                if compared.differs:
                    what = ", ".join(compared.differs)
                    console.print(f"{compared.rollout} turn {compared.number}: differs in {what}", style="red")
        finally:
            env.close()
    console.print(f"{same} turns are the same, {differ} differ, {void} were void and not played again.")
    if differ:
        sys.exit(EXIT_DIFFERS)


@app.command()
def view(
    folder: RunArgument,
    out: Annotated[Path | None, typer.Option(help="Where to write the page; RUN/report.html by default.")] = None,
) -> None:
    """Write one self-contained HTML page about a run."""
    from webgen_gym.records.report import write_report
    from webgen_gym.records.run_folder import RunFolder

    path = write_report(RunFolder.read(folder), out or folder / "report.html")
    console.print(f"The report is in {path}; open it in a browser.", highlight=False, soft_wrap=True)


# ------------------------------------------------------------------ tasks and doctor


@app.command()
def tasks(
    source: TasksOption = "",
    id: Annotated[str, typer.Argument(help="A task to show whole.")] = "",
) -> None:
    """List tasks, or show one."""
    from webgen_gym.tasks import find, load

    every = load(source or None)
    if id:
        _show_task(find(every, id))
        return
    table = Table("id", "category", "type", "tests", "instruction")
    for column in table.columns:
        column.no_wrap = True
    for task in every:
        first = task.instruction[:60] + "…"
        table.add_row(task.id, task.category, task.application_type, str(len(task.ui_tests)), first)
    console.print(table)


def _show_task(task: Task) -> None:
    palette = task.palette
    console.print(f"{task.id}  ({task.category}, {task.application_type})", style="bold", highlight=False)
    console.print(task.instruction, highlight=False)
    console.print(f"background: {palette.background_name or '–'} {palette.background or ''}", highlight=False)
    console.print(f"components: {palette.component_name or '–'} {palette.component or ''}", highlight=False)
    for test in task.ui_tests:
        console.print(f"- {test.task} → {test.expected}", highlight=False)


@app.command()
def doctor() -> None:
    """Tell what is present, and how to mend what is missing."""
    from webgen_gym.doctor import examine

    findings = examine()
    for finding in findings:
        mark, style = ("ok", "green") if finding.ok else ("missing", "red")
        console.print(f"{mark:8}", style=style, end="")
        console.print(f"{finding.part:11}{finding.found}", highlight=False, soft_wrap=True)
        if not finding.ok:
            console.print(f"{'':19}needed for {finding.needed_for}", highlight=False, soft_wrap=True)
            console.print(f"{'':19}to mend: {finding.mend}", highlight=False, soft_wrap=True)
    if not all(finding.ok for finding in findings):
        sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
