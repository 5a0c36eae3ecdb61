"""Ends a command together with everything that it started.

A process belongs to a command when it carries the command's mark in its environment, is in its
session, or descends from one that does. A process that leaves its session, loses its parent *and*
clears its environment is not found here; only a jail's process namespace holds that one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

VARIABLE = "WEBGEN_TREE"
_ROUNDS = 50
_PAUSE_S = 0.01
_SURE_S = 5.0


@dataclass(frozen=True, slots=True)
class Tree:
    """One command's processes: the first one, which leads its own session, and the mark that all inherit."""

    leader: int
    mark: str

    def members(self) -> list[psutil.Process]:
        """Those that are alive now."""
        everyone = list(_alive())
        ours = {process.pid for process in everyone if self._carries(process)}
        parents = {process.pid: _parent(process) for process in everyone}
        while found := {pid for pid, parent in parents.items() if parent in ours and pid not in ours}:
            ours |= found
        return [process for process in everyone if process.pid in ours]

    def end(self, grace_s: float) -> bool:
        """Ask all to end, and kill what is left after ``grace_s``; whether all are gone. Blocks."""
        if grace_s > 0:
            asked = _send(self.members(), signal.SIGTERM)
            _wait(asked, grace_s)
        for _ in range(_ROUNDS):
            victims = _send(self.members(), signal.SIGKILL)
            if not victims:
                return True
            _wait(victims, _SURE_S)
        return False

    def _carries(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            return os.getsid(process.pid) == self.leader or self._is_marked(process)
        return False

    def _is_marked(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            return process.environ().get(VARIABLE) == self.mark
        return False


def new_mark() -> str:
    """A mark that no other command carries."""
    return uuid.uuid4().hex


def _alive() -> Iterable[psutil.Process]:
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if pid != os.getpid() and not _is_gone(process):
                yield process


def _parent(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.ppid()
    return 0


def _is_gone(process: psutil.Process) -> bool:
    try:
        # A zombie holds nothing and cannot be killed; whoever is its parent collects it.
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def _send(processes: list[psutil.Process], number: signal.Signals) -> list[psutil.Process]:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)
    return processes


def _wait(processes: list[psutil.Process], within_s: float) -> None:
    # psutil's own wait would collect our child's exit status before asyncio does.
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and not all(_is_gone(process) for process in processes):
        time.sleep(_PAUSE_S)


_live: dict[tuple[int, str], Tree] = {}


def remember(tree: Tree) -> None:
    """End this tree when the interpreter exits, should nobody do it before."""
    _live[os.getpid(), tree.mark] = tree


def forget(tree: Tree) -> None:
    """The tree has been ended."""
    _live.pop((os.getpid(), tree.mark), None)


@atexit.register
def _end_all() -> None:
    for (owner, _), tree in list(_live.items()):
        # A fork of this process knows the trees too, but they are not its own.
        if owner == os.getpid():
            tree.end(0)
