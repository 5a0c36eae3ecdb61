"""``webgen tasks``: what there is to build, and whether its tests have teeth."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from webgen_gym.cli.shared import EXIT_USAGE, TasksOption, app, console, progress_bar

if TYPE_CHECKING:
    from webgen_gym.check import Checked
    from webgen_gym.tasks.folders import TaskFolder

tasks_app = typer.Typer(help="List tasks, show one, or check that their tests have teeth.")
app.add_typer(tasks_app, name="tasks")


@tasks_app.callback(invoke_without_command=True)
def tasks(context: typer.Context, source: TasksOption = "") -> None:
    """List tasks, show one, or check that their tests have teeth."""
    from webgen_gym.tasks import load

    if context.invoked_subcommand:
        return
    table = Table("id", "category", "type", "tests", "instruction")
    for column in table.columns:
        column.no_wrap = True
    for task in load(source or None):
        first = task.instruction[:60] + "…"
        table.add_row(task.id, task.category, task.application_type, str(len(task.ui_tests)), first)
    console.print(table)


@tasks_app.command()
def show(id: Annotated[str, typer.Argument(help="The task.")], source: TasksOption = "") -> None:
    """Show one task whole."""
    from webgen_gym.tasks import find, load

    task = find(load(source or None), id)
    palette = task.palette
    console.print(f"{task.id}  ({task.category}, {task.application_type})", style="bold", highlight=False)
    console.print(task.instruction, highlight=False)
    console.print(f"background: {palette.background_name or '–'} {palette.background or ''}", highlight=False)
    console.print(f"components: {palette.component_name or '–'} {palette.component or ''}", highlight=False)
    for test in task.ui_tests:
        console.print(f"- {test.task} → {test.expected}", highlight=False)


@tasks_app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A task folder, or a folder of them; the bundled tasks by default.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Check this task alone; may be given several times.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Rounds, which must all come to the same.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Tabs at work at once.")] = 4,
) -> None:
    """Check that every test passes on its reference site, and fails on the sites that are spoiled for it alone."""
    from webgen_gym.check import runs_of
    from webgen_gym.tasks import find
    from webgen_gym.tasks.catalogue import place
    from webgen_gym.tasks.folders import read_folders

    every = read_folders(path or place())
    wanted = {find([folder.task for folder in every], id).id for id in only or ()}
    folders = [folder for folder in every if not wanted or folder.task.id in wanted]
    with progress_bar() as bar:
        counter = bar.add_task("runs", total=repeat * sum(map(runs_of, folders)))
        checked = asyncio.run(_check(folders, repeat, jobs, lambda: bar.advance(counter)))
    table = Table("task", "tests", "spoiled sites", "runs", "wrong")
    for item in checked:
        table.add_row(item.id, str(item.tests), str(item.spoiled), str(item.runs), str(len(item.wrong)))
    console.print(table)
    for item in checked:
        for sentence in item.wrong:
            console.print(f"{item.id}: {sentence}", style="red", highlight=False, soft_wrap=True, markup=False)
    if any(item.wrong for item in checked):
        sys.exit(EXIT_USAGE)


async def _check(folders: Sequence[TaskFolder], repeat: int, jobs: int, ran: Callable[[], None]) -> tuple[Checked, ...]:
    from webgen_gym.browser.chromium import Chromium
    from webgen_gym.check import check as play
    from webgen_gym.limits import Limits

    chromium = Chromium(Limits())
    try:
        return await play(folders, chromium, repeat=repeat, jobs=jobs, ran=ran)
    finally:
        await chromium.close()
