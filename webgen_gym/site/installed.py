"""The sets of dependencies that are installed on this machine: how large they are, and which have to go.

<cache>/deps/<key>/node_modules    complete, or not there at all
<cache>/deps/<key>/log             what installing it said; its time is when the set was last used
<cache>/deps/<key>/bytes           the size of node_modules
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webgen_gym.sandbox.folders import remove
from webgen_gym.site.lease import unleased

# Room is made a little at a time, so that not every new set has to make some.
_KEPT_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class InstalledSet:
    """One set. ``used`` is when it was last used, in nanoseconds since 1970."""

    folder: Path
    bytes: int
    used: int


def installed(folder: Path) -> tuple[InstalledSet, ...]:
    """The sets below ``<cache>/deps``, least recently used first."""
    found = [_read(log.parent) for log in folder.glob("*/log")]
    return tuple(sorted((item for item in found if item is not None), key=lambda item: (item.used, item.folder)))


def measure(modules: Path) -> int:
    """The size of a folder's files in bytes, each counted once whatever links there are."""
    seen: dict[int, int] = {}
    for where, _, names in os.walk(modules):
        for name in names:
            status = Path(where, name).lstat()
            seen[status.st_ino] = status.st_size
    return sum(seen.values())


def bound(folder: Path, max_bytes: int) -> None:
    """Remove what was used least recently, where the sets together are larger than ``max_bytes``."""
    sets = installed(folder)
    total = sum(item.bytes for item in sets)
    if total <= max_bytes:
        return
    for item in sets:
        if total <= _KEPT_SHARE * max_bytes:
            return
        if discard(item):
            total -= item.bytes


def clear(sets: Sequence[InstalledSet]) -> int:
    """Remove sets; how many could not be removed, because sites are running with them."""
    return sum(not discard(item) for item in sets)


def discard(item: InstalledSet) -> bool:
    """Remove a set, unless a site is running with it."""
    with unleased(item.folder) as free:
        if not free:
            return False
        aside = Path(tempfile.mkdtemp(prefix=".gone-", dir=item.folder.parent))
        # Somebody else may have been quicker.
        with contextlib.suppress(FileNotFoundError):
            item.folder.rename(aside / item.folder.name)
    remove(aside)
    return True


def _read(folder: Path) -> InstalledSet | None:
    """None for a set that has just been removed."""
    try:
        return InstalledSet(folder, _bytes(folder), (folder / "log").stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def _bytes(folder: Path) -> int:
    """What was written when it was installed; older versions wrote nothing."""
    try:
        return int((folder / "bytes").read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return measure(folder)
