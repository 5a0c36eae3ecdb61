"""The UI tests of the bundled tasks on sites of different manners, in a real browser.

``ui_tests_sites/other`` holds a second site for some tasks, built quite differently from the reference: hash routes,
dialogs, labels that belong to no field, icons for buttons. Without its script a reference site is a picture of itself.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.tasks.catalogue import place
from webgen_gym.tasks.folders import TaskFolder, read_folders
from webgen_gym.types import Files, Score, Task

OTHER = Path(__file__).parent / "ui_tests_sites" / "other"
BUNDLED = {folder.task.id: folder for folder in read_folders(place())}
QUICK = BUNDLED["noughts-and-crosses"]
SCRIPT = "app.js"
EMPTY = {"index.html": b"<!doctype html><title>x</title>"}


def judged(run: Runner, show_site: ShowSite, task: Task, files: Files) -> Score:
    async def work() -> Score:
        async with show_site(files) as shown:
            verdict = await UITests().functionality(task, shown.visits)
        assert isinstance(verdict, Score)
        return verdict

    return run(work())


def assert_solved(run: Runner, show_site: ShowSite, task: Task, files: Files) -> None:
    verdict = judged(run, show_site, task, files)
    assert verdict.suggestions == ()
    assert verdict.value == 5.0


def assert_picture_fails(run: Runner, show_site: ShowSite, folder: TaskFolder) -> None:
    picture = {path: content for path, content in folder.reference.items() if path != SCRIPT}
    assert len(picture) < len(folder.reference)
    assert judged(run, show_site, folder.task, picture).value <= 5.0 * 2 / 6


def test_a_site_that_solves_its_task_passes_every_test(run: Runner, show_site: ShowSite) -> None:
    assert_solved(run, show_site, QUICK.task, QUICK.reference)


def test_a_site_without_its_script_fails_the_tests_of_its_task(run: Runner, show_site: ShowSite) -> None:
    assert_picture_fails(run, show_site, QUICK)


def test_the_same_site_gets_the_same_verdict_twice(run: Runner, show_site: ShowSite) -> None:
    broken = {**QUICK.reference, SCRIPT: QUICK.reference[SCRIPT].replace(b"wins[turn]++", b"")}
    first, second = (judged(run, show_site, QUICK.task, broken) for _ in range(2))
    assert first == second
    assert 0 < first.value < 5


def test_an_empty_page_passes_nothing(run: Runner, show_site: ShowSite) -> None:
    assert judged(run, show_site, QUICK.task, EMPTY).value == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in OTHER.glob("*.html")))
def test_a_task_can_be_solved_in_another_manner(run: Runner, show_site: ShowSite, name: str) -> None:
    assert_solved(run, show_site, BUNDLED[name].task, {"index.html": (OTHER / f"{name}.html").read_bytes()})


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_no_task_is_solved_by_a_picture(run: Runner, show_site: ShowSite, name: str) -> None:
    assert_picture_fails(run, show_site, BUNDLED[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_no_task_is_solved_by_an_empty_page(run: Runner, show_site: ShowSite, name: str) -> None:
    assert judged(run, show_site, BUNDLED[name].task, EMPTY).value == 0.0
