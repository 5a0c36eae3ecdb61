"""Functionality by executable UI tests: each is a little script of steps that a user would take.

The verbs are listed in ``webgen_gym.tasks.steps``; ``ui_do`` acts, ``ui_see`` looks, ``ui_match`` finds the
control that is meant, ``ui_forms`` fills and sends forms. Every test runs in a clean tab on the page at ``/``
and passes or fails as a whole; the score is 5 × passed / run. Tests in prose alone are not run.

A page that faults or takes too long fails its test; a browser that dies is no verdict and is raised.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from webgen_gym.browser.base import Visits
from webgen_gym.errors import AgentFault, UsageError
from webgen_gym.judges.ui_do import ACTIONS, open_page
from webgen_gym.judges.ui_reading import Reading
from webgen_gym.judges.ui_scene import Scene, Unmet
from webgen_gym.judges.ui_see import check
from webgen_gym.judges.ui_words import printable
from webgen_gym.limits import Limits
from webgen_gym.tasks.steps import alternatives, complaint
from webgen_gym.types import CheckResult, Evidence, Palette, Score, Step, Task, UITest, Unscored, Verdict

FULL_SCORE = 5.0
COMPARING = ("changed", "see_more", "see_fewer")
FOLLOW_UPS = ("submit", "complete", "try_press", "try_choose", "wait")
OPENING = "opening the page"
START = Step("open", value="/")


class UITests:
    """A FunctionalityJudge: the share of a task's executable UI tests that a site passes."""

    id = "tests/1"

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """Run the task's tests, one after the other. Raises UsageError when one of them is badly written."""
        tests = [test for test in task.ui_tests if test.steps]
        if not tests:
            return Unscored("no_tests", f"task {task.id!r} has no executable UI tests")
        _refuse_bad_steps(tests)
        results: list[CheckResult] = []
        for test in tests:
            # A page that could not be opened once is not opened again: each attempt may cost the full limit.
            shut = next((result for result in results if result.detail.startswith(OPENING)), None)
            results.append(replace(shut, name=test.task) if shut else await self.run(test, task.palette, visits))
        return _score(tests, results)

    async def run(self, test: UITest, palette: Palette, visits: Visits) -> CheckResult:
        """Run one test that is well written."""
        progress = Progress()
        try:
            async with asyncio.timeout(self._limits.ui_test_s), visits.tab() as tab:
                await _play(test, Scene(Reading(tab), palette), progress)
        except (Unmet, AgentFault) as fault:
            return CheckResult(test.task, passed=False, detail=printable(f"{progress}: {fault}"))
        except TimeoutError:
            limit = f"not done after {self._limits.ui_test_s:g} s (limits.ui_test_s)"
            return CheckResult(test.task, passed=False, detail=f"{progress}: {limit}")
        return CheckResult(test.task, passed=True)


class Progress:
    """Which step a test is at, for its message."""

    def __init__(self) -> None:
        self.number = 0
        self.step = START

    def __str__(self) -> str:
        if not self.number:
            return OPENING
        named = [alternatives(text)[0] for text in (self.step.target, self.step.value) if alternatives(text)]
        return f"step {self.number} ({' '.join([self.step.verb, *map(repr, named)])})"


async def _play(test: UITest, scene: Scene, progress: Progress) -> None:
    await open_page(scene, START)
    watched = _watched(test.steps)
    for index, step in enumerate(test.steps):
        progress.number, progress.step = index + 1, step
        if step.verb in ACTIONS:
            await scene.watch(index in watched)
            await ACTIONS[step.verb](scene, step)
        else:
            await check(scene, step)


def _watched(steps: Sequence[Step]) -> set[int]:
    """The actions whose effect a later step asks for."""
    watched: set[int] = set()
    last: int | None = None
    for index, step in enumerate(steps):
        follows = step.verb in FOLLOW_UPS and (step.verb == "wait" or not _after_check(steps, index))
        if step.verb in ACTIONS and not follows:
            last = index
        elif step.verb in COMPARING and last is not None:
            watched.add(last)
    return watched


def _after_check(steps: Sequence[Step], index: int) -> bool:
    """Whether nothing but time has passed since the last check."""
    before = [step.verb for step in steps[:index] if step.verb != "wait"]
    return not before or before[-1] not in ACTIONS


def _refuse_bad_steps(tests: Sequence[UITest]) -> None:
    for test in tests:
        for number, step in enumerate(test.steps, start=1):
            wrong = complaint(step)
            if wrong:
                raise UsageError(f"UI test {test.task!r}, step {number}: {wrong}")


def _score(tests: Sequence[UITest], results: Sequence[CheckResult]) -> Score:
    passed = sum(result.passed for result in results)
    each = FULL_SCORE / len(results)
    value = FULL_SCORE * passed / len(results)
    failed = [(test, result) for test, result in zip(tests, results, strict=True) if not result.passed]
    return Score(
        value=value,
        criteria=MappingProxyType({"tests": value}),
        evidence=tuple(Evidence("tests", f"{test.task}: {result.detail}", -each) for test, result in failed),
        suggestions=tuple(_suggestion(test, result) for test, result in failed),
        checks=tuple(results),
        summary=f"{passed} of {len(results)} UI tests passed.",
    )


def _suggestion(test: UITest, result: CheckResult) -> str:
    expected = f" Expected: {test.expected}" if test.expected else ""
    return f"'{test.task}' does not work: {result.detail}.{expected}"
