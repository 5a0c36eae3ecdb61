"""From verdicts to a reward."""

from __future__ import annotations

from types import MappingProxyType
from typing import Protocol

from webgen_gym.errors import UsageError
from webgen_gym.types import Reward, Score, Verdict

PART_NAMES = ("appearance", "functionality", "malformed")


class RewardFunction(Protocol):
    """Turns the verdicts of one turn into its reward. Must be a finite number for every input."""

    def __call__(self, appearance: Verdict | None, functionality: Verdict | None, *, malformed: bool) -> Reward:
        """Combine. None and Unscored add nothing; whoever trains masks such turns."""
        ...


def paper(appearance: Verdict | None, functionality: Verdict | None, *, malformed: bool) -> Reward:
    """Appearance + functionality, 0 to 10; -1 for a malformed or degenerate reply (arXiv 2509.22644, section 3)."""
    if malformed:
        return _reward(0.0, 0.0, -1.0)
    return _reward(_points(appearance), _points(functionality), 0.0)


def make(reward: str | RewardFunction) -> RewardFunction:
    """The reward function of this name, or the one given.

    Raises:
        UsageError: no reward has this name.
    """
    if callable(reward):
        return reward
    if reward == "paper":
        return paper
    raise UsageError(f"There is no reward '{reward}'; give 'paper', or a function of the two verdicts.")


def _points(verdict: Verdict | None) -> float:
    return verdict.value if isinstance(verdict, Score) else 0.0


def _reward(appearance: float, functionality: float, malformed: float) -> Reward:
    parts = dict(zip(PART_NAMES, (appearance, functionality, malformed), strict=True))
    return Reward(sum(parts.values()), MappingProxyType(parts))
