"""The seam between who samples tokens and who asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from webgen_gym.errors import UsageError

Tokens = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn.

    ``temperature`` 0 takes the likeliest token. ``top_p`` below 1 keeps the smallest set of tokens that has this
    probability; the log-probabilities that come back are those of the distribution that was drawn from. ``max_tokens``
    is the longest reply.

    Raises:
        UsageError: a number is out of its range.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 1024

    def __post_init__(self) -> None:
        if self.temperature < 0:
            raise UsageError(f"The temperature is {self.temperature}; it must be 0 or more.")
        if not 0 < self.top_p <= 1:
            raise UsageError(f"top_p is {self.top_p}; it must be above 0 and at most 1.")
        if self.max_tokens < 1:
            raise UsageError(f"max_tokens is {self.max_tokens}; it must be 1 or more.")


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """One answer: ``tokens`` (R,) with the one that ended it, and the log-probability of each, (R,).

    ``ended`` is false where it was cut off at ``max_tokens`` or where the model's context ended.
    """

    tokens: Tokens
    logprobs: Floats
    ended: bool


class Generator(Protocol):
    """Samples replies, tokens in and tokens out."""

    @property
    def shares_weights(self) -> bool:
        """Whether it samples from the trainer's own weights, so that nothing has to be written for it."""
        ...

    @property
    def context(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        ...

    def generate(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        """An answer to each prompt. The answer to a prompt depends on it and on its seed, not on its neighbours.

        Raises:
            UsageError: a prompt is empty, or leaves no room for a token within ``context``.
            InfraFault: the server that samples does not answer.
        """
        ...

    def load(self, adapter: Path, version: int) -> None:
        """The policy was updated: sample from the adapter in this folder from now on.

        A generator that shares the trainer's weights reads nothing; for it the folder need not be there.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds. Safe to call twice."""
        ...
