"""Memory of one more slot: proportional set size of a process and all below it, with few slots and with more.

Static slots, and slots that each run a Vite server of their own. Each figure comes from a process of its own, because
an allocator does not give back all that it once had.
"""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import gymnasium as gym
import psutil

import webgen_gym  # noqa: F401 - registers the ids
from benchmarks.react_site import react_site, static_site
from benchmarks.report import Report, publish
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Task, WriteFile

MIB = 1024 * 1024
STATIC = (4, 16)
VITE = (2, 8)
TASK = Task("bench", "Build a website about ferries.")


def used() -> float:
    """MiB of this process and those below it, shared pages divided among those who share them."""
    gc.collect()
    me = psutil.Process()
    total = 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            # It has just ended.
            continue
    return total / MIB


def with_slots(count: int, *, npm: bool) -> float:
    """MiB with so many slots that each show a site, three turns in."""
    env = gym.make_vec(
        "WebGen-v0", num_envs=count, tasks=[TASK], gui=ScriptedFunctionality(0.0), max_turns=50, cache=False
    )
    env.reset()
    for turn in range(3):
        files = [react_site(turn, mark=str(slot)) if npm else static_site(turn + slot) for slot in range(count)]
        _, _, _, _, infos = env.step(
            [write_bolt([WriteFile(path, text.encode()) for path, text in site.items()], title="t") for site in files]
        )
        assert set(infos["outcome"]) == {"shown"}, infos["outcome"]
    total = used()
    env.close()
    return total


def main() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        before = processes.submit(used).result()
        static = [processes.submit(with_slots, count, npm=False).result() for count in STATIC]
        vite = [processes.submit(with_slots, count, npm=True).result() for count in VITE]
    rows = {
        "the program before the first reset": before,
        f"{STATIC[0]} static slots, browser included": static[0],
        f"{STATIC[1]} static slots": static[1],
        "each further static slot": (static[1] - static[0]) / (STATIC[1] - STATIC[0]),
        f"{VITE[0]} Vite slots": vite[0],
        f"{VITE[1]} Vite slots": vite[1],
        "each further Vite slot": (vite[1] - vite[0]) / (VITE[1] - VITE[0]),
    }
    publish([Report("memory", "Proportional set size", "MiB", rows)], __doc__)


if __name__ == "__main__":
    main()
