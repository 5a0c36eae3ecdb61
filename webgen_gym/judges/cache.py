"""Verdicts that are kept: the same thing judged twice by the same judge is asked about once.

What is kept is named by the judge's id, the task, and the content of what was judged. Nothing is kept that is not a
score, nor anything about a site whose content is not known.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from webgen_gym.browser.base import Size, Visits
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge, mostly_waits
from webgen_gym.kept import Kept
from webgen_gym.limits import MIB, Limits
from webgen_gym.plain import as_json, structured
from webgen_gym.types import Look, Score, Task, Verdict

FORMAT = 2


class VerdictCache:
    """Scores by the hash of what decides them, in a folder; ``max_bytes`` bounds their texts together.

    Raises:
        UsageError: the bound is below 1.
        StorageFailed: the file cannot be made, read or written, or is no such store; from every method.
    """

    def __init__(self, folder: Path | str, max_bytes: int = 256 * MIB) -> None:
        self._kept = Kept(Path(folder) / f"verdicts-{FORMAT}.sqlite", max_bytes, "verdict cache")

    def get(self, key: str) -> Score | None:
        """The score that is kept under a key; None where there is none."""
        kept = self._kept.get(key)
        return None if kept is None else _read(kept)

    def put(self, key: str, score: Score) -> Score:
        """Keep a score; returns the one that is kept, which is the first of several processes' at once."""
        return _read(self._kept.put(key, _written(score)))

    def __len__(self) -> int:
        return len(self._kept)


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
    and both decide what it finds. A verdict that took ``within_s`` or longer is not kept: a busy machine may have cut
    the judge short.
    """

    def __init__(
        self,
        judge: FunctionalityJudge,
        cache: VerdictCache,
        viewport: Size,
        limits: Limits | None = None,
        *,
        within_s: float = math.inf,
    ) -> None:
        self._judge = judge
        self._cache = cache
        # The budget of turns bounds an episode and no judge.
        self._decides = (viewport, replace(limits or Limits(), turns=0))
        self._within_s = within_s

    @property
    def id(self) -> str:
        """The id of the judge itself."""
        return self._judge.id

    @property
    def mostly_waits(self) -> bool:
        """Whether the judge itself does."""
        return mostly_waits(self._judge)

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """The kept score of this site, else the judge's verdict."""
        key = _key("functionality", self.id, task, visits.site, *self._decides)
        judging = self._judge.functionality(task, visits)
        return await _kept_or(self._cache, key if visits.site else "", judging, self._within_s)


async def _kept_or(
    cache: VerdictCache, key: str, judging: Coroutine[Any, Any, Verdict], within_s: float = math.inf
) -> Verdict:
    """What is kept under a key, else what judging comes to, which is then kept if it is a score; '' keeps nothing."""
    kept = await asyncio.to_thread(cache.get, key) if key else None
    if kept is not None:
        judging.close()
        return kept
    start = time.monotonic()
    verdict = await judging
    if not key or not isinstance(verdict, Score) or time.monotonic() - start >= within_s:
        return verdict
    return await asyncio.to_thread(cache.put, key, verdict)


def _key(*decides: object) -> str:
    """The name of a verdict. The values of ``types`` are frozen and their repr is whole, so it tells them apart."""
    told = repr((FORMAT, *decides)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()


def _written(score: Score) -> bytes:
    return json.dumps(as_json(score), sort_keys=True).encode("utf-8", "surrogatepass")


def _read(text: bytes) -> Score:
    score = structured(json.loads(text.decode("utf-8", "surrogatepass")), Score)
    return replace(score, criteria=MappingProxyType(dict(score.criteria)))
