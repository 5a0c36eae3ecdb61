"""The bundled tasks against sites that solve them, in a real browser.

``ui_tests_sites`` holds one site for each bundled task, written in different manners: hash routes, dialogs,
labels that belong to no field, icons for buttons. ``other`` holds a second site for some of them, built quite
differently. Without its script a site is a picture of itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.tasks import find, load
from webgen_gym.types import Score, Task

SITES = Path(__file__).parent / "ui_tests_sites"
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
QUICK = "noughts-and-crosses"


def judged(run: Runner, show_site: ShowSite, task: Task, files: Mapping[str, str]) -> Score:
    async def work() -> Score:
        async with show_site(files) as shown:
            verdict = await UITests().functionality(task, shown.visits)
        assert isinstance(verdict, Score)
        return verdict

    return run(work())


def site_of(task: Task, folder: Path = SITES) -> str:
    return (folder / f"{task.id}.html").read_text(encoding="utf-8")


def assert_solved(run: Runner, show_site: ShowSite, task: Task, folder: Path = SITES) -> None:
    verdict = judged(run, show_site, task, {"index.html": site_of(task, folder)})
    assert verdict.suggestions == ()
    assert verdict.value == 5.0


def assert_picture_fails(run: Runner, show_site: ShowSite, task: Task) -> None:
    verdict = judged(run, show_site, task, {"index.html": SCRIPT.sub("", site_of(task))})
    assert verdict.value <= 5.0 * 2 / 6


def test_every_bundled_task_has_a_site_that_solves_it() -> None:
    assert {task.id for task in load()} == {path.stem for path in SITES.glob("*.html")}


def test_a_site_that_solves_its_task_passes_every_test(run: Runner, show_site: ShowSite) -> None:
    assert_solved(run, show_site, find(load(), QUICK))


def test_a_site_without_its_script_fails_the_tests_of_its_task(run: Runner, show_site: ShowSite) -> None:
    assert_picture_fails(run, show_site, find(load(), QUICK))


def test_the_same_site_gets_the_same_verdict_twice(run: Runner, show_site: ShowSite) -> None:
    task = find(load(), QUICK)
    broken = {"index.html": site_of(task).replace("wins[turn]++", "")}
    first, second = (judged(run, show_site, task, broken) for _ in range(2))
    assert first == second
    assert 0 < first.value < 5


def test_an_empty_page_passes_nothing(run: Runner, show_site: ShowSite) -> None:
    verdict = judged(run, show_site, find(load(), QUICK), {"index.html": "<!doctype html><title>x</title>"})
    assert verdict.value == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_every_task_can_be_solved(run: Runner, show_site: ShowSite, task: Task) -> None:
    assert_solved(run, show_site, task)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in (SITES / "other").glob("*.html")))
def test_a_task_can_be_solved_in_another_manner(run: Runner, show_site: ShowSite, name: str) -> None:
    assert_solved(run, show_site, find(load(), name), SITES / "other")


@pytest.mark.slow
@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_no_task_is_solved_by_a_picture(run: Runner, show_site: ShowSite, task: Task) -> None:
    assert_picture_fails(run, show_site, task)


@pytest.mark.slow
@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_no_task_is_solved_by_an_empty_page(run: Runner, show_site: ShowSite, task: Task) -> None:
    assert judged(run, show_site, task, {"index.html": "<!doctype html><title>x</title>"}).value == 0.0
