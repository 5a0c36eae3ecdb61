"""Verdicts that are kept: the same thing judged twice by the same judge is asked about once.

What is kept is named by the judge's id, the task, and the content of what was judged. Nothing is kept that is not a
score, nor anything about a site whose content is not known. The store is one SQLite file that any number of processes
may use at once; when it grows beyond its bound, what was used least recently goes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cattrs import Converter

from webgen_gym.browser.base import Size, Visits
from webgen_gym.errors import StorageFailed, UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.limits import MIB, Limits
from webgen_gym.types import Look, Score, Task, Verdict

FORMAT = 1
_BUSY_S = 30.0
# Room is made a little at a time, so that not every new verdict has to make some.
_KEPT_SHARE = 0.9

_TABLE = """
CREATE TABLE IF NOT EXISTS verdicts (
    key TEXT PRIMARY KEY, score TEXT NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_use ON verdicts (used);
"""
_NEXT_USE = "(SELECT COALESCE(MAX(used), 0) + 1 FROM verdicts)"
_OLDEST = """
DELETE FROM verdicts WHERE key IN (
    SELECT key FROM (SELECT key, SUM(bytes) OVER (ORDER BY used DESC, key) AS upto FROM verdicts) WHERE upto > ?)
"""


class VerdictCache:
    """Scores by the hash of what decides them, in a folder. Each call opens the file anew, so it may cross a fork.

    ``max_bytes`` bounds the scores' texts together; the file is somewhat larger.

    Raises:
        UsageError: the bound is below 1.
        StorageFailed: the file cannot be made, read or written, or is no such store; from every method.
    """

    def __init__(self, folder: Path | str, max_bytes: int = 256 * MIB) -> None:
        if max_bytes < 1:
            raise UsageError(f"VerdictCache.max_bytes is {max_bytes}; it must be 1 or more.")
        self._file = Path(folder) / f"verdicts-{FORMAT}.sqlite"
        self._max_bytes = max_bytes
        with self._open():
            pass

    def get(self, key: str) -> Score | None:
        """The score that is kept under a key; None where there is none."""
        with self._open() as store:
            row = store.execute("SELECT score FROM verdicts WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            store.execute(f"UPDATE verdicts SET used = {_NEXT_USE} WHERE key = ?", (key,))
        return _read(row[0])

    def put(self, key: str, score: Score) -> Score:
        """Keep a score; returns the one that is kept, which is the first of several processes' at once."""
        text = _written(score)
        with self._open() as store:
            store.execute(
                f"INSERT OR IGNORE INTO verdicts VALUES (?, ?, ?, {_NEXT_USE})", (key, text, len(text.encode()))
            )
            (kept,) = store.execute("SELECT score FROM verdicts WHERE key = ?", (key,)).fetchone()
            (total,) = store.execute("SELECT SUM(bytes) FROM verdicts").fetchone()
            if total > self._max_bytes:
                store.execute(_OLDEST, (int(_KEPT_SHARE * self._max_bytes),))
        return _read(kept)

    def __len__(self) -> int:
        with self._open() as store:
            (count,) = store.execute("SELECT COUNT(*) FROM verdicts").fetchone()
        return int(count)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The store for one transaction."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=_BUSY_S)) as store, store:
                store.executescript(_TABLE)
                yield store
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(f"The verdict cache {self._file} cannot be used: {error}.") from error


class CachedAppearance:
    """A judge of appearance whose scores are kept. Its id is the judge's."""

    def __init__(self, judge: AppearanceJudge, cache: VerdictCache) -> None:
        self._judge = judge
        self._cache = cache

    @property
    def id(self) -> str:
        """The id of the judge itself."""
        return self._judge.id

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """The kept score of this look at this site, else the judge's verdict."""
        picture = hashlib.sha256(look.screenshot).hexdigest()
        key = _key("appearance", self.id, task, visits.site, picture, replace(look, screenshot=b""))
        return await _kept_or(self._cache, key if visits.site else "", self._judge.appearance(task, look, visits))


class CachedFunctionality:
    """A judge of functionality whose scores are kept. Its id is the judge's.

    ``viewport`` is the size of the session's window and ``limits`` are those of the judge: neither is in a judge's id,
    and both decide what it finds.
    """

    def __init__(
        self, judge: FunctionalityJudge, cache: VerdictCache, viewport: Size, limits: Limits | None = None
    ) -> None:
        self._judge = judge
        self._cache = cache
        self._decides = (viewport, limits or Limits())

    @property
    def id(self) -> str:
        """The id of the judge itself."""
        return self._judge.id

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """The kept score of this site, else the judge's verdict."""
        key = _key("functionality", self.id, task, visits.site, *self._decides)
        return await _kept_or(self._cache, key if visits.site else "", self._judge.functionality(task, visits))


async def _kept_or(cache: VerdictCache, key: str, judging: Coroutine[Any, Any, Verdict]) -> Verdict:
    """What is kept under a key, else what judging comes to, which is then kept if it is a score; '' keeps nothing."""
    kept = await asyncio.to_thread(cache.get, key) if key else None
    if kept is not None:
        judging.close()
        return kept
    verdict = await judging
    if not key or not isinstance(verdict, Score):
        return verdict
    return await asyncio.to_thread(cache.put, key, verdict)


def _key(*decides: object) -> str:
    """The name of a verdict. The values of ``types`` are frozen and their repr is whole, so it tells them apart."""
    told = repr((FORMAT, *decides)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()


def _written(score: Score) -> str:
    return json.dumps(_converter().unstructure(score), sort_keys=True)


def _read(text: str) -> Score:
    score = _converter().structure(json.loads(text), Score)
    return replace(score, criteria=MappingProxyType(dict(score.criteria)))


@cache
def _converter() -> Converter:
    return Converter()
