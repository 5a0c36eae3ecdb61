"""Deadlines that are kept from outside the page: a page cannot talk its way past a clock that it does not have."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Overrun(Exception):
    """A call did not end in time. Turned into an AgentFault or BrowserLost by whoever can tell which."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"{what} took longer than {seconds:g} s")
        self.what = what
        self.seconds = seconds


async def within(seconds: float, what: str, call: Awaitable[T]) -> T:
    """Await ``call`` for at most so many seconds; raises Overrun."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        raise Overrun(what, seconds) from None
