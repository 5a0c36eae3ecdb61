"""Demonstrations as rows of tokens: what was told is read, what was answered is learned.

A row is what a rollout with the same words would have been, token for token, so that a policy which goes on to learn
from rewards reads what it was warmed up on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from webgen_gym.agents.generators.base import Tokens
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.trainers.demonstrations.base import Demonstration
from webgen_gym.trainers.units import Row, row_of_texts


@dataclass(frozen=True, slots=True)
class Lessons:
    """The rows of demonstrations, one each, of at most ``max_tokens`` tokens.

    ``cut`` counts conversations that were cut off after the last answer that fits, ``left_out`` those of which not even
    the first answer does; ``shortest`` is the least number of tokens that one of these would have taken, or 0.
    """

    rows: tuple[Row, ...]
    max_tokens: int
    cut: int = 0
    left_out: int = 0
    shortest: int = 0

    @property
    def summary(self) -> str:
        """One sentence about what there is to learn, and what did not fit."""
        tokens, trained = sum(map(len, self.rows)), sum(int(row.trained.sum()) for row in self.rows)
        said = f"{len(self.rows)} conversations of {tokens} tokens in all, {trained} of them learned"
        if not self.cut and not self.left_out:
            return said + "."
        return (
            f"{said}. {self.cut + self.left_out} were longer than {self.max_tokens} tokens: {self.cut} are cut off"
            f" after the last answer that fits, {self.left_out} left out."
        )


def lessons(demonstrations: Iterable[Demonstration], chat: ChatTokens, max_tokens: int) -> Lessons:
    """The rows of demonstrations in the words of a model's chat template.

    Raises:
        UsageError: the tokenizer has no token that ends an answer.
    """
    rows: list[Row] = []
    cut, too_long = 0, []
    for demonstration in demonstrations:
        pieces, beyond = _pieces(demonstration, chat, max_tokens)
        cut += bool(pieces) and beyond > 0
        if pieces:
            rows.append(row_of_texts(pieces))
        else:
            too_long.append(beyond)
    return Lessons(tuple(rows), max_tokens, cut, len(too_long), min(too_long, default=0))


def _pieces(demonstration: Demonstration, chat: ChatTokens, max_tokens: int) -> tuple[list[tuple[Tokens, bool]], int]:
    """What is read and what is learned, by turns; and the length with the first answer that does not fit, or 0."""
    pieces: list[tuple[Tokens, bool]] = []
    held: Tokens = np.zeros(0, dtype=np.int64)
    for told, said in demonstration.exchanges:
        prompt = chat.extend(held, told) if pieces else chat.open(told)
        answer = chat.answer(said)
        length = len(prompt) + len(answer)
        if length > max_tokens:
            return pieces, length
        pieces += [(prompt[len(held) :], False), (answer, True)]
        held = np.concatenate([prompt, answer])
    return pieces, 0
