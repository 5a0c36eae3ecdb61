"""What model calls cost whom: every call adds to the account that is open where it is made.

An account belongs to the code inside its ``with`` block and to the tasks that are begun there, so sessions that
share one model each learn what they spent themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from webgen_gym.types import Usage


class Account:
    """What was spent while it was open."""

    def __init__(self) -> None:
        self.usage = Usage()


_open: ContextVar[Account | None] = ContextVar("webgen_gym_account", default=None)


@contextmanager
def account() -> Iterator[Account]:
    """Open an account; one that is opened inside another keeps its own."""
    made = Account()
    token = _open.set(made)
    try:
        yield made
    finally:
        _open.reset(token)


def spend(usage: Usage) -> None:
    """Enter what a call cost into the open account, if there is one."""
    if (current := _open.get()) is not None:
        current.usage += usage
