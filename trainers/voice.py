"""How the environment speaks to a policy, and how its words become a reply.

What is told is only ever added to, so that a rollout stays one row of tokens.
"""

from __future__ import annotations

from typing import Protocol

from webgen_gym.agents.conversation import beginning
from webgen_gym.agents.prompts import system_prompt
from webgen_gym.llm.base import Message
from webgen_gym.types import Dialect, Observation


class Voice(Protocol):
    """Both directions of the talk between environment and policy. Without state: one serves all rollouts."""

    def first(self, observation: Observation) -> list[Message]:
        """What is told at the start of a rollout, or where a restored snapshot begins one."""
        ...

    def next(self, observation: Observation) -> list[Message]:
        """What is told after a turn."""
        ...

    def reply(self, text: str, observation: Observation) -> str:
        """The reply that the environment is given for what the policy wrote upon this observation."""
        ...


class PlainVoice:
    """Instruction and feedback as they are, in the words of ``OpenAIAgent``; the policy writes replies in a dialect."""

    def __init__(self, dialect: Dialect | str = Dialect.BOLT, *, static: bool = False) -> None:
        self._system = Message.system(system_prompt(dialect, static=static))

    def first(self, observation: Observation) -> list[Message]:
        """The rules of the dialect, then the instruction; of a site that has files already, those too."""
        return [self._system, Message.user(beginning(observation))]

    def next(self, observation: Observation) -> list[Message]:
        """The feedback."""
        return [Message.user(observation.feedback)]

    def reply(self, text: str, observation: Observation) -> str:
        """The text itself."""
        return text
