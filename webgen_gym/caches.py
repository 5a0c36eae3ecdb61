"""What is kept on this machine between runs: how much of it there is, and how to be rid of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from webgen_gym.errors import UsageError
from webgen_gym.kept import count
from webgen_gym.sandbox.folders import remove
from webgen_gym.site.installed import clear as clear_sets
from webgen_gym.site.installed import installed, measure


@dataclass(frozen=True, slots=True)
class Part:
    """One folder of the cache. ``entries`` is -1 where counting them would mean nothing."""

    name: str
    holds: str
    entries: int
    bytes: int


HOLDS: Mapping[str, str] = MappingProxyType(
    {
        "deps": "installed dependencies, a set for each list of packages",
        "downloads": "what package managers have downloaded",
        "looks": "how sites were built and seen",
        "verdicts": "scores that judges gave",
        "requirements": "what models demand of a task's site",
    }
)


def parts(cache: Path) -> tuple[Part, ...]:
    """What lies below a cache folder."""
    return tuple(Part(name, holds, *_COUNTS[name](cache / name)) for name, holds in HOLDS.items())


def clear(cache: Path, names: Sequence[str]) -> int:
    """Empty parts of the cache; how many sets of dependencies stay, because sites are running with them.

    Raises:
        UsageError: there is no such part; nothing was removed.
    """
    unknown = sorted(set(names) - set(HOLDS))
    if unknown:
        raise UsageError(f"The cache has no part {', '.join(unknown)}; there are {', '.join(HOLDS)}.")
    stay = 0
    for name in names:
        if name == "deps":
            stay = clear_sets(installed(cache / name))
        else:
            remove(cache / name)
    return stay


def _sets(folder: Path) -> tuple[int, int]:
    found = installed(folder)
    return len(found), sum(item.bytes for item in found)


def _rows(folder: Path) -> tuple[int, int]:
    """The rows of the fullest file; older formats count for their size."""
    return max(map(count, folder.glob("*.sqlite")), default=0), measure(folder)


def _files(folder: Path) -> tuple[int, int]:
    return sum(1 for path in folder.rglob("*") if path.is_file()), measure(folder)


def _size(folder: Path) -> tuple[int, int]:
    return -1, measure(folder)


_COUNTS: Mapping[str, Callable[[Path], tuple[int, int]]] = MappingProxyType(
    {"deps": _sets, "downloads": _size, "looks": _rows, "verdicts": _rows, "requirements": _files}
)
