"""What one turn cost, stage by stage: seconds and model calls. For the records; never part of an observation."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeVar

from webgen_gym.llm.spending import account
from webgen_gym.types import Usage

T = TypeVar("T")


class Watch:
    """Adds up what each stage took."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._usage: dict[str, Usage] = {}

    async def time(self, stage: str, work: Awaitable[T]) -> T:
        """Await ``work`` and count its time and its model calls towards ``stage``."""
        with self.timing(stage):
            return await work

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Count the block towards ``stage``."""
        start = time.monotonic()
        with account() as spent:
            try:
                yield
            finally:
                self._seconds[stage] = self._seconds.get(stage, 0.0) + time.monotonic() - start
                self.count(stage, spent.usage)

    def count(self, stage: str, usage: Usage) -> None:
        """Count model calls that were made elsewhere."""
        if usage != Usage():
            self._usage[stage] = self._usage.get(stage, Usage()) + usage

    def seconds(self) -> Mapping[str, float]:
        """Stage → seconds."""
        return MappingProxyType({stage: round(spent, 6) for stage, spent in self._seconds.items()})

    def usage(self) -> Mapping[str, Usage]:
        """Stage → what its model calls cost; stages without any are left out."""
        return MappingProxyType(dict(self._usage))
