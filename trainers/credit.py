"""Credit: from the rewards of a group of rollouts to an advantage for each of their steps.

A group holds the rollouts of one task: a list of step rewards for each, of any length. A step is one turn of the
environment. ``None`` stands for a step without a reward (unscored, void, cut off): it moves no mean and gets no
gradient, which its advantage of 0.0 brings about. Groups in which there is nothing to compare get zeros.

Every function is deterministic and knows nothing of models or tokens; one of your own is passed in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from webgen_gym.errors import UsageError

Rewards = Sequence[Sequence[float | None]]
"""Of one group: for each rollout the reward of each step."""

Advantages = list[list[float]]
"""Of the same shape; 0.0 where there is no reward."""

Credit = Callable[[Rewards], Advantages]

EPSILON = 1e-6
"""Added to every standard deviation, as in the original (arXiv 2509.22644)."""


def step_grpo(rewards: Rewards) -> Advantages:
    """A = (r − mean) / (std + ε) over all steps of all rollouts of the group (Step-GRPO, arXiv 2509.22644).

    The standard deviation has n − 1 in its denominator. A group with a single scored step gets 0; the original gives
    it its reward, which compares it with nothing.
    """
    centred = _standardised(_flat(rewards))
    return _spread(rewards, lambda rollout, step: centred(_scored(rewards, rollout, step)))


def grpo(rewards: Rewards) -> Advantages:
    """GRPO over whole rollouts (arXiv 2402.03300): every step of a rollout gets what the rollout gets.

    The outcome of a rollout is its best step's reward, as in the ablation "naive" of arXiv 2509.22644.
    """
    outcomes = [max(_known(rollout), default=None) for rollout in rewards]
    centred = _standardised([outcome for outcome in outcomes if outcome is not None])
    return _spread(rewards, lambda rollout, step: centred(_is(outcomes[rollout])))


def cumulative(rewards: Rewards) -> Advantages:
    """A(t) = Σ z(k) for k ≥ t in the same rollout, z as in ``step_grpo`` (the ablation of arXiv 2509.22644, mended).

    The published code takes the last step of the wrong rollout for where the sum ends.
    """
    single = step_grpo(rewards)
    return _spread(rewards, lambda rollout, step: math.fsum(single[rollout][step:]))


def turn_index(rewards: Rewards) -> Advantages:
    """As ``step_grpo``, each step compared with the steps of the same index alone.

    Rewards rise with the turn where a site is refined; comparing late turns with early ones credits them for it.
    """
    deepest = max(map(len, rewards), default=0)
    centred = [
        _standardised([r for row in rewards if len(row) > t and (r := row[t]) is not None]) for t in range(deepest)
    ]
    return _spread(rewards, lambda rollout, step: centred[step](_scored(rewards, rollout, step)))


def leave_one_out(rewards: Rewards) -> Advantages:
    """A = r − mean of all other scored steps of the group (RLOO, arXiv 2402.14740); not divided by a deviation."""
    known = _flat(rewards)
    total, count = math.fsum(known), len(known)
    if count < 2:
        return _spread(rewards, lambda rollout, step: 0.0)

    def apart(rollout: int, step: int) -> float:
        reward = _scored(rewards, rollout, step)
        return reward - (total - reward) / (count - 1)

    return _spread(rewards, apart)


def branch(rewards: Rewards) -> Advantages:
    """``step_grpo`` for groups of one step each: replies to one restored snapshot, compared with one another alone.

    Raises:
        UsageError: a rollout has more than one step.
    """
    longest = max(map(len, rewards), default=0)
    if longest > 1:
        raise UsageError(f"Credit 'branch' compares replies to one state; a rollout of the group has {longest} steps.")
    return step_grpo(rewards)


@dataclass(frozen=True, slots=True)
class Discounted:
    """A = z of the discounted return Σ γ^(k−t) r(k) for k ≥ t, over all steps of the group (Kevin, arXiv 2507.11948).

    A step without a reward adds nothing to the returns before it, and has none of its own.

    Raises:
        UsageError: γ is not between 0 and 1.
    """

    gamma: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.gamma <= 1.0:
            raise UsageError(f"The discount γ is {self.gamma}; it must be between 0 and 1.")

    def __call__(self, rewards: Rewards) -> Advantages:
        """The advantages of one group."""
        returns = [self._returns(rollout) for rollout in rewards]
        centred = _standardised(_flat(returns))
        return _spread(returns, lambda rollout, step: centred(_scored(returns, rollout, step)))

    def _returns(self, rollout: Sequence[float | None]) -> list[float | None]:
        returns: list[float | None] = []
        ahead = 0.0
        for reward in reversed(rollout):
            ahead = (reward or 0.0) + self.gamma * ahead
            returns.append(None if reward is None else ahead)
        return returns[::-1]


NAMED: Mapping[str, Credit] = MappingProxyType(
    {
        "step_grpo": step_grpo,
        "grpo": grpo,
        "cumulative": cumulative,
        "turn_index": turn_index,
        "leave_one_out": leave_one_out,
        "branch": branch,
    }
)


def make(credit: str | Credit) -> Credit:
    """A credit function by its name, ``discounted(0.4)`` and ``package.module:function`` among them, or itself.

    Raises:
        UsageError: there is none of this name.
    """
    if not isinstance(credit, str):
        return credit
    if credit in NAMED:
        return NAMED[credit]
    if credit.startswith("discounted(") and credit.endswith(")"):
        try:
            return Discounted(float(credit.removeprefix("discounted(").removesuffix(")")))
        except ValueError as error:
            raise UsageError(f"'{credit}' has no number for γ; write it like discounted(0.4).") from error
    module, _, name = credit.partition(":")
    if name:
        return _imported(module, name)
    raise UsageError(
        f"There is no credit '{credit}'; there are {', '.join(NAMED)}, discounted(γ). One of your own is named like"
        " package.module:function."
    )


# ------------------------------------------------------------------ inside


def _imported(module: str, name: str) -> Credit:
    try:
        found: Credit = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"The credit '{module}:{name}' could not be imported: {error}.") from error
    if not callable(found):
        raise UsageError(f"The credit '{module}:{name}' is {type(found).__name__}; it must be a function.")
    return found


def _known(rollout: Sequence[float | None]) -> list[float]:
    return [reward for reward in rollout if reward is not None]


def _flat(rewards: Rewards) -> list[float]:
    return [reward for rollout in rewards for reward in _known(rollout)]


def _standardised(values: Sequence[float]) -> Callable[[float], float]:
    """Standardising: x → (x − mean) / (std + ε); 0 where fewer than two values, or only equal ones, are compared."""
    count = len(values)
    if count < 2 or min(values) == max(values):
        return lambda value: 0.0
    mean = math.fsum(values) / count
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    return lambda value: (value - mean) / (deviation + EPSILON)


def _spread(rewards: Rewards, advantage: Callable[[int, int], float]) -> Advantages:
    """The advantage of every scored step, 0.0 elsewhere."""
    return [
        [0.0 if reward is None else advantage(rollout, step) for step, reward in enumerate(row)]
        for rollout, row in enumerate(rewards)
    ]


def _scored(rewards: Rewards, rollout: int, step: int) -> float:
    return _is(rewards[rollout][step])


def _is(value: float | None) -> float:
    assert value is not None
    return value
