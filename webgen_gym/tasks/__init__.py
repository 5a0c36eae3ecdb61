"""What is asked for: tasks, and where they come from.

Reading order: ``colours`` (names → hex), ``palette`` (an instruction → its two colours), ``steps`` (the verbs of
executable UI tests), ``rows`` (one mapping → one Task), ``bench`` (JSON Lines files and the hub), ``toml`` (one
file), ``folders`` (a task with a site that solves it and sites that do not), ``catalogue`` (the bundled tasks).
``load`` and ``find`` are the way in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz import process

from webgen_gym.errors import BadTaskFile, UnknownTask
from webgen_gym.tasks.bench import HUB_PREFIX, read_hub, read_jsonl, unique
from webgen_gym.tasks.catalogue import catalogue
from webgen_gym.tasks.folders import read_task, task_folders
from webgen_gym.tasks.toml import read_toml
from webgen_gym.types import Task

__all__ = ["Source", "find", "load"]

Source = str | Path | Sequence[Task] | None
"""Where tasks come from: a path, ``hub:owner/dataset[:split]``, tasks as they are, or None for the catalogue."""

NEAR_SCORE = 60
NEAR_SHOWN = 3


def load(source: Source = None) -> tuple[Task, ...]:
    """The tasks of a source: at least one, each id once.

    A path is a JSON Lines file, a TOML file with one task, a task folder (see ``folders``), or a folder of
    TOML files and task folders. Raises BadTaskFile when a row is malformed, MissingTool when the hub is asked
    for without its package.
    """
    if source is None:
        return catalogue()
    if isinstance(source, str) and source.startswith(HUB_PREFIX):
        return read_hub(source)
    if isinstance(source, str | Path):
        return _read_path(Path(source))
    return unique(((f"task {index}", task) for index, task in enumerate(source)), "the list of tasks")


def find(tasks: Sequence[Task], id: str) -> Task:
    """The task with this id. Raises UnknownTask, which names the nearest ids."""
    for task in tasks:
        if task.id == id:
            return task
    near = process.extract(id, [task.id for task in tasks], limit=NEAR_SHOWN, score_cutoff=NEAR_SCORE)
    hint = (
        f"did you mean {' or '.join(repr(name) for name, _, _ in near)}?" if near else f"there are {len(tasks)} tasks"
    )
    raise UnknownTask(f"no task has the id {id!r}; {hint}")


def _read_path(path: Path) -> tuple[Task, ...]:
    if path.is_dir():
        return unique(_in_folder(path), f"{path} (task folders and *.toml)")
    if path.suffix == ".toml":
        return (read_toml(path),)
    if not path.exists():
        raise BadTaskFile(f"{path}: no such file; the catalogue is tasks=None, the hub is 'hub:owner/dataset'")
    return read_jsonl(path)


def _in_folder(path: Path) -> Iterator[tuple[str, Task]]:
    folders = task_folders(path)
    yield from ((folder.name, read_task(folder)) for folder in folders)
    if path not in folders:
        yield from ((file.name, read_toml(file)) for file in sorted(path.glob("*.toml")))
