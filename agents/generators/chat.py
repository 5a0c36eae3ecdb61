"""A conversation as tokens that are only ever added to.

Text does not say how it was cut into tokens, so what a model has read and said is never made from text again. Of the
chat template only what it puts between an answer and the next one is computed, and put behind the tokens that are held.
So a conversation stays one row of tokens even where the template would rewrite its past.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from webgen_gym.agents.generators.base import Tokens
from webgen_gym.errors import UsageError
from webgen_gym.llm.base import Message, Role

# Stands for an answer while a template is rendered.
_MARK = "\u2063the answer\u2063"
_BREAK = "\u200b"
_REMEMBERED = 1024

Told = tuple[tuple[str, str], ...]


class ChatTokens:
    """Tokens of conversations in the words of a tokenizer's chat template.

    Raises:
        UsageError: the tokenizer has no chat template, or one that leaves answers out.
    """

    def __init__(self, tokenizer: Any) -> None:
        if not getattr(tokenizer, "chat_template", None):
            raise UsageError(
                f"The tokenizer {tokenizer.name_or_path!r} has no chat template, so nothing can be said to its model;"
                " take a model that was tuned for talk, or set tokenizer.chat_template."
            )
        self.tokenizer = tokenizer
        self._marks = sorted({str(token) for token in tokenizer.added_tokens_decoder.values()}, key=len, reverse=True)
        self._behind_answer = lru_cache(_REMEMBERED)(self._tokens_behind_answer)
        self.eos = frozenset(self._ends())
        """The tokens that end an answer: the tokenizer's own, and the one with which the template ends a turn."""

    def open(self, messages: Sequence[Message]) -> Tokens:
        """The first prompt, (P,): all messages, and what comes before an answer."""
        return _array(self._ids(self._rendered(self._plain(messages))))

    def extend(self, held: Tokens, messages: Sequence[Message]) -> Tokens:
        """What was read and said so far, and behind it these messages and what comes before the next answer.

        An answer that was cut off gets the token that ends it. The result always begins with ``held``.
        """
        told = tuple((message["role"], message["content"]) for message in self._plain(messages))
        behind = self._behind_answer(told)
        ended = len(held) and behind[0] == held[-1] and behind[0] in self.eos
        return np.concatenate([held, behind[1:] if ended else behind])

    def answer(self, text: str) -> Tokens:
        """The tokens of an answer with the one that ends it; marks of the chat that it quotes are text in it.

        Raises:
            UsageError: neither the template nor the tokenizer has a token that ends an answer.
        """
        behind = int(self._behind_answer(())[0])
        ends = [behind] if behind in self.eos else sorted(self.eos)
        if not ends:
            raise UsageError(
                f"The tokenizer {self.tokenizer.name_or_path!r} has no token that ends an answer, so a policy would"
                " learn to go on for ever; set tokenizer.eos_token."
            )
        return _array([*self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True), ends[0]])

    def text(self, tokens: Tokens) -> str:
        """The text of an answer, without special tokens."""
        ids = np.asarray(tokens).tolist()
        return str(self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _ends(self) -> set[int]:
        first = int(self._behind_answer((("user", "?"),))[0])
        own = self.tokenizer.eos_token_id
        return {first if first in self.tokenizer.added_tokens_decoder else own, own} - {None}

    def _tokens_behind_answer(self, told: Told) -> Tokens:
        """What a template puts behind an answer: the end of its turn, messages, and what comes before the next."""
        talk = [_said(Role.USER.value, "?"), _said(Role.ASSISTANT.value, _MARK), *(_said(*each) for each in told)]
        _, mark, behind = self._rendered(talk).partition(_MARK)
        if not mark or not behind:
            raise UsageError("The chat template leaves answers out, so a conversation cannot go on.")
        return _array(self._ids(behind))

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        return str(self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))

    def _plain(self, messages: Sequence[Message]) -> list[dict[str, str]]:
        return [_said(message.role.value, self._quoted(message.text)) for message in messages]

    def _quoted(self, text: str) -> str:
        """The text with every mark of the chat broken, so that a page cannot end its turn and speak as another."""
        for mark in self._marks:
            text = text.replace(mark, f"{mark[:1]}{_BREAK}{mark[1:]}")
        return text

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False))


def _said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _array(ids: Sequence[int]) -> Tokens:
    return np.array(ids, dtype=np.int64)
