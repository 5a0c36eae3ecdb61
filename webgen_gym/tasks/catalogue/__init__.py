"""The bundled tasks: one TOML file each, in the shape of our own rows.

Each has executable UI tests that hold for any site that does what the instruction says, however it is built.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from webgen_gym.errors import BadTaskFile
from webgen_gym.tasks.bench import unique
from webgen_gym.tasks.rows import task_of
from webgen_gym.types import Task


@cache
def catalogue() -> tuple[Task, ...]:
    """Every bundled task, by id."""
    found = sorted((item for item in files(__package__).iterdir() if item.name.endswith(".toml")), key=_name)
    return unique(((item.name, _task(item.read_text(encoding="utf-8"), item.name)) for item in found), "the catalogue")


def read_toml(path: Path) -> Task:
    """The one task of a TOML file. Raises BadTaskFile naming file and field."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadTaskFile(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadTaskFile(f"{path.name}: not UTF-8 at byte {error.start}") from error
    return _task(text, path.name)


def _name(item: Traversable) -> str:
    return item.name


def _task(text: str, name: str) -> Task:
    try:
        fields = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadTaskFile(f"{name}: not TOML: {error}") from error
    return task_of(fields, name)
