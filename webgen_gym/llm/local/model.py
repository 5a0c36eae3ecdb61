"""``LocalModel``: questions to a model in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from webgen_gym.errors import MissingTool, ModelFailed, ModelFailure, UsageError, WebGenError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.base import Completion, Request
from webgen_gym.llm.budget import Budget, Tally
from webgen_gym.llm.local.batching import Batcher
from webgen_gym.llm.structured import answer, with_shape_told
from webgen_gym.llm.wire import Answer, why_unusable

if TYPE_CHECKING:
    from webgen_gym.llm.local.engine import Engine, Said

ANSWER_TOKENS = 1024
_PACKAGES = ("torch", "transformers")


class LocalModel:
    """A vision-language or text model that transformers loads from a folder or from the hub.

    It answers up to ``batch`` requests together: those that come within ``window_s`` of the first and are alike in
    temperature, length, stops and in having pictures. A seeded draw is answered alone, for its neighbours would change
    it. Without a temperature the likeliest token is taken each time. The weights are loaded with the first question, in
    the thread that does all of torch's work; any number of event loops may ask.

    Args:
        path: a folder, or a name on the hub.
        id: the name that records keep; by default that of the folder or on the hub. Two checkpoints need two names,
            or a cache of verdicts takes one for the other.
        device: ``cuda``, ``cpu``, ``mps``; by default a GPU where there is one.
        dtype: as transformers takes it, ``auto`` for that of the weights.
        batch: requests answered together at most.
        window_s: how long the first request waits for others.
        limits: ``call_s`` bounds the generation of one batch; loading and waiting for a turn are not counted.
        budget: what it may spend, shared with other models.

    Raises:
        MissingTool: torch or transformers is not installed.
        UsageError: ``batch`` is below 1; with the first question: there is no such model, or it has no chat template.
    """

    def __init__(  # noqa: PLR0913 - each is a keyword
        self,
        path: str | Path,
        *,
        id: str | None = None,
        device: str | None = None,
        dtype: str = "auto",
        batch: int = 8,
        window_s: float = 0.02,
        limits: ModelLimits = ModelLimits(),  # noqa: B008
        budget: Budget | None = None,
    ) -> None:
        if missing := [name for name in _PACKAGES if find_spec(name) is None]:
            raise MissingTool(
                f"Python package {missing[0]!r} is not installed; install it with: pip install 'webgen-gym[local]'"
            )
        if batch < 1:
            raise UsageError(f"LocalModel.batch is {batch}; it must be 1 or more.")
        self._path = str(path)
        self._id = id or (Path(path).resolve().name if Path(path).is_dir() else str(path))
        self._device = device
        self._dtype = dtype
        self._limits = limits
        self._budget = budget
        self._engine: Engine | None = None
        self._batcher: Batcher[Request, Said] = Batcher(self._work, alike=_alike, most=batch, window_s=window_s)

    @property
    def id(self) -> str:
        """The name that records keep."""
        return self._id

    async def complete(self, request: Request) -> Completion:
        """Answer. See ``Model.complete``; a shape is told in words and read strictly, with one re-ask."""
        return await answer(partial(self._ask, Tally(self._budget)), request, self._limits)

    async def close(self) -> None:
        """Answer what was asked, then end the thread and let go of the weights. Safe to call twice."""
        await asyncio.to_thread(self._batcher.close)
        self._engine = None

    async def __aenter__(self) -> LocalModel:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ask(self, tally: Tally, request: Request) -> Completion:
        tally.open_call()
        told = with_shape_told(request, request.schema) if request.schema is not None else request
        try:
            said = await asyncio.wrap_future(self._batcher.submit(told))
        except ModelFailed as failure:
            raise tally.failure(failure.reason, failure.message) from failure
        tally.charge(said.prompt_tokens, said.completion_tokens)
        if said.finish_reason == "time":
            raise tally.failure(
                ModelFailure.TIMEOUT,
                f"The model gave no whole answer within {self._limits.call_s:g} s (ModelLimits.call_s).",
            )
        if request.whole or request.schema is not None:
            unusable = why_unusable(Answer(said.text, said.finish_reason, self._id), self._limits)
            if unusable is not None:
                raise tally.failure(unusable.failure, f"{unusable.sentence}.")
        return Completion(said.text, tally.usage, said.finish_reason, self._id)

    def _work(self, requests: Sequence[Request]) -> Sequence[Said | Exception]:
        """Answer one batch, in the batcher's thread."""
        engine = self._loaded()
        if not engine.sees and _has_pictures(requests[0]):
            blind = ModelFailed(f"The model {self._id} takes no pictures.", ModelFailure.BAD_REQUEST)
            return [blind] * len(requests)
        try:
            return engine.answer(requests, requests[0].max_tokens or ANSWER_TOKENS, self._limits.call_s)
        except WebGenError:
            raise
        except Exception as error:  # the boundary of a model call
            raise ModelFailed(
                f"The model {self._id} failed with {type(error).__name__}: {error}", ModelFailure.SERVER
            ) from error

    def _loaded(self) -> Engine:
        if self._engine is None:
            import torch

            from webgen_gym.llm.local.engine import Engine

            device = self._device or ("cuda" if torch.cuda.is_available() else "cpu")
            self._engine = Engine(self._path, device, self._dtype)
        return self._engine


def _alike(request: Request) -> Hashable:
    """What requests must share to be answered together."""
    alone = id(request) if request.temperature and request.seed is not None else None
    return (request.temperature, request.max_tokens, request.stop, _has_pictures(request), alone)


def _has_pictures(request: Request) -> bool:
    return any(message.images for message in request.messages)
