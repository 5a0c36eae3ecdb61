"""A conversation to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from webgen_gym.errors import UsageError
from webgen_gym.llm.base import Message, Role


class Exchange(NamedTuple):
    """What was told, and the answer to it."""

    told: tuple[Message, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A conversation whose assistant is to be imitated; ``source`` says where it was read.

    It ends with an answer, every answer follows something that was told, and it is text alone.

    Raises:
        UsageError: the messages are none of that; the sentence begins with ``source``.
    """

    messages: tuple[Message, ...]
    source: str

    def __post_init__(self) -> None:
        wrong = _complaint(self.messages)
        if wrong:
            raise UsageError(f"{self.source}: {wrong}.")

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The conversation, cut after each answer."""
        cut: list[Exchange] = []
        told: list[Message] = []
        for message in self.messages:
            if message.role is Role.ASSISTANT:
                cut.append(Exchange(tuple(told), message.text))
                told = []
            else:
                told.append(message)
        return tuple(cut)


def _complaint(messages: tuple[Message, ...]) -> str:
    """What is wrong with the messages of a demonstration; empty where nothing is."""
    pictures = [number for number, message in enumerate(messages, start=1) if message.images]
    if pictures:
        return f"message {pictures[0]} holds a picture; a demonstration is text alone"
    roles = [message.role for message in messages]
    if Role.ASSISTANT not in roles:
        return "the conversation has no message of the assistant, so there is nothing to learn from it"
    return _disorder(roles)


def _disorder(roles: list[Role]) -> str:
    if roles[0] is Role.ASSISTANT:
        return "the conversation begins with an answer; it must begin with what was asked"
    if roles[-1] is not Role.ASSISTANT:
        return "the conversation goes on after the last answer; nobody answered its end"
    if Role.SYSTEM in roles[1:]:
        return f"message {roles.index(Role.SYSTEM, 1) + 1} is the system's; only the first one may be"
    twice = [number for number, pair in enumerate(pairwise(roles), start=1) if pair == (Role.ASSISTANT,) * 2]
    if twice:
        return f"messages {twice[0]} and {twice[0] + 1} are both the assistant's; something must be told in between"
    return ""
