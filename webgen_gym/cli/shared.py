"""What the commands have in common: the app, where they print, how they leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

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


def progress_bar() -> Progress:
    """Counts what is done of something."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)
