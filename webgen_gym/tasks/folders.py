"""A task with teeth: a folder with the task, a site that solves it, and ways to spoil that site.

    task.toml      the task, in the shape of our own rows
    reference/     the files of a static site on which every UI test passes
    spoiled.toml   [[spoiled]] name, fails = [tests], edits = [{ file, find, replace }]

A spoiled site is the reference with one bug that a model might make. It stands as a few edits, each of a text that
occurs once in its file, so that the bug can be read. ``fails`` lists the tests that must notice it, by ``name``
or, where a test has none, by ``task``; all others must still pass.

``read_task`` reads ``task.toml`` alone. What can only be told by a browser is told by ``webgen_gym.check``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import MappingProxyType

from webgen_gym.errors import BadTaskFile
from webgen_gym.tasks.rows import Row
from webgen_gym.tasks.toml import decoded, read_toml
from webgen_gym.types import Files, Task, UITest

TASK_FILE = "task.toml"
SPOILED_FILE = "spoiled.toml"
REFERENCE = "reference"
START_PAGE = "index.html"
SPOILED_KEYS = ("name", "fails", "edits")
SWAP_KEYS = ("file", "find", "replace")
FEWEST_TESTS = 5


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace ``find``, which stands in ``file`` exactly once."""

    file: str
    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A bug: what it is, which tests must notice it, and the edits that make it, in order."""

    name: str
    fails: tuple[str, ...]
    edits: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class TaskFolder:
    """All that a task folder holds."""

    task: Task
    reference: Files
    spoiled: tuple[Spoiled, ...]

    @property
    def tests(self) -> Mapping[str, UITest]:
        """The executable tests by what ``fails`` calls them."""
        return MappingProxyType({called(test): test for test in self.task.ui_tests if test.steps})


def called(test: UITest) -> str:
    """What ``fails`` calls a test."""
    return test.name or test.task


def task_folders(place: Traversable) -> tuple[Traversable, ...]:
    """The task folders in a folder, by name; the folder itself where it is one."""
    if place.joinpath(TASK_FILE).is_file():
        return (place,)
    found = (item for item in place.iterdir() if item.joinpath(TASK_FILE).is_file())
    return tuple(sorted(found, key=lambda item: item.name))


def read_task(place: Traversable) -> Task:
    """The task of a task folder; nothing else of it is read. Raises BadTaskFile naming file and field."""
    return read_toml(place.joinpath(TASK_FILE), f"{place.name}/{TASK_FILE}")


def read_folder(place: Traversable) -> TaskFolder:
    """All of a task folder. Raises BadTaskFile naming file and field."""
    where = f"{place.name}/{SPOILED_FILE}"
    row = Row(decoded(place.joinpath(SPOILED_FILE), where), where).only(("spoiled",))
    spoiled = tuple(_spoiled(item.only(SPOILED_KEYS)) for item in row.rows("spoiled"))
    return TaskFolder(read_task(place), _files(place.joinpath(REFERENCE), f"{place.name}/{REFERENCE}"), spoiled)


def read_folders(place: Traversable) -> tuple[TaskFolder, ...]:
    """All of the task folders in a folder: at least one. Raises BadTaskFile."""
    found = task_folders(place) if place.is_dir() else ()
    if not found:
        raise BadTaskFile(f"{place}: neither a task folder nor a folder of them; a task folder holds {TASK_FILE}")
    return tuple(read_folder(item) for item in found)


def spoil(reference: Files, spoiled: Spoiled) -> Files:
    """The files of a spoiled site. Raises BadTaskFile where an edit's text is not in its file exactly once."""
    files = dict(reference)
    for swap in spoiled.edits:
        if swap.file not in files:
            raise BadTaskFile(f"'{spoiled.name}' edits {swap.file!r}, which the reference site does not have.")
        find = swap.find.encode()
        found = files[swap.file].count(find)
        if found != 1:
            raise BadTaskFile(
                f"'{spoiled.name}' edits a text that stands {found} times in {swap.file}, not once: {swap.find!r}"
            )
        files[swap.file] = files[swap.file].replace(find, swap.replace.encode())
    return MappingProxyType(files)


def complaints(folder: TaskFolder) -> tuple[str, ...]:
    """What is wrong with a task folder as it is written, a sentence each."""
    return tuple(_complaints(folder))


def _complaints(folder: TaskFolder) -> Iterator[str]:
    tests = [called(test) for test in folder.task.ui_tests if test.steps]
    if len(tests) < FEWEST_TESTS:
        yield f"It has {len(tests)} executable UI tests; a task with teeth has {FEWEST_TESTS} at least."
    if START_PAGE not in folder.reference:
        yield f"The reference site has no {START_PAGE}; only static sites can be checked."
    yield from (f"Two tests are called '{name}'." for name in _twice(tests))
    yield from (f"Two spoiled sites are called '{name}'." for name in _twice([item.name for item in folder.spoiled]))
    for item in folder.spoiled:
        unknown = [name for name in item.fails if name not in tests]
        yield from (f"'{item.name}' is meant to fail '{name}', and no test is called so." for name in unknown)
    meant = {name for item in folder.spoiled for name in item.fails}
    yield from (f"No spoiled site is meant to fail '{name}'." for name in tests if name not in meant)


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _spoiled(row: Row) -> Spoiled:
    fails = row.texts("fails")
    if not fails:
        row.refuse("fails", "the names of the tests that must fail")
    swaps = tuple(_swap(item.only(SWAP_KEYS)) for item in row.rows("edits"))
    if not swaps:
        row.refuse("edits", "a list of { file, find, replace }")
    return Spoiled(row.text("name", needed=True), fails, swaps)


def _swap(row: Row) -> Swap:
    return Swap(row.text("file", needed=True), row.verbatim("find", needed=True), row.verbatim("replace"))


def _files(place: Traversable, where: str) -> Files:
    if not place.is_dir():
        raise BadTaskFile(f"{where}: no such folder; it holds the site that passes every test")
    return MappingProxyType(dict(_walk(place, "")))


def _walk(place: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(place.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        else:
            yield f"{prefix}{item.name}", item.read_bytes()
