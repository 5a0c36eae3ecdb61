"""``webgen judge``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webgen_gym.cli.shared import EXIT_USAGE, TasksOption, app, console, works
from webgen_gym.types import Task, Unscored

if TYPE_CHECKING:
    from webgen_gym.judging import Judged
    from webgen_gym.types import Verdict

_LISTED = 12


@app.command()
def judge(
    site: Annotated[
        str, typer.Argument(help="A folder with a site, or an address that begins with http:// or https://.")
    ],
    instruction: Annotated[str, typer.Option(help="What the site was to be.")] = "",
    task: Annotated[str, typer.Option(help="Or the task that it was made for, with its tests and colours.")] = "",
    tasks: TasksOption = "",
    judge: Annotated[str, typer.Option(help="Appearance judge: measured, paper or guarded; '' for none.")] = "measured",
    gui: Annotated[str, typer.Option(help="Functionality judge: explore, tests or agent; '' for none.")] = "explore",
    sandbox: Annotated[str, typer.Option(help="auto, jail or process; where the site's commands run.")] = "auto",
    screenshot: Annotated[Path | None, typer.Option(help="Write what was seen to this PNG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
) -> None:
    """Score one site, and explain the score."""
    from webgen_gym import judges
    from webgen_gym.judging import Judges, Window, judge_site

    wanted = _task(tasks, task, instruction)
    with works() as tools:
        chosen = Judges(
            judges.make_appearance(judge, ask=tools.ask) if judge else None,
            judges.make_functionality(gui, ask=tools.ask) if gui else None,
        )
        judged = tools.run(judge_site(site, wanted, chosen, tools.engine, Window(sandbox=sandbox)))
    if screenshot is not None and judged.look is not None:
        screenshot.write_bytes(judged.look.screenshot)
    if as_json:
        typer.echo(json.dumps(_plain(judged), indent=2))
    else:
        _explain(judged)
    if not judged.build.ok or (judged.look is not None and judged.look.problem):
        sys.exit(EXIT_USAGE)


def _task(source: str, id: str, instruction: str) -> Task:
    from webgen_gym.tasks import find, load
    from webgen_gym.tasks.palette import palette_of

    if id:
        return find(load(source or None), id)
    return Task("site", instruction, palette=palette_of(instruction))


def _plain(judged: Judged) -> dict[str, Any]:
    from webgen_gym.plain import as_json, verdict_as_json

    return {
        "build": as_json(judged.build),
        "problem": judged.look.problem if judged.look is not None else "",
        "appearance": verdict_as_json(judged.appearance),
        "functionality": verdict_as_json(judged.functionality),
    }


def _explain(judged: Judged) -> None:
    if not judged.build.ok:
        _say(f"{judged.build.message}\n{judged.build.log}")
        return
    if judged.look is not None and judged.look.problem:
        _say(f"The page could not be shown. {judged.look.problem}")
        return
    _explain_half("appearance", judged.appearance)
    _explain_half("functionality", judged.functionality)


def _explain_half(name: str, verdict: Verdict | None) -> None:
    if verdict is None:
        return
    if isinstance(verdict, Unscored):
        _say(f"{name}: not scored ({verdict.reason}). {verdict.detail}\n")
        return
    console.print(f"{name}: {verdict.value:.2f} of 5", style="bold", highlight=False)
    _say("  ".join(f"{criterion} {points:.2f}" for criterion, points in verdict.criteria.items()))
    _say(verdict.summary)
    failed = [f"✗ {check.name}: {check.detail}" for check in verdict.checks if not check.passed]
    findings = [f"{finding.points:+.2f}  {finding.criterion}: {finding.finding}" for finding in verdict.evidence]
    for line in (failed or findings)[:_LISTED]:
        _say(f"  {line}")
    for advice in () if failed else verdict.suggestions[:_LISTED]:
        _say(f"  → {advice}")
    _say("")


def _say(text: str) -> None:
    """Words of a page are printed as they are, never as markup."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)
