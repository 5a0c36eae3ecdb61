"""One task out of a decoded mapping (a JSON line, a TOML file), field by field, with errors that say where.

Two shapes are read. Ours spells the fields of ``Task``, ``UITest`` and ``Step``; an unknown key there is an
error, since it is a slip of the pen. That of WebGen-Bench has ``Category`` and ``ui_instruct``; unknown keys
are let be, since the dataset may grow, and an entry of ``ui_instruct`` may carry ``steps`` of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from webgen_gym.errors import BadTaskFile
from webgen_gym.tasks.colours import hex_of
from webgen_gym.tasks.palette import palette_of
from webgen_gym.tasks.steps import FIELDS, complaint
from webgen_gym.types import Palette, Step, Task, UITest

TASK_KEYS = ("id", "instruction", "category", "subcategories", "application_type", "palette", "ui_tests")
UI_TEST_KEYS = ("name", "task", "expected", "category", "subcategories", "steps")
PALETTE_KEYS = ("background", "component")
STEP_KEYS = ("verb", *FIELDS)
SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping and where it was read, ``tasks.jsonl, line 3: ui_tests[0]``."""

    fields: Mapping[str, Any]
    where: str

    def text(self, key: str, *, needed: bool = False) -> str:
        """The text of a field, stripped; empty where it is missing or null and not needed."""
        return self.verbatim(key, needed=needed).strip()

    def verbatim(self, key: str, *, needed: bool = False) -> str:
        """The same with the white space around it."""
        value = self.fields.get(key)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value.strip()):
            self.refuse(key, "text" if not needed else "text that is not empty")
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            self.refuse(key, "text without half of a surrogate pair")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list, without empty ones."""
        items = self._list(key)
        if not all(isinstance(item, str) for item in items):
            self.refuse(key, "a list of texts")
        return tuple(item.strip() for item in items if item.strip())

    def row(self, key: str) -> Row:
        """A mapping inside this one; empty where it is missing or null."""
        value = self.fields.get(key)
        if value is not None and not isinstance(value, Mapping):
            self.refuse(key, "a mapping")
        return Row(value or {}, f"{self.where}, field {key!r}")

    def rows(self, key: str) -> tuple[Row, ...]:
        """The mappings of a list."""
        items = self._list(key)
        if not all(isinstance(item, Mapping) for item in items):
            self.refuse(key, "a list of mappings")
        return tuple(Row(item, f"{self.where}, {key}[{index}]") for index, item in enumerate(items))

    def only(self, keys: tuple[str, ...]) -> Row:
        """Itself, when it has no other keys."""
        for key in self.fields:
            if key not in keys:
                raise BadTaskFile(f"{self.where}: field {key!r} is not known; fields are {', '.join(keys)}")
        return self

    def refuse(self, key: str, expected: str) -> NoReturn:
        """Say what a field should hold and what was found instead."""
        if key not in self.fields:
            raise BadTaskFile(f"{self.where}: field {key!r} is missing; expected {expected}")
        value = self.fields[key]
        shown = ascii(value) if len(ascii(value)) <= SHOWN_CHARS else ascii(value)[:SHOWN_CHARS] + "…"
        raise BadTaskFile(f"{self.where}: field {key!r}: expected {expected}, found {shown} ({type(value).__name__})")

    def _list(self, key: str) -> list[Any]:
        value = self.fields.get(key)
        if value is not None and not isinstance(value, list | tuple):
            self.refuse(key, "a list")
        return list(value or ())


def task_of(fields: object, where: str) -> Task:
    """The task that a mapping holds, in either shape. Raises BadTaskFile."""
    if not isinstance(fields, Mapping):
        raise BadTaskFile(f"{where}: expected a mapping of fields, found {type(fields).__name__}")
    row = Row(fields, where)
    is_bench = "ui_instruct" in fields or "Category" in fields
    return _bench_task(row) if is_bench else _own_task(row.only(TASK_KEYS))


def _own_task(row: Row) -> Task:
    return Task(
        id=_id(row),
        instruction=row.text("instruction", needed=True),
        category=row.text("category"),
        subcategories=row.texts("subcategories"),
        application_type=row.text("application_type"),
        ui_tests=tuple(_own_test(item.only(UI_TEST_KEYS)) for item in row.rows("ui_tests")),
        palette=_palette(row),
    )


def _own_test(row: Row) -> UITest:
    return UITest(
        task=row.text("task", needed=True),
        expected=row.text("expected"),
        category=row.text("category"),
        subcategories=row.texts("subcategories"),
        steps=_steps(row),
        name=row.text("name"),
    )


def _bench_task(row: Row) -> Task:
    category = row.row("Category")
    tests = (_bench_test(item) for item in row.rows("ui_instruct"))
    return Task(
        id=_id(row),
        instruction=row.text("instruction", needed=True),
        category=category.text("primary_category"),
        subcategories=category.texts("subcategories"),
        application_type=row.text("application_type"),
        ui_tests=tuple(test for test in tests if test.task or test.expected),
        palette=palette_of(row.text("instruction")),
    )


def _bench_test(row: Row) -> UITest:
    category = row.row("task_category")
    return UITest(
        task=row.text("task"),
        expected=row.text("expected_result"),
        category=category.text("primary_category"),
        subcategories=category.texts("subcategories"),
        steps=_steps(row),
    )


def _id(row: Row) -> str:
    value = row.text("id", needed=True)
    if not value.isprintable():
        row.refuse("id", "printable text")
    return value


def _steps(row: Row) -> tuple[Step, ...]:
    return tuple(_step(item.only(STEP_KEYS)) for item in row.rows("steps"))


def _step(row: Row) -> Step:
    step = Step(verb=row.text("verb", needed=True), **{name: row.text(name) for name in FIELDS})
    wrong = complaint(step)
    if wrong:
        raise BadTaskFile(f"{row.where}: field {wrong}")
    return step


def _palette(row: Row) -> Palette:
    if "palette" not in row.fields:
        return palette_of(row.text("instruction"))
    names = row.row("palette").only(PALETTE_KEYS)
    background, component = names.text("background"), names.text("component")
    return Palette(hex_of(background), hex_of(component), background, component)
