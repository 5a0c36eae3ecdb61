"""What is trained on: the steps that a policy took, and the rows of tokens that a model reads.

A *step* is one turn as the trainer sees it: the tokens that were read, the tokens that were sampled, and how likely
each of those was. Tokens are kept as they were sampled and never made again from text, since text does not say how it
was cut into tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from webgen_gym.agents.generators.base import Floats, Tokens
from webgen_gym.errors import UsageError
from webgen_gym.trainers.credit import Credit

NO_STEP = -1


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One reply, and what it earned.

    ``prompt`` (P,) is everything that the model had read, ``tokens`` (R,) what it answered, and ``logprobs`` (R,) the
    log-probability of each token under the distribution that it was drawn from. ``reward`` is None where the step says
    nothing about the policy (unscored, void, too long): it moves no mean and gets no gradient. ``parts`` are the terms
    of the reward, ``outcome`` what became of the turn, ``snapshot`` the state that it led to.

    Raises:
        UsageError: not one log-probability for each token, no token at all, or an empty prompt.
    """

    prompt: Tokens
    tokens: Tokens
    logprobs: Floats
    reward: float | None
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    outcome: str = ""
    snapshot: str = ""

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.logprobs):
            raise UsageError(f"A step has {len(self.tokens)} tokens and {len(self.logprobs)} log-probabilities.")
        if not len(self.prompt):
            raise UsageError("A step has an empty prompt; what its first token was sampled from cannot be told.")
        if not len(self.tokens):
            raise UsageError("A step has no tokens; a reply ends with at least the token that ends it.")


@dataclass(frozen=True, slots=True, eq=False)
class Rollout:
    """The steps of one rollout, in order."""

    steps: tuple[Step, ...]

    @property
    def rewards(self) -> list[float | None]:
        """The reward of each step."""
        return [step.reward for step in self.steps]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The rollouts of one task (or, branched, of one state): those whose rewards are compared."""

    task: str
    rollouts: tuple[Rollout, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Tokens that a model reads in one pass, and which of them are trained on; all arrays are (T,).

    ``trained`` marks the tokens that the policy sampled in a step with a reward. There, ``logprobs`` is the
    log-probability when it was sampled, ``advantages`` what its step is worth, and ``steps`` the number of that step in
    the batch (elsewhere 0, 0 and -1). The first token of a row is never trained on: nothing comes before it.
    """

    tokens: Tokens
    trained: NDArray[np.bool_]
    logprobs: Floats
    advantages: Floats
    steps: Tokens

    def __len__(self) -> int:
        return len(self.tokens)


def rows_of(groups: Sequence[Group], credit: Credit) -> list[list[Row]]:
    """The rows of each group: steps whose prompt strictly extends what came before share a row, others begin one."""
    rows: list[list[Row]] = []
    number = 0
    for group in groups:
        advantages = credit([rollout.rewards for rollout in group.rollouts])
        rows.append([])
        for rollout, worth in zip(group.rollouts, advantages, strict=True):
            rows[-1] += _merged(rollout.steps, worth, number)
            number += len(rollout.steps)
    return rows


def row_of_texts(pieces: Iterable[tuple[Sequence[int] | Tokens, bool]]) -> Row:
    """A row for supervised training: pieces of tokens, each trained on (advantage 1) or only read."""
    tokens, trained = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.bool_)]
    for piece, learned in pieces:
        tokens.append(np.asarray(piece, dtype=np.int64))
        trained.append(np.full(len(piece), learned))
    mask = np.concatenate(trained)
    mask[:1] = False
    ones = mask.astype(np.float32)
    return Row(np.concatenate(tokens), mask, np.zeros_like(ones), ones, np.where(mask, 0, NO_STEP))


# ------------------------------------------------------------------ inside


def _merged(steps: Sequence[Step], advantages: Sequence[float], first: int) -> list[Row]:
    rows: list[_Growing] = []
    for number, (step, advantage) in enumerate(zip(steps, advantages, strict=True), start=first):
        if not rows or not rows[-1].goes_on_with(step.prompt):
            rows.append(_Growing())
        rows[-1].add(step, advantage, number)
    return [row.row() for row in rows if row.trained_on]


class _Growing:
    """A row while steps are added to it."""

    def __init__(self) -> None:
        self._tokens: Tokens = np.zeros(0, dtype=np.int64)
        self._spans: list[tuple[int, Step, float, int]] = []

    @property
    def trained_on(self) -> bool:
        return any(step.reward is not None for _, step, _, _ in self._spans)

    def goes_on_with(self, prompt: Tokens) -> bool:
        return len(prompt) > len(self._tokens) and np.array_equal(prompt[: len(self._tokens)], self._tokens)

    def add(self, step: Step, advantage: float, number: int) -> None:
        self._tokens = np.concatenate([step.prompt, step.tokens])
        self._spans.append((len(step.prompt), step, advantage, number))

    def row(self) -> Row:
        length = len(self._tokens)
        trained, steps = np.zeros(length, dtype=np.bool_), np.full(length, NO_STEP, dtype=np.int64)
        logprobs, advantages = np.zeros(length, dtype=np.float32), np.zeros(length, dtype=np.float32)
        for start, step, advantage, number in self._spans:
            if step.reward is None:
                continue
            span = slice(start, start + len(step.tokens))
            trained[span], steps[span] = True, number
            logprobs[span], advantages[span] = step.logprobs, advantage
        return Row(self._tokens, trained, logprobs, advantages, steps)
