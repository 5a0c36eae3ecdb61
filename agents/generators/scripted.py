"""A generator that says what it was given, for tests and for trying out what learns from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np

from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.agents.generators.checks import check_prompts
from webgen_gym.errors import UsageError


class ScriptedGenerator:
    """A ``Generator`` that answers one prompt after the other with the next of its answers.

    ``prompts``, ``seeds`` and ``loaded`` hold what it was asked and told, ``closed`` whether it was closed.

    Args:
        answers: the tokens of each answer, with the one that ends it.
        eos: the tokens that end an answer.
        context: how many tokens a prompt and its answer have together at most.
        logprob: the log-probability of every token.
    """

    def __init__(
        self,
        answers: Iterable[Sequence[int] | Tokens],
        *,
        eos: Collection[int] = (),
        context: int = 4096,
        logprob: float = -1.0,
    ) -> None:
        self._answers = iter(answers)
        self._eos = frozenset(eos)
        self._context = context
        self._logprob = logprob
        self.prompts: list[Tokens] = []
        self.seeds: list[int] = []
        self.loaded: list[tuple[Path, int]] = []
        self.closed = False

    @classmethod
    def saying(cls, texts: Iterable[str], chat: ChatTokens, *, context: int = 4096) -> ScriptedGenerator:
        """One that says these texts, each ended."""
        end = [min(chat.eos)]
        answers = ([*chat.tokenizer.encode(text, add_special_tokens=False), *end] for text in texts)
        return cls(answers, eos=chat.eos, context=context)

    @property
    def shares_weights(self) -> bool:
        """No: it is told of every update, and notes it."""
        return False

    @property
    def context(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        return self._context

    def generate(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        """The next answers, cut off where a model's would be.

        Raises:
            UsageError: it has no more answers; or as any generator does.
        """
        check_prompts(prompts, seeds, self._context)
        self.prompts += prompts
        self.seeds += seeds
        return [self._next(len(prompt), sampling) for prompt in prompts]

    def load(self, adapter: Path, version: int) -> None:
        """Note it in ``loaded``."""
        self.loaded.append((adapter, version))

    def close(self) -> None:
        """Note it in ``closed``."""
        self.closed = True

    def _next(self, length: int, sampling: Sampling) -> Sampled:
        answer = next(self._answers, None)
        if answer is None:
            raise UsageError(f"The script has no answer left; {len(self.prompts)} prompts were asked.")
        tokens = np.array(answer, dtype=np.int64)[: min(sampling.max_tokens, self._context - length)]
        ended = bool(len(tokens)) and int(tokens[-1]) in self._eos
        return Sampled(tokens, np.full(len(tokens), self._logprob, dtype=np.float32), ended)
