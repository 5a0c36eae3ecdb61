"""Reading rows of WebGen-Bench and of our own, good and bad."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.errors import BadTaskFile, MissingTool, UsageError
from webgen_gym.tasks import load
from webgen_gym.tasks.rows import task_of
from webgen_gym.types import Palette, Step, Task

SHARED = Path(__file__).parent.parent / ".." / "shared" / "webgen-bench"
needs_bench = pytest.mark.skipif(not SHARED.exists(), reason="WebGen-Bench is not here")

BENCH_ROW: dict[str, Any] = {
    "id": "000900",
    "instruction": "Please implement a kite shop. Use ivory for the background and forest green for components.",
    "Category": {"primary_category": "User Interaction", "subcategories": ["E-commerce", ""]},
    "application_type": "E-commerce Web Applications",
    "ui_instruct": [
        {
            "task": "Buy a kite.",
            "expected_result": "It is bought.",
            "task_category": {"primary_category": "Functional Testing", "subcategories": ["E-commerce"]},
        }
    ],
}
OWN_ROW: dict[str, Any] = {
    "id": "kites",
    "instruction": "Please implement a kite shop.",
    "category": "User Interaction",
    "palette": {"background": "ivory", "component": "no such colour"},
    "ui_tests": [{"task": "Buy a kite.", "expected": "Thanks.", "steps": [{"verb": "press", "target": "buy"}]}],
}


def written(folder: Path, *rows: object) -> Path:
    path = folder / "tasks.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_a_row_of_webgen_bench_becomes_a_task(tmp_path: Path) -> None:
    (task,) = load(written(tmp_path, BENCH_ROW))
    assert (task.id, task.category, task.subcategories) == ("000900", "User Interaction", ("E-commerce",))
    assert task.palette == Palette("#fffff0", "#228b22", "ivory", "forest green")
    assert [(test.task, test.expected, test.category) for test in task.ui_tests] == [
        ("Buy a kite.", "It is bought.", "Functional Testing")
    ]


def test_a_row_of_our_own_carries_steps_and_a_palette(tmp_path: Path) -> None:
    (task,) = load(written(tmp_path, OWN_ROW))
    assert task.ui_tests[0].steps == (Step("press", target="buy"),)
    assert task.palette == Palette("#fffff0", None, "ivory", "no such colour")


def test_an_entry_of_webgen_bench_may_carry_steps() -> None:
    entry = {"task": "Buy.", "steps": [{"verb": "press", "target": "buy"}]}
    task = task_of({**BENCH_ROW, "ui_instruct": [entry]}, "here")
    assert task.ui_tests[0].steps == (Step("press", target="buy"),)


def test_entries_without_words_are_dropped() -> None:
    empty = {"task": "", "expected_result": "", "task_category": {"primary_category": "", "subcategories": [""]}}
    assert task_of({**BENCH_ROW, "ui_instruct": [empty]}, "here").ui_tests == ()


@pytest.mark.parametrize("missing", ["Category", "application_type", "ui_instruct"])
def test_fields_other_than_id_and_instruction_may_be_missing_or_null(missing: str) -> None:
    without = {key: value for key, value in BENCH_ROW.items() if key != missing}
    assert task_of(without, "here") == task_of({**BENCH_ROW, missing: None}, "here")


def test_a_byte_order_mark_and_blank_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n" + json.dumps(OWN_ROW).encode() + b"\r\n\r\n  \n")
    assert [task.id for task in load(path)] == ["kites"]


def test_line_separators_inside_a_text_do_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps({**OWN_ROW, "instruction": "a\u2028b"}, ensure_ascii=False), encoding="utf-8")
    assert load(path)[0].instruction == "a\u2028b"


def test_an_id_that_comes_twice_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(
        BadTaskFile, match=r"tasks\.jsonl, line 2: field 'id': 'kites' is taken by tasks\.jsonl, line 1"
    ):
        load(written(tmp_path, OWN_ROW, OWN_ROW))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTaskFile, match=r"tasks\.jsonl: holds no task"):
        load(written(tmp_path))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not JSON at column 2"),
        (b"[1]", "expected a mapping of fields, found list"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5000, "not JSON that can be read"),
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_number(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_bytes(json.dumps(OWN_ROW).encode() + b"\n" + line)
    with pytest.raises(BadTaskFile, match=rf"^tasks\.jsonl, line 2: {message}"):
        load(path)


STEP = {"verb": "press", "target": "buy"}

BAD_FIELDS = [
    ({**BENCH_ROW, "id": 7}, r"field 'id': expected text that is not empty, found 7 \(int\)"),
    ({**BENCH_ROW, "id": " "}, r"field 'id': expected text that is not empty, found ' ' \(str\)"),
    ({**BENCH_ROW, "id": "a\nb"}, r"field 'id': expected printable text"),
    ({"Category": {}, "id": "x"}, r"field 'instruction' is missing; expected text that is not empty"),
    ({**BENCH_ROW, "instruction": "half \ud83d"}, r"field 'instruction': expected text without half of a surrogate"),
    ({**BENCH_ROW, "Category": "Data"}, r"field 'Category': expected a mapping, found 'Data' \(str\)"),
    ({**BENCH_ROW, "Category": {"subcategories": "x"}}, r"field 'Category': field 'subcategories': expected a list,"),
    ({**BENCH_ROW, "Category": {"subcategories": [1]}}, r"field 'subcategories': expected a list of texts"),
    ({**BENCH_ROW, "ui_instruct": {}}, r"field 'ui_instruct': expected a list, found {} \(dict\)"),
    ({**BENCH_ROW, "ui_instruct": ["x"]}, r"field 'ui_instruct': expected a list of mappings"),
    ({**BENCH_ROW, "ui_instruct": [{"task": 3}]}, r"ui_instruct\[0\]: field 'task': expected text, found 3"),
    ({**OWN_ROW, "colour": "red"}, r"field 'colour' is not known; fields are id, instruction,"),
    ({**OWN_ROW, "palette": {"back": "red"}}, r"field 'palette': field 'back' is not known"),
    ({**OWN_ROW, "ui_tests": [{"expected": "x"}]}, r"ui_tests\[0\]: field 'task' is missing"),
    ({**OWN_ROW, "ui_tests": [{"task": "x", "step": []}]}, r"ui_tests\[0\]: field 'step' is not known"),
    ({**OWN_ROW, "ui_tests": [{"task": "x", "steps": [{}]}]}, r"steps\[0\]: field 'verb' is missing"),
    ({**OWN_ROW, "ui_tests": [{"task": "x", "steps": [STEP, {**STEP, "on": 1}]}]}, r"steps\[1\]: field 'on' is not"),
    ({**OWN_ROW, "ui_tests": [{"task": "x", "steps": [{"verb": "click"}]}]}, r"field verb: 'click' is not known"),
    ({**OWN_ROW, "ui_tests": [{"task": "x", "steps": [{"verb": "wait", "value": 5}]}]}, r"'value': expected text"),
]


@pytest.mark.parametrize(("row", "message"), BAD_FIELDS)
def test_a_bad_field_is_refused_with_its_place_and_what_was_found(row: dict[str, Any], message: str) -> None:
    with pytest.raises(BadTaskFile, match=rf"^here.*{message}"):
        task_of(row, "here")


def test_a_long_value_is_shortened_in_the_message() -> None:
    with pytest.raises(BadTaskFile) as caught:
        task_of({**OWN_ROW, "ui_tests": "x" * 10_000}, "here")
    assert len(caught.value.message) < 200


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_tasks_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(raw)
    with pytest.raises(BadTaskFile):
        load(path)


@needs_bench
def test_all_rows_of_webgen_bench_are_read() -> None:
    dev, train = load(SHARED / "dev.jsonl"), load(SHARED / "train-step-grpo.jsonl")
    assert (len(dev), sum(len(task.ui_tests) for task in dev)) == (51, 331)
    assert (len(train), sum(len(task.ui_tests) for task in train)) == (501, 0)


# ------------------------------------------------------------------ the hub

HUB_MODULE = """
def load_dataset(name, split):
    if name == "luzimu/away":
        raise ConnectionError("the hub is away")
    if split not in ("test", "train"):
        raise ValueError(f"Unknown split {split}")
    return [{"id": f"{split}-1", "instruction": f"From {name}.", "ui_instruct": None, "Category": None}]
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package named ``datasets`` that answers without a network, and is gone afterwards."""
    (tmp_path / "datasets.py").write_text(HUB_MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "datasets", raising=False)
    yield
    sys.modules.pop("datasets", None)


@pytest.mark.usefixtures("hub")
def test_the_hub_is_read_by_name_and_split() -> None:
    assert load("hub:luzimu/WebGen-Bench") == (Task("test-1", "From luzimu/WebGen-Bench."),)
    assert [task.id for task in load("hub:luzimu/WebGen-Bench:train")] == ["train-1"]


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["hub:luzimu/away", "hub:luzimu/WebGen-Bench:dev"])
def test_a_hub_that_refuses_says_what_was_asked_for(name: str) -> None:
    with pytest.raises(UsageError, match="the hub gave no dataset 'luzimu/"):
        load(name)


def test_without_its_package_the_hub_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingTool, match="pip install"):
        load("hub:luzimu/WebGen-Bench")
