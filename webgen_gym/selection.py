"""Which turn of a rollout is the best, by the paper's rule.

Valid is a turn whose appearance is at least 3 and which had no error; among those the highest
functionality wins, then the highest appearance, then the latest (WebGen-Agent, section 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass

VALID_APPEARANCE = 3.0
ERROR_APPEARANCE = 2.0
"""At or below this appearance a turn counts as in error, though nothing failed (the paper's rule)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is remembered of a turn for choosing. ``tested`` says that functionality was judged."""

    snapshot: str
    turn: int
    appearance: float
    functionality: float
    tested: bool
    error: bool

    @property
    def valid(self) -> bool:
        """Whether backtracking may go to it."""
        return not self.error and self.appearance >= VALID_APPEARANCE

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """The larger the better. Valid turns come before all others."""
        return (self.valid, max(self.functionality, 0.0), self.appearance, self.turn)


def better(one: Mark | None, other: Mark | None) -> Mark | None:
    """The better of two; None is worse than anything."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda mark: mark.rank)
