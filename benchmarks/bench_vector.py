"""Many slots at once: beside bare Playwright with as many pages, and with a judge that takes its time.

1. Turns per second of 8 static slots without a judge, and of 8 pages that write, goto and screenshot, in turn.
2. Turns per second of 16 slots and of one, with an appearance judge that answers after 2 s: all slots in step
   (``step``), and each going on as soon as its own turn has ended (``send`` and ``receive``), as a trainer plays.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import gymnasium as gym
from playwright.async_api import Page, async_playwright

import webgen_gym  # noqa: F401 - registers the ids
from benchmarks.bench_turn import Quiet, page, void
from benchmarks.report import Report, medians, publish
from webgen_gym.browser.base import Visits
from webgen_gym.browser.find import find_browser
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Look, Score, Task, Verdict, WriteFile

SLOTS = 8
ROUNDS = 12
JUDGED_SLOTS = 16
JUDGED_ROUNDS = 3
JUDGE_S = 2.0


class SlowJudge:
    """Waits as long as a model would; there is no model."""

    id = "slow/1"

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """Wait, then give a score."""
        await asyncio.sleep(JUDGE_S)
        return Score(3.0)


Round = Callable[[int], None]


@contextmanager
def slots(count: int, judge: AppearanceJudge) -> Iterator[Round]:
    """Every slot plays a turn that writes a page of its own."""
    env = _made(count, judge)
    env.reset()

    yield lambda number: void(env.step([_reply(slot, number) for slot in range(count)]))
    env.close()


@contextmanager
def free_slots(count: int, judge: AppearanceJudge) -> Iterator[Round]:
    """As many turns as before, each slot sending its next reply when its last turn has ended."""
    env = _made(count, judge)
    env.reset()
    numbers = itertools.count()
    env.send({slot: _reply(slot, next(numbers)) for slot in range(count)})

    def play(number: int) -> None:
        ended = 0
        while ended < count:
            done = env.receive()
            ended += len(done)
            env.send({slot: _reply(slot, next(numbers)) for slot in done})

    yield play
    env.close()


def _reply(slot: int, number: int) -> str:
    return write_bolt([WriteFile("index.html", page(1000 * slot + number))], title="t")


def _made(count: int, judge: AppearanceJudge) -> WebGenVectorEnv:
    env = gym.make_vec(
        "WebGenStatic-v0",
        num_envs=count,
        tasks=[Task("bench", "Build sixty cards.")],
        judge=judge,
        gui=ScriptedFunctionality(0.0),
        max_turns=1000,
        cache=False,
    )
    assert isinstance(env, WebGenVectorEnv)
    return env


@contextmanager
def bare_pages(count: int) -> Iterator[Round]:
    """As many kept pages of bare Playwright, each with a context of its own, all at once."""
    with tempfile.TemporaryDirectory() as folder:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        loop = asyncio.new_event_loop()
        bare = loop.run_until_complete(_Bare.start(count, Path(folder), server.server_port))
        yield lambda number: loop.run_until_complete(bare.play(number))
        loop.run_until_complete(bare.close())
        loop.close()
        server.shutdown()
        server.server_close()


class _Bare:
    def __init__(self, playwright: object, browser: object, pages: list[Page], folder: Path, port: int) -> None:
        self._playwright, self._browser = playwright, browser
        self._pages, self._folder, self._port = pages, folder, port

    @classmethod
    async def start(cls, count: int, folder: Path, port: int) -> _Bare:
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(
            executable_path=str(find_browser()), args=["--no-sandbox", "--disable-gpu"]
        )
        contexts = [await browser.new_context(viewport={"width": 1024, "height": 768}) for _ in range(count)]
        return cls(playwright, browser, [await context.new_page() for context in contexts], folder, port)

    async def play(self, number: int) -> None:
        await asyncio.gather(*(self._turn(slot, number) for slot in range(len(self._pages))))

    async def close(self) -> None:
        await self._browser.close()  # type: ignore[attr-defined]
        await self._playwright.stop()  # type: ignore[attr-defined]

    async def _turn(self, slot: int, number: int) -> None:
        (self._folder / f"{slot}.html").write_bytes(page(1000 * slot + number))
        await self._pages[slot].goto(f"http://127.0.0.1:{self._port}/{slot}.html")
        await self._pages[slot].screenshot()


def timed(rounds: dict[str, tuple[Round, int]], count: int) -> dict[str, float]:
    """Turns per second by label, from the medians of rounds that are played in turn."""
    spent: dict[str, list[float]] = {name: [] for name in rounds}
    for number in range(count + 1):
        for name, (play, turns) in rounds.items():
            start = time.perf_counter()
            play(number)
            if number:
                spent[name].append((time.perf_counter() - start) / turns)
    return {name: 1 / seconds for name, seconds in medians(spent).items()}


def main() -> None:
    with bare_pages(SLOTS) as bare, slots(SLOTS, ScriptedAppearance(3.0)) as ours:
        beside = timed({f"bare Playwright, {SLOTS} pages": (bare, SLOTS), f"{SLOTS} slots": (ours, SLOTS)}, ROUNDS)
    with slots(1, SlowJudge()) as one, slots(JUDGED_SLOTS, SlowJudge()) as many:
        labels = {"1 slot": (one, 1), f"{JUDGED_SLOTS} slots in step": (many, JUDGED_SLOTS)}
        judged = timed(labels, JUDGED_ROUNDS)
    with free_slots(JUDGED_SLOTS, SlowJudge()) as free:
        judged |= timed({f"{JUDGED_SLOTS} slots, each by itself": (free, JUDGED_SLOTS)}, 2 * JUDGED_ROUNDS)
    publish(
        [
            Report("vector", "Static turns without a judge", "turns per second", beside, ratio_to=next(iter(beside))),
            Report("judged", f"A judge that takes {JUDGE_S:g} s", "turns per second", judged, "1 slot", digits=2),
        ],
        __doc__,
    )


if __name__ == "__main__":
    main()
