"""The environment that the demonstration is played in: the real one, static sites in a small window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from webgen_gym.browser.base import Visits
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.judges.measured import Measured
from webgen_gym.types import Look, Task, Verdict

TURNS = 3
VIEWPORT = (640, 480)


class Remembered:
    """A judge of appearance that remembers, while the process lives, what it said of each site for each task."""

    def __init__(self, judge: AppearanceJudge) -> None:
        self._judge = judge
        self._said: dict[tuple[str, str], Verdict] = {}

    @property
    def id(self) -> str:
        """The id of the judge itself."""
        return self._judge.id

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """What was said of this site, else the judge's verdict."""
        key = (task.id, visits.site)
        if key not in self._said:
            self._said[key] = await self._judge.appearance(task, look, visits)
        return self._said[key]


@contextmanager
def opened(tasks: Sequence[Task], slots: int) -> Iterator[WebGenVectorEnv]:
    """The environment, closed at the end of the block."""
    env = WebGenVectorEnv(
        slots,
        tasks=tasks,
        judge=Remembered(Measured()),
        gui="tests",
        gui_on="turn",
        static_only=True,
        viewport=VIEWPORT,
        max_turns=TURNS,
        autoreset_mode="Disabled",
    )
    try:
        yield env
    finally:
        env.close()
