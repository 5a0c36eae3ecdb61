"""What model calls may cost in a run, and what they have cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from webgen_gym.errors import ModelFailed, ModelFailure, UsageError
from webgen_gym.llm.spending import spend
from webgen_gym.types import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in any currency. There is no built-in table: prices change."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """The cost of so many tokens."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


class Budget:
    """The most that a run may spend on models; None is no limit. Shared by all models of the run, from any thread.

    Calls are counted before they are made and never exceed their limit. Tokens and cost are known
    only afterwards, so the calls under way when a limit is reached still end, and are counted.
    """

    def __init__(self, calls: int | None = None, tokens: int | None = None, cost: float | None = None) -> None:
        for name, limit in (("calls", calls), ("tokens", tokens), ("cost", cost)):
            if limit is not None and limit < 0:
                raise UsageError(f"A budget's {name} must be 0 or more, not {limit}.")
        self.calls = calls
        self.tokens = tokens
        self.cost = cost
        self._spent = Usage()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Usage:
        """All that was counted so far."""
        return self._spent

    def admit(self) -> str | None:
        """Count one call; or, where something is spent, count nothing and return a sentence that says what."""
        with self._lock:
            if (spent := self._what_is_spent()) is None:
                self._spent += Usage(calls=1)
            return spent

    def charge(self, usage: Usage) -> None:
        """Count what a call cost. Also restores what an earlier part of the same run has spent."""
        with self._lock:
            self._spent += usage

    def _what_is_spent(self) -> str | None:
        limits = (
            ("calls", self._spent.calls, self.calls),
            ("tokens", self._spent.tokens, self.tokens),
            ("cost", self._spent.cost, self.cost),
        )
        for name, spent, limit in limits:
            if limit is not None and spent >= limit:
                return f"No call was made: the run has spent {spent:g} of its budget of {limit:g} (Budget.{name})."
        return None


class Tally:
    """What one ``complete`` has cost so far, tries and re-ask together; every entry reaches the budget at once."""

    def __init__(self, budget: Budget | None = None, price: Price | None = None) -> None:
        self._budget = budget or Budget()
        self._price = price or Price(0.0, 0.0)
        self.usage = Usage()

    def open_call(self) -> None:
        """Count one call. Raises ModelFailed where the budget does not allow it."""
        if spent := self._budget.admit():
            raise self.failure(ModelFailure.BUDGET, spent)
        self._enter(Usage(calls=1))

    def charge(self, prompt_tokens: int, completion_tokens: int, *, estimated: bool = False) -> None:
        """Count the tokens of one call."""
        cost = self._price.of(prompt_tokens, completion_tokens)
        usage = Usage(0, prompt_tokens, completion_tokens, cost, estimated)
        self._enter(usage)
        self._budget.charge(usage)

    def _enter(self, usage: Usage) -> None:
        self.usage += usage
        spend(usage)

    def failure(self, reason: ModelFailure, sentence: str) -> ModelFailed:
        """The error that ends this call, with all that it cost."""
        return ModelFailed(sentence, reason, self.usage)
