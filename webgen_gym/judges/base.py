"""The two seams of judging. A judge that cannot tell returns ``Unscored``; it never returns a zero instead."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from webgen_gym.browser.base import Visits
from webgen_gym.errors import JudgeFault
from webgen_gym.types import Look, Task, Unscored, Verdict


class AppearanceJudge(Protocol):
    """Scores what a site looks like, 0–5."""

    @property
    def id(self) -> str:
        """Name and version, ``measured/1``: a verdict is comparable only with those of the same id."""
        ...

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """Judge a site by the look at its first page; ``visits`` are for those who want to see more of it.

        Deterministic judges give the same verdict for the same look, to the last bit.
        """
        ...


class FunctionalityJudge(Protocol):
    """Scores what a site can do, 0–5.

    A judge that asks a model between its actions says so by ``mostly_waits = True``; it then takes no place among the
    tests that keep a page busy.
    """

    @property
    def id(self) -> str:
        """Name and version, ``explore/1``."""
        ...

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """Use the site and judge it."""
        ...


def mostly_waits(judge: FunctionalityJudge) -> bool:
    """Whether a judge spends its time waiting for somebody else."""
    return bool(getattr(judge, "mostly_waits", False))


async def judged(judging: Awaitable[Verdict]) -> Verdict:
    """The verdict; of a judge that fails, Unscored."""
    try:
        return await judging
    except JudgeFault as fault:
        return Unscored("judge_failed", fault.message)
