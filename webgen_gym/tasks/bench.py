"""Reads many tasks: a JSON Lines file in either shape of ``rows.py``, or a dataset of the Hugging Face hub.

A file is UTF-8, with or without a byte-order mark; blank lines are skipped; ids are unique.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from webgen_gym.errors import BadTaskFile, MissingTool, UsageError
from webgen_gym.tasks.rows import task_of
from webgen_gym.types import Task

HUB_PREFIX = "hub:"
DEFAULT_SPLIT = "test"


def read_jsonl(path: Path) -> tuple[Task, ...]:
    """The tasks of a JSON Lines file. Raises BadTaskFile naming file, line and field."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadTaskFile(f"{path}: cannot be read: {error.strerror}") from error
    return unique(_parsed(raw.removeprefix(b"\xef\xbb\xbf"), path.name), path.name)


def read_hub(name: str) -> tuple[Task, ...]:
    """The tasks of ``hub:owner/dataset`` or ``hub:owner/dataset:split``; the split is ``test`` by default.

    Downloads on the first use. Raises MissingTool without the ``datasets`` package, UsageError when the
    hub refuses or cannot be reached.
    """
    dataset, _, split = name.removeprefix(HUB_PREFIX).partition(":")
    rows = _hub_rows(dataset, split or DEFAULT_SPLIT)
    where = f"{dataset}:{split or DEFAULT_SPLIT}"
    return unique(((f"{where}, row {index}", task_of(row, f"{where}, row {index}")) for index, row in rows), where)


def unique(tasks: Iterable[tuple[str, Task]], source: str) -> tuple[Task, ...]:
    """The tasks, given with where each was read, when there is one at least and no id comes twice."""
    seen: dict[str, str] = {}
    kept = []
    for where, task in tasks:
        if task.id in seen:
            raise BadTaskFile(f"{where}: field 'id': {task.id!r} is taken by {seen[task.id]}")
        seen[task.id] = where
        kept.append(task)
    if not kept:
        raise BadTaskFile(f"{source}: holds no task")
    return tuple(kept)


def _parsed(raw: bytes, name: str) -> Iterator[tuple[str, Task]]:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            where = f"{name}, line {number}"
            yield where, task_of(_decoded(line, where), where)


def _decoded(line: bytes, where: str) -> object:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadTaskFile(f"{where}: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise BadTaskFile(f"{where}: not JSON at column {error.colno}: {error.msg}") from error
    except ValueError as error:
        raise BadTaskFile(f"{where}: not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise BadTaskFile(f"{where}: nested too deeply") from error


def _hub_rows(dataset: str, split: str) -> Iterator[tuple[int, Any]]:
    try:
        hub = importlib.import_module("datasets")
    except ImportError as error:
        raise MissingTool(f"reading {dataset!r} from the hub needs a package: pip install 'webgen-gym[hub]'") from error
    try:
        return enumerate(hub.load_dataset(dataset, split=split))
    except (OSError, ValueError) as error:
        raise UsageError(f"the hub gave no dataset {dataset!r} with split {split!r}: {error}") from error
