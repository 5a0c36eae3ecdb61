"""Seconds per stage of one turn, for the records; never part of an observation."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeVar

T = TypeVar("T")


class Watch:
    """Adds up how long each stage took."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    async def time(self, stage: str, work: Awaitable[T]) -> T:
        """Await ``work`` and count its time towards ``stage``."""
        with self.timing(stage):
            return await work

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Count the block's time towards ``stage``."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._spent[stage] = self._spent.get(stage, 0.0) + time.monotonic() - start

    def seconds(self) -> Mapping[str, float]:
        """Stage → seconds."""
        return MappingProxyType({stage: round(spent, 6) for stage, spent in self._spent.items()})
