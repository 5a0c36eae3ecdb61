"""A model that says what it is told: for tests, and for trying an agent or a judge without a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from webgen_gym.errors import UsageError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.base import Completion, Request
from webgen_gym.llm.budget import Tally
from webgen_gym.llm.structured import answer
from webgen_gym.llm.wire import estimated_tokens

Said = str | Exception
Replies = Sequence[Said] | Callable[[Request], str]


class ScriptedModel:
    """Plays texts in turn, the last one for ever, or asks a function. An exception is raised.

    ``requests`` are all that it was asked, re-asks included. A request with a schema is treated as by ``OpenAIModel``:
    parsed strictly, asked again once. Tokens are estimated from lengths, and cost nothing.
    """

    def __init__(self, replies: Replies, *, id: str = "scripted/1", limits: ModelLimits = ModelLimits()) -> None:  # noqa: B008
        if not callable(replies) and not replies:
            raise UsageError("A scripted model needs at least one reply.")
        self._replies = replies
        self._id = id
        self._limits = limits
        self.requests: list[Request] = []

    @property
    def id(self) -> str:
        """The name it was given."""
        return self._id

    async def complete(self, request: Request) -> Completion:
        """The next reply."""
        return await answer(partial(self._ask, Tally()), request, self._limits)

    async def _ask(self, tally: Tally, request: Request) -> Completion:
        said = self._next(request)
        self.requests.append(request)
        if isinstance(said, Exception):
            raise said
        tally.open_call()
        written = len(said) // self._limits.chars_per_token + 1
        tally.charge(estimated_tokens(request, self._limits), written, estimated=True)
        return Completion(said, tally.usage, "stop", self._id)

    def _next(self, request: Request) -> Said:
        if callable(self._replies):
            return self._replies(request)
        return self._replies[min(len(self.requests), len(self._replies) - 1)]
