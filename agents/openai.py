"""A chat model plays, over any server that speaks the OpenAI API.

With ``judge="paper"``, ``gui="agent"`` and the ``Backtracking`` wrapper this is the workflow of WebGen-Agent
(arXiv 2509.22644): the history is append-only, the model reads feedback in words, and going back to an earlier
version takes the history back too.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from webgen_gym.agents.conversation import Conversation
from webgen_gym.agents.prompts import system_prompt
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.llm import Completion, Model, OpenAIModel, Request
from webgen_gym.types import Dialect, Observation, Task

Run = Callable[[Coroutine[Any, Any, Completion]], Completion]
_SEEDS_OF_A_TASK = 1000


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are drawn; what is None is left to the server. The paper's coder uses a temperature of 0.5."""

    temperature: float | None = 0.5
    max_tokens: int | None = None


class OpenAIAgent:
    """An ``Agent`` that asks a model for each reply.

    Args:
        model: who is asked; by default an ``OpenAIModel`` from the environment (``WEBGEN_MODEL``, ``OPENAI_BASE_URL``,
            ``OPENAI_API_KEY``).
        dialect: how the model is told to reply: ``bolt``, ``search_replace``, ``unified_diff`` or ``tool_calls``.
        sees: whether it is shown screenshots; the paper's coder reads words alone.
        static: whether the environment shows plain websites only (``WebGenStatic-v0``).
        sampling: temperature and the longest reply.
        run: runs a coroutine to its end; by default on the loop that the environments share.

    ``act`` raises ModelFailed where the model gives no answer, which makes the rollout void, and ModelRefused where it
    never will.
    """

    def __init__(
        self,
        model: Model | None = None,
        *,
        dialect: Dialect | str = Dialect.BOLT,
        sees: bool = False,
        static: bool = False,
        sampling: Sampling | None = None,
        run: Run | None = None,
    ) -> None:
        self._model = model or OpenAIModel()
        self._system = system_prompt(dialect, static=static)
        self._sees = sees
        self._sampling = sampling or Sampling()
        self._run: Run = run or (lambda work: shared_runtime().run(work))
        self._talk = Conversation(self._system)
        self._seed = 0
        kind = "static" if static else "any"
        self.id = f"openai/{self._model.id}/{Dialect(dialect).value}/{kind}{'/sees' if sees else ''}"

    def start(self, task: Task, seed: int) -> None:
        """Begin a new conversation."""
        self._talk = Conversation(self._system, sees=self._sees)
        self._seed = seed

    def act(self, observation: Observation) -> str:
        """The model's next reply, as it wrote it."""
        self._talk.tell(observation)
        request = Request(
            self._talk.messages,
            temperature=self._sampling.temperature,
            max_tokens=self._sampling.max_tokens,
            # Another seed for each turn: a state that is gone back to would be answered alike for ever.
            seed=self._seed * _SEEDS_OF_A_TASK + observation.turn,
            whole=False,
        )
        reply = self._run(self._model.complete(request)).text
        self._talk.say(reply)
        return reply

    def go_back(self, observation: Observation) -> None:
        """The site was set back to a state seen before; so is the conversation."""
        self._talk.go_back(observation)
