"""The bundled tasks: one task folder each.

Each has executable UI tests that hold for any site that does what the instruction says, however it is built.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from webgen_gym.tasks.bench import unique
from webgen_gym.tasks.folders import read_task, task_folders
from webgen_gym.types import Task


def place() -> Traversable:
    """The folder that holds the task folders."""
    return files(__package__)


@cache
def catalogue() -> tuple[Task, ...]:
    """Every bundled task, by id."""
    return unique(((folder.name, read_task(folder)) for folder in task_folders(place())), "the catalogue")
