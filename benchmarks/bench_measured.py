"""What the measured judge adds to a look, on a small page and on one of 2,000 elements.

Prints milliseconds of processor time of the judge, those of the look in real time, and the one as a share of the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from benchmarks.calibration.looks import served
from webgen_gym.browser.chromium import Chromium
from webgen_gym.judges.measured import judge
from webgen_gym.limits import Limits
from webgen_gym.site.upstream import StaticUpstream
from webgen_gym.types import Look, Task

ROUNDS = 15
ELEMENTS = (60, 240, 2000)
STYLE = (
    "body { margin: 0; font: 16px Arial, sans-serif; background: #fffff0 } main { display: grid; gap: 16px;"
    " grid-template-columns: repeat(4, 1fr); padding: 32px } section { background: #fff; padding: 16px }"
    " button { padding: 10px 18px; border: 0; background: #207a20; color: #fff }"
)
TASK = Task("bench", "Please implement a website about ferries. Users should be able to search timetables and book.")


def page(elements: int) -> bytes:
    """A grid of cards, four elements each, with as many elements in all."""
    cards = "".join(
        f"<section><h3>Ferry {n}</h3><p>To island {n} at noon</p><button>Book</button></section>"
        for n in range((elements - 2) // 4)
    )
    return f"<!doctype html><title>t</title><style>{STYLE}</style><h1>Ferries</h1><main>{cards}</main>".encode()


async def looks() -> list[tuple[Look, float]]:
    """A look at each page, and the least real time that one took, in milliseconds."""
    browser = Chromium(Limits())
    found = []
    try:
        async with served(browser) as (door, visits):
            for elements in ELEMENTS:
                door.show(StaticUpstream({"index.html": page(elements)}))
                await visits.look()
                spent = []
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    look = await visits.look()
                    spent.append((time.perf_counter() - start) * 1000)
                found.append((look, min(spent)))
    finally:
        await browser.close()
    return found


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of the fastest round: what else the machine does can only add to it."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append((time.process_time() - start) * 1000)
    return min(spent)


def judging(look: Look) -> float:
    """Milliseconds of processor time for one verdict."""
    return timed(lambda: judge(TASK, look))


def main() -> None:
    print(f"{'elements':>10}{'look':>12}{'judge':>12}{'share':>10}")
    for look, look_ms in asyncio.run(looks()):
        judge_ms = judging(look)
        count = len(look.measurements.elements)
        print(f"{count:>10}{look_ms:>9.1f} ms{judge_ms:>9.1f} ms{judge_ms / look_ms:>9.2f} ×")


if __name__ == "__main__":
    main()
