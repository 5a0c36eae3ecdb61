"""Loading and finding tasks, and what the bundled catalogue promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from webgen_gym.errors import BadTaskFile, UnknownTask
from webgen_gym.tasks import find, load
from webgen_gym.tasks.steps import VERBS
from webgen_gym.tasks.toml import read_toml
from webgen_gym.types import Task, UITest

BENCH = Path(__file__).parent.parent / ".." / "shared" / "webgen-bench" / "dev.jsonl"
GUIDE = Path(__file__).parent.parent / "docs" / "tasks.md"
PRIMARY = {"Content Presentation", "User Interaction", "Data Management"}
ACTING = {"press", "type", "choose", "submit", "reach", "go", "open"}

TASK_TOML = 'id = "one"\ninstruction = "Build it."\n'


def test_the_example_of_the_guide_is_a_good_task(tmp_path: Path) -> None:
    example = GUIDE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    path = tmp_path / "kite-shop.toml"
    path.write_text(example, encoding="utf-8")
    (task,) = load(path)
    assert (task.id, task.palette.background, len(task.ui_tests[0].steps)) == ("kite-shop", "#fffff0", 3)


def test_the_guide_names_every_verb_and_every_bundled_task() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert all(f"`{verb}`" in guide for verb in VERBS)
    assert all(task.id in guide for task in load())


def test_no_source_loads_the_catalogue() -> None:
    assert len(load()) >= 16


def test_the_catalogue_covers_the_three_primary_categories_and_sixteen_kinds_of_application() -> None:
    assert {task.category for task in load()} == PRIMARY
    assert len({task.application_type for task in load()}) >= 16


@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_a_bundled_task_has_five_executable_tests_of_which_most_use_the_site(task: Task) -> None:
    tests = [test for test in task.ui_tests if test.steps]
    using = [test for test in tests if any(step.verb in ACTING for step in test.steps)]
    assert len(tests) >= 5
    assert len(using) >= 0.6 * len(tests)


@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_a_bundled_task_asks_for_known_colours_in_a_short_instruction(task: Task) -> None:
    assert task.palette.background is not None
    assert task.palette.component is not None
    assert 60 <= len(task.instruction.split()) <= 125


@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_a_bundled_test_says_what_is_tried_and_what_is_expected(task: Task) -> None:
    assert all(test.task and test.expected and test.category for test in task.ui_tests)
    assert max(Counter(test.task for test in task.ui_tests).values()) == 1


@pytest.mark.skipif(not BENCH.exists(), reason="WebGen-Bench is not here")
def test_no_bundled_instruction_is_one_of_webgen_bench() -> None:
    openings = {task.instruction[:60] for task in load(BENCH)}
    assert not openings & {task.instruction[:60] for task in load()}


def test_a_task_is_found_by_its_id() -> None:
    assert find(load(), "tea-shop").id == "tea-shop"


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(UnknownTask, match=r"no task has the id 'teashop'; did you mean 'tea-shop'"):
        find(load(), "teashop")


def test_an_id_like_no_other_tells_how_many_there_are() -> None:
    with pytest.raises(UnknownTask, match=rf"'0000'; there are {len(load())} tasks"):
        find(load(), "0000")


def test_tasks_are_taken_as_they_are() -> None:
    task = Task("mine", "Build it.", ui_tests=(UITest("look", "a page"),))
    assert load([task]) == (task,)


def test_two_tasks_with_one_id_are_refused() -> None:
    with pytest.raises(BadTaskFile, match=r"task 1: field 'id': 'a' is taken by task 0"):
        load([Task("a", "x"), Task("a", "y")])


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(BadTaskFile, match="holds no task"):
        load([])


def test_a_missing_file_tells_what_else_can_be_given() -> None:
    with pytest.raises(BadTaskFile, match=r"no-such\.jsonl: no such file; the catalogue is tasks=None"):
        load("no-such.jsonl")


def test_a_toml_file_holds_one_task(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(TASK_TOML)
    assert [task.id for task in load(path)] == ["one"]


def test_a_folder_holds_one_task_in_every_toml_file(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(TASK_TOML.replace("one", "two"))
    (tmp_path / "a.toml").write_text(TASK_TOML)
    (tmp_path / "notes.txt").write_text("nothing")
    assert [task.id for task in load(tmp_path)] == ["one", "two"]


def test_a_folder_without_tasks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTaskFile, match="holds no task"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id = ", r"one\.toml: not TOML"),
        (b'id = "\xff"', r"one\.toml: not UTF-8 at byte 6"),
        (b'instruction = "Build it."', r"one\.toml: field 'id' is missing"),
        (b'id = "x"\ninstruction = "y"\nui_test = []', r"one\.toml: field 'ui_test' is not known; fields are id,"),
        (b"id = " + b"[" * 5000, r"one\.toml: not TOML"),
    ],
)
def test_a_bad_toml_file_is_refused_with_its_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "one.toml"
    path.write_bytes(content)
    with pytest.raises(BadTaskFile, match=message):
        read_toml(path)


def test_a_folder_in_place_of_a_toml_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTaskFile, match="cannot be read"):
        read_toml(tmp_path)
