"""Holding a folder of the cache that others, in other processes, might want to remove."""

from __future__ import annotations

import contextlib
import fcntl
import os
import weakref
from collections.abc import Iterator
from pathlib import Path


class Lease:
    """Held as long as this object lives. ``target`` need not exist yet. May wait for a removal that is under way."""

    def __init__(self, target: Path) -> None:
        descriptor = os.open(_file(target), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextlib.contextmanager
def unleased(target: Path) -> Iterator[bool]:
    """Whether nobody holds a lease, and nobody gets one within the block."""
    descriptor = os.open(_file(target), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _file(target: Path) -> str:
    return f"{target}.use"
