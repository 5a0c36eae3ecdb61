"""What a turn costs late in a long episode and early in it: time, memory, disk.

One static episode of 202 turns, each an edit of the same file of the same size; turns 2–21 beside turns 182–201.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import gymnasium as gym
import psutil

import webgen_gym  # noqa: F401 - registers the ids
from benchmarks.react_site import static_site
from benchmarks.report import Report, publish
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Task, WriteFile

TURNS = 202
EARLY, LATE = slice(2, 22), slice(182, 202)
KIB = 1024


def disk(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    seconds, sizes, memory = [], [], []
    with tempfile.TemporaryDirectory() as place:
        env = gym.make(
            "WebGenStatic-v0",
            tasks=[Task("bench", "Build a website about ferries.")],
            gui=ScriptedFunctionality(0.0),
            max_turns=TURNS + 1,
            run_dir=place,
            cache=False,
            disable_env_checker=True,
        )
        env.reset()
        for number in range(TURNS):
            reply = write_bolt(
                [WriteFile(path, text.encode()) for path, text in static_site(1000 + number).items()], title="t"
            )
            start = time.perf_counter()
            env.step(reply)
            seconds.append(time.perf_counter() - start)
            sizes.append(disk(Path(place)))
            memory.append(psutil.Process().memory_info().rss / KIB)
        env.close()
    growth = [after - before for before, after in zip(sizes, sizes[1:], strict=False)]
    rows = {
        "early: milliseconds a turn": statistics.median(seconds[EARLY]) * 1000,
        "late: milliseconds a turn": statistics.median(seconds[LATE]) * 1000,
        "early: KiB on disk a turn": statistics.median(growth[EARLY]) / KIB,
        "late: KiB on disk a turn": statistics.median(growth[180:]) / KIB,
        "KiB of memory a turn, turns 22 to 181": (memory[181] - memory[22]) / 159,
    }
    publish([Report("flat", "Turns 2–21 and 182–201 of one episode", "", rows)], __doc__)


if __name__ == "__main__":
    main()
