"""Reads one TOML file: a task, or whatever it holds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any

from webgen_gym.errors import BadTaskFile
from webgen_gym.tasks.rows import task_of
from webgen_gym.types import Task


def read_toml(file: Traversable, where: str = "") -> Task:
    """The one task of a TOML file. Raises BadTaskFile naming file and field."""
    return task_of(decoded(file, where or file.name), where or file.name)


def decoded(file: Traversable, where: str) -> Mapping[str, Any]:
    """The fields of a TOML file. Raises BadTaskFile, which calls the file ``where``."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise BadTaskFile(f"{where}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadTaskFile(f"{where}: not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise BadTaskFile(f"{where}: not TOML: {error}") from error
