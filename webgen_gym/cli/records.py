"""What is done with run folders: ``webgen replay``, ``rescore``, ``evaluate``, ``view``."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from webgen_gym.cli.shared import EXIT_DIFFERS, RunArgument, Works, app, complaints, console, progress_bar, works
from webgen_gym.errors import UsageError

if TYPE_CHECKING:
    from webgen_gym.records.evaluation import Evaluators
    from webgen_gym.records.rescore import Plan, Rescored
    from webgen_gym.records.run_folder import RunFolder


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
        env = unwrapped(gymnasium.make("webgen_gym:WebGen-v0", **settings, cache=False, disable_env_checker=True))
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


@app.command()
def rescore(
    folder: RunArgument,
    judge: Annotated[str, typer.Option(help="Appearance judge: measured, paper or guarded.")] = "",
    gui: Annotated[str, typer.Option(help="Functionality judge: explore, tests or agent.")] = "",
    sandbox: Annotated[str, typer.Option(help="auto, jail or process; where a site's commands run.")] = "auto",
    jobs: Annotated[int, typer.Option(min=1, help="States judged at once.")] = 2,
    out: Annotated[Path | None, typer.Option(help="The page; RUN/rescore-JUDGE.html by default.")] = None,
) -> None:
    """Judge the stored states of a run again, and set the new judge beside the old one."""
    from webgen_gym import judges
    from webgen_gym.records.comparison import write_comparison
    from webgen_gym.records.rescore import Plan
    from webgen_gym.records.run_folder import RunFolder

    if bool(judge) == bool(gui):
        raise UsageError("Name the judge of one half: --judge for appearance, or --gui for functionality.")
    with works() as tools:
        appearance = judges.make_appearance(judge, ask=tools.ask) if judge else None
        functionality = judges.make_functionality(gui, ask=tools.ask) if gui else None
        plan = Plan(RunFolder.read(folder), appearance, functionality, sandbox, jobs)
        rescored = _rescored(plan, tools)
    _agreement(rescored)
    path = write_comparison(plan, rescored, out or folder / f"rescore-{judge or gui}.html")
    console.print(f"The comparison is in {path}; open it in a browser.", highlight=False, soft_wrap=True)


@app.command()
def evaluate(
    folder: RunArgument,
    judge: Annotated[str, typer.Option(help="Appearance judge: measured, paper or guarded.")] = "",
    gui: Annotated[str, typer.Option(help="Functionality judge: explore, tests or agent.")] = "",
    sandbox: Annotated[str, typer.Option(help="auto, jail or process; where a site's commands run.")] = "auto",
) -> None:
    """Judge what a run chose at the end by other judges than those that rewarded it.

    Judges that ask a model take it from WEBGEN_EVAL_MODEL, WEBGEN_EVAL_BASE_URL, WEBGEN_EVAL_API_KEY.
    """
    if not (judge or gui):
        raise UsageError("Name who evaluates: --judge for appearance, --gui for functionality, or both.")
    evaluate_run(folder, judge, gui, sandbox)


def evaluate_run(folder: Path, judge: str, gui: str, sandbox: str) -> None:
    """Evaluate, record, and print the means."""
    from webgen_gym import judges
    from webgen_gym.records import evaluation
    from webgen_gym.records.run_folder import RunFolder

    run = RunFolder.read(folder)
    with works(evaluation_environment()) as tools:
        evaluators = evaluation.Evaluators(
            judges.make_appearance(judge, ask=tools.ask) if judge else None,
            judges.make_functionality(gui, ask=tools.ask) if gui else None,
            sandbox,
        )
        _warn(run, evaluators)
        evaluated = tools.run(evaluation.evaluate(run, evaluators, tools.engine))
    table = Table("evaluated", "appearance", "functions", title=f"evaluation by {judge or '–'} and {gui or '–'}")
    means = (evaluation.mean([getattr(item, half) for item in evaluated]) for half in ("appearance", "functionality"))
    table.add_row(str(len(evaluated)), *("–" if value is None else f"{value:.2f}" for value in means))
    console.print(table)


def _warn(run: RunFolder, evaluators: Evaluators) -> None:
    from webgen_gym.records.evaluation import warn_of_own_judges

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        warn_of_own_judges(run, evaluators)
    for warning in told:
        complaints.print(f"warning: {warning.message}", style="yellow", highlight=False)


def evaluation_environment() -> dict[str, str]:
    """The environment in which judges are made for evaluation: their model is that of the WEBGEN_EVAL_ variables."""
    own = {
        name.replace("_EVAL_", "_JUDGE_"): value
        for name, value in os.environ.items()
        if name.startswith("WEBGEN_EVAL_")
    }
    return {**os.environ, **own}


def _rescored(plan: Plan, tools: Works) -> list[Rescored]:
    from webgen_gym.records.rescore import rescore as judge_again
    from webgen_gym.records.rescore import states

    with progress_bar() as bar:
        counter = bar.add_task("states", total=len(states(plan)))
        return tools.run(judge_again(plan, tools.engine, done=lambda: bar.advance(counter)))


def _agreement(rescored: list[Rescored]) -> None:
    from webgen_gym.records.comparison import facts

    table = Table(*(name for name, _ in facts(rescored)))
    table.add_row(*(value for _, value in facts(rescored)))
    console.print(table)
