"""Time and chance of the model client, as a seam: tests wait for nothing and draw what they expect."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the client asks about time."""

    def now(self) -> float:
        """Seconds since some moment, never going back."""
        ...

    def utc(self) -> datetime:
        """The time of day, for servers that name one."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def draw(self, high: float) -> float:
        """A number from 0 to ``high``, all equally likely."""
        ...


class SystemClock:
    """The real one. Its chance decides only how long to wait, so no seed governs it."""

    def now(self) -> float:
        """See Clock."""
        return time.monotonic()

    def utc(self) -> datetime:
        """See Clock."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """See Clock."""
        await asyncio.sleep(seconds)

    def draw(self, high: float) -> float:
        """See Clock."""
        return random.uniform(0.0, high)


class ManualClock:
    """A double: sleeping only moves its hands and is noted in ``sleeps``; every draw is the highest."""

    def __init__(self, utc: datetime = datetime(2030, 1, 1, tzinfo=UTC)) -> None:
        self._utc = utc
        self._now = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        """See Clock."""
        return self._now

    def utc(self) -> datetime:
        """See Clock; it stands still."""
        return self._utc

    async def sleep(self, seconds: float) -> None:
        """See Clock; others get their turn."""
        self.sleeps.append(seconds)
        self._now += seconds
        await asyncio.sleep(0)

    def draw(self, high: float) -> float:
        """See Clock."""
        return high
