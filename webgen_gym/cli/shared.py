"""What the commands have in common: the app, where they print, how they leave."""

from __future__ import annotations

import os
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

    from webgen_gym.engine import Engine
    from webgen_gym.envs.runtime import Runtime
    from webgen_gym.llm import Model, OpenAIModel

T = TypeVar("T")

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


class Works:
    """What a command that judges works with: the browser, and the models of its judges."""

    def __init__(self, runtime: Runtime, engine: Engine, environment: Mapping[str, str]) -> None:
        self.engine = engine
        self._runtime = runtime
        self._environment = environment
        self._models: list[OpenAIModel] = []

    def ask(self, judge: str) -> Model:
        """The model of a judge, closed with the rest."""
        from webgen_gym.judges.vlm import judging_model

        self._models.append(judging_model(judge, self._environment))
        return self._models[-1]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._runtime.run(work)

    def close(self) -> None:
        """Close the models and leave the browser."""
        for model in self._models:
            self._runtime.run(model.close())
        self._runtime.leave()


@contextmanager
def works(environment: Mapping[str, str] = os.environ) -> Iterator[Works]:
    """Browser and models for the length of a ``with`` block; nothing starts before it is needed."""
    from webgen_gym.envs.runtime import shared_runtime
    from webgen_gym.limits import Limits

    runtime = shared_runtime()
    made = Works(runtime, runtime.engine(Limits(), None), environment)
    try:
        yield made
    finally:
        made.close()
