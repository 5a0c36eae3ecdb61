"""How much of each kind of work may go on at once in this process.

Waiting overlaps for free; work does not. So each kind has its own limit, whoever comes over it waits in line, and time
spent in line counts towards no deadline.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from webgen_gym.errors import UsageError
from webgen_gym.limits import MIB

_BUILD_BYTES = 512 * MIB
_PAGE_BYTES = 128 * MIB
_PAGES_PER_CORE = 4
_CALLS = 64
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True, slots=True)
class Concurrency:
    """Limits of one process.

    ``builds``: installations, builds and starts of dev servers. ``pages``: looks, and tests that keep a page busy.
    ``calls``: requests under way to each judging model that was asked for by name.

    Raises:
        UsageError: a limit is below 1.
    """

    builds: int
    pages: int
    calls: int = _CALLS

    def __post_init__(self) -> None:
        for name in ("builds", "pages", "calls"):
            if getattr(self, name) < 1:
                raise UsageError(f"Concurrency.{name} is {getattr(self, name)}; it must be 1 or more.")

    @classmethod
    def of_machine(cls, cores: int | None = None, memory: int | None = None) -> Concurrency:
        """What suits this machine: builds use a core each, pages wait for one another's network and scripts.

        ``memory`` in bytes; half of it is left to the rest of the program.
        """
        cores = cores or _cores()
        half = (memory or _memory()) // 2
        return cls(
            builds=max(1, min(cores, half // _BUILD_BYTES)),
            pages=max(1, min(_PAGES_PER_CORE * cores, half // _PAGE_BYTES)),
        )


class Gates:
    """The lines in which the work of one process waits. Belongs to one event loop."""

    def __init__(self, concurrency: Concurrency) -> None:
        self.concurrency = concurrency
        self.builds = asyncio.Semaphore(concurrency.builds)
        self.pages = asyncio.Semaphore(concurrency.pages)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    """Bytes of memory: the machine's, or what a container leaves of it."""
    return min([psutil.virtual_memory().total, *_container_limits()])


def _container_limits() -> list[int]:
    found = []
    for path in _CGROUPS:
        try:
            found.append(int(Path(path).read_text("ascii")))
        except (OSError, ValueError):
            # No such controller, or no limit ("max").
            continue
    return found
