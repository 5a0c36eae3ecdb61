"""Judges that say what they are told: for tests, and for trying an algorithm without a browser's opinion."""

from __future__ import annotations

from collections.abc import Callable

from webgen_gym.browser.base import Visits
from webgen_gym.types import Look, Score, Task, Verdict

Answer = float | Verdict | Exception | Callable[[], float]


class ScriptedAppearance:
    """Gives the answers in turn, the last one for ever. An exception is raised."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.looks: list[Look] = []

    @property
    def id(self) -> str:
        """``scripted/1``."""
        return "scripted/1"

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """The next answer."""
        self.looks.append(look)
        return _next(self._answers)


class ScriptedFunctionality:
    """Gives the answers in turn, the last one for ever, without opening a tab. An exception is raised."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    @property
    def id(self) -> str:
        """``scripted/1``."""
        return "scripted/1"

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """The next answer."""
        self.asked.append(task.id)
        return _next(self._answers)


def _next(answers: list[Answer]) -> Verdict:
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    if isinstance(answer, Exception):
        raise answer
    if callable(answer):
        answer = answer()
    return Score(float(answer)) if isinstance(answer, int | float) else answer
