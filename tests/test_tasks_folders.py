"""Task folders as they are written: reading them, spoiling their site, and what is missing in them."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from webgen_gym.errors import BadTaskFile
from webgen_gym.tasks import load
from webgen_gym.tasks.catalogue import place
from webgen_gym.tasks.folders import (
    Spoiled,
    Swap,
    TaskFolder,
    complaints,
    read_folder,
    read_folders,
    spoil,
    task_folders,
)
from webgen_gym.types import Step, Task, UITest

TASK = 'id = "kites"\ninstruction = "Build it."\n'
TEST = '[[ui_tests]]\nname = "{0}"\ntask = "Look at {0}."\nsteps = [{{ verb = "see", value = "{0}" }}]\n'
SPOILED = (
    '[[spoiled]]\nname = "No kites"\nfails = ["a"]\nedits = [{ file = "index.html", find = "a ", replace = "" }]\n'
)


def write(folder: Path, *, tests: str = "abcde", spoiled: str = SPOILED, page: str | None = "a b c d e") -> Path:
    folder.mkdir()
    (folder / "task.toml").write_text(TASK + "".join(TEST.format(name) for name in tests))
    (folder / "spoiled.toml").write_text(spoiled)
    (folder / "reference").mkdir()
    if page is not None:
        (folder / "reference" / "index.html").write_text(page)
    return folder


def folder_with(*spoiled: Spoiled, names: str = "abcde") -> TaskFolder:
    tests = tuple(UITest(f"Look at {name}.", "", steps=(Step("see", value=name),), name=name) for name in names)
    return TaskFolder(Task("kites", "Build it.", ui_tests=tests), {"index.html": b"a b"}, spoiled)


def broken(*fails: str, name: str = "No kites") -> Spoiled:
    return Spoiled(name, fails, (Swap("index.html", "a", ""),))


def test_a_folder_holds_a_task_a_site_and_spoiled_sites(tmp_path: Path) -> None:
    folder = read_folder(write(tmp_path / "kites"))
    assert (folder.task.id, list(folder.tests), dict(folder.reference)) == (
        "kites",
        list("abcde"),
        {"index.html": b"a b c d e"},
    )
    assert folder.spoiled == (Spoiled("No kites", ("a",), (Swap("index.html", "a ", ""),)),)


def test_the_reference_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    place = write(tmp_path / "kites")
    (place / "reference" / "img").mkdir()
    (place / "reference" / "img" / "kite.svg").write_text("<svg/>")
    assert read_folder(place).reference["img/kite.svg"] == b"<svg/>"


def test_a_task_is_loaded_from_its_folder_without_the_rest_of_it(tmp_path: Path) -> None:
    place = write(tmp_path / "kites")
    (place / "spoiled.toml").write_text("not TOML")
    assert [task.id for task in load(place)] == ["kites"]


def test_a_folder_may_hold_task_folders_and_single_files(tmp_path: Path) -> None:
    write(tmp_path / "kites")
    (tmp_path / "balloons.toml").write_text(TASK.replace("kites", "balloons"))
    assert [task.id for task in load(tmp_path)] == ["kites", "balloons"]


def test_a_folder_of_folders_is_read_by_name_and_what_is_no_task_is_passed_over(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write(tmp_path / name)
    (tmp_path / "notes").mkdir()
    assert [found.name for found in task_folders(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize("missing", ["", "nowhere"])
def test_a_place_without_a_task_folder_is_refused(tmp_path: Path, missing: str) -> None:
    with pytest.raises(
        BadTaskFile, match=r"neither a task folder nor a folder of them; a task folder holds task\.toml"
    ):
        read_folders(tmp_path / missing)


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ("spoilt = []", r"kites/spoiled\.toml: field 'spoilt' is not known; fields are spoiled"),
        ("[[spoiled]]\nfails = ['a']", r"spoiled\[0\]: field 'edits' is missing; expected a list"),
        ("[[spoiled]]\nname = 'x'", r"spoiled\[0\]: field 'fails' is missing; expected the names of the tests"),
        (SPOILED.replace("find", "search"), r"edits\[0\]: field 'search' is not known; fields are file, find, replace"),
        (SPOILED.replace('"a "', '""'), r"edits\[0\]: field 'find': expected text that is not empty"),
        ("= 1", r"kites/spoiled\.toml: not TOML"),
    ],
)
def test_a_malformed_spoiled_site_is_named_by_file_and_field(tmp_path: Path, spoiled: str, message: str) -> None:
    with pytest.raises(BadTaskFile, match=message):
        read_folder(write(tmp_path / "kites", spoiled=spoiled))


def test_a_folder_without_a_reference_is_refused(tmp_path: Path) -> None:
    place = write(tmp_path / "kites", page=None)
    (place / "reference").rmdir()
    with pytest.raises(BadTaskFile, match=r"kites/reference: no such folder; it holds the site that passes every test"):
        read_folder(place)


def test_white_space_around_what_is_found_and_put_in_its_place_counts(tmp_path: Path) -> None:
    folder = read_folder(write(tmp_path / "kites", spoiled=SPOILED.replace('replace = ""', 'replace = " x "')))
    assert spoil(folder.reference, folder.spoiled[0])["index.html"] == b" x b c d e"


def test_edits_are_made_one_after_the_other() -> None:
    twice = Spoiled("Twice", ("a",), (Swap("x", "one", "two"), Swap("x", "two!", "three")))
    assert dict(spoil({"x": b"one!", "y": b"one"}, twice)) == {"x": b"three", "y": b"one"}


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        (Swap("app.js", "a", ""), r"'Bad' edits 'app\.js', which the reference site does not have"),
        (Swap("index.html", "x", ""), r"'Bad' edits a text that stands 0 times in index\.html, not once: 'x'"),
        (Swap("index.html", "a", ""), r"'Bad' edits a text that stands 2 times in index\.html, not once: 'a'"),
    ],
)
def test_an_edit_that_does_not_fit_exactly_once_is_refused(swap: Swap, message: str) -> None:
    with pytest.raises(BadTaskFile, match=message):
        spoil({"index.html": b"a b a"}, Spoiled("Bad", ("a",), (swap,)))


def test_nothing_is_wrong_with_a_folder_that_has_teeth() -> None:
    assert complaints(folder_with(broken("a", "b"), broken("c", "d", "e", name="Worse"))) == ()


def test_a_test_that_no_spoiled_site_is_meant_to_fail_is_named() -> None:
    assert complaints(folder_with(broken(*"abcd"))) == ("No spoiled site is meant to fail 'e'.",)


def test_a_test_without_a_name_goes_by_its_task() -> None:
    folder = folder_with(broken(*"abcd", "Look."))
    unnamed = UITest("Look.", "", steps=(Step("see", value="x"),))
    tests = (*folder.task.ui_tests[:4], unnamed)
    assert complaints(TaskFolder(Task("x", "y", ui_tests=tests), folder.reference, folder.spoiled)) == ()


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (folder_with(broken(*"abcd"), names="abcd"), "It has 4 executable UI tests; a task with teeth has 5 at least."),
        (folder_with(broken(*"abcdef")), "'No kites' is meant to fail 'f', and no test is called so."),
        (folder_with(broken(*"abcde"), broken("a")), "Two spoiled sites are called 'No kites'."),
        (folder_with(broken(*"abcde"), names="abcdea"), "Two tests are called 'a'."),
        (
            TaskFolder(folder_with().task, {"home.html": b""}, (broken(*"abcde"),)),
            "The reference site has no index.html; only static sites can be checked.",
        ),
    ],
)
def test_what_is_missing_is_said(folder: TaskFolder, message: str) -> None:
    assert complaints(folder) == (message,)


@pytest.mark.parametrize("folder", task_folders(place()), ids=lambda folder: folder.name)
def test_a_bundled_task_has_a_reference_and_spoiled_sites_for_every_test(folder: Traversable) -> None:
    read = read_folder(folder)
    assert read.task.id == folder.name
    assert complaints(read) == ()
    assert all(test.name for test in read.task.ui_tests)
    assert all(spoil(read.reference, spoiled) != read.reference for spoiled in read.spoiled)
