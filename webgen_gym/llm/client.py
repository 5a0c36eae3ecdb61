"""A model behind an OpenAI-compatible server: how one question becomes tries, waits and an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from webgen_gym.errors import MissingTool, ModelFailure, ModelRefused, UsageError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.base import Completion, Request
from webgen_gym.llm.budget import Budget, Price, Tally
from webgen_gym.llm.clock import Clock, SystemClock
from webgen_gym.llm.problem import Next, Problem
from webgen_gym.llm.retry import wait_before
from webgen_gym.llm.settings import Settings, settings
from webgen_gym.llm.structured import answer
from webgen_gym.llm.wire import Answer, Manners, body_of, estimated_tokens, read_answer, why_unusable

if TYPE_CHECKING:
    from webgen_gym.llm.endpoint import Endpoint


class OpenAIModel:
    """One model on one server, for any number of callers at once; ``limits.concurrency`` of them are served.

    ``model``, ``base_url`` and ``api_key`` go before WEBGEN_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY. A budget with a
    limit on cost needs a price. Belongs to the event loop on which it is first used; close it there, or use
    ``async with``. Raises UsageError for missing settings, MissingTool without the ``llm`` extra.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        limits: ModelLimits = ModelLimits(),  # noqa: B008
        budget: Budget | None = None,
        price: Price | None = None,
        clock: Clock | None = None,
    ) -> None:
        if budget is not None and budget.cost is not None and price is None:
            raise UsageError(
                "A budget with a limit on cost needs the price of a million tokens: price=Price(prompt, completion)."
            )
        self._settings = settings(model, base_url, api_key)
        self._limits = limits
        self._budget = budget
        self._price = price
        self._clock = clock or SystemClock()
        self._endpoint = _endpoint(self._settings, limits)
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._manners = Manners()
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def id(self) -> str:
        """The model's name, as it was asked for."""
        return self._settings.model

    def __repr__(self) -> str:
        return f"OpenAIModel({self._settings.model!r}, base_url={self._settings.place!r})"

    async def complete(self, request: Request) -> Completion:
        """Answer. See ``Model.complete``; the deadline runs from the moment a slot is free."""
        self._check_usable()
        async with self._slots:
            tally = Tally(self._budget, self._price)
            ends = self._clock.now() + self._limits.call_s
            try:
                async with asyncio.timeout(self._limits.call_s):
                    return await answer(partial(self._ask, tally, ends), request, self._limits)
            except TimeoutError:
                raise tally.failure(
                    ModelFailure.TIMEOUT,
                    f"The model gave no whole answer within {self._limits.call_s:g} s (ModelLimits.call_s)"
                    f"; {_calls(tally)}.",
                ) from None

    async def close(self) -> None:
        """Close the connections. Safe to call twice."""
        self._closed = True
        await self._endpoint.close()

    async def __aenter__(self) -> OpenAIModel:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _check_usable(self) -> None:
        if self._closed:
            raise UsageError(f"{self!r} is closed; make a new one.")
        loop = asyncio.get_running_loop()
        if self._loop not in (None, loop):
            raise UsageError(f"{self!r} belongs to the event loop on which it was first used; make one for each loop.")
        self._loop = loop

    async def _ask(self, tally: Tally, ends: float, request: Request) -> Completion:
        """One question, tried as often as the limits allow."""
        failed = 0
        while isinstance(outcome := await self._learning_try(tally, request), Problem):
            failed += 1
            if outcome.then is not Next.RETRY or failed >= self._limits.tries:
                _give_up(outcome, tally)
            wait = wait_before(failed, outcome.retry_after, self._limits, self._clock)
            if self._clock.now() + wait >= ends:
                _give_up(_no_time(outcome, wait, self._limits), tally)
            await self._clock.sleep(wait)
        return Completion(outcome.text or outcome.refusal, tally.usage, outcome.finish_reason, outcome.model)

    async def _learning_try(self, tally: Tally, request: Request) -> Answer | Problem:
        """One try; a refusal that teaches how the server wants to be spoken to is followed by another at once."""
        manners = self._manners
        outcome = await self._try(tally, request, manners)
        while isinstance(outcome, Problem) and (taught := manners.taught_by(outcome)) != manners:
            self._manners = manners = taught
            outcome = await self._try(tally, request, manners)
        return outcome

    async def _try(self, tally: Tally, request: Request, manners: Manners) -> Answer | Problem:
        """Send one request and count what it cost, also when it is cut short."""
        tally.open_call()
        estimate = estimated_tokens(request, self._limits)
        try:
            posted = await self._endpoint.post(body_of(request, self._settings.model, manners))
        except asyncio.CancelledError:
            tally.charge(estimate, 0, estimated=True)
            raise
        read = read_answer(posted, self._limits) if isinstance(posted, str) else posted
        if isinstance(read, Problem):
            if read.billed:
                tally.charge(estimate, 0, estimated=True)
            return read
        self._charge(tally, read, estimate)
        unusable = why_unusable(read, self._limits) if request.whole or request.schema else None
        return unusable or read

    def _charge(self, tally: Tally, answer: Answer, estimate: int) -> None:
        prompt, completion = answer.prompt_tokens, answer.completion_tokens
        written = len(answer.text) // self._limits.chars_per_token + 1
        tally.charge(
            estimate if prompt is None else prompt,
            written if completion is None else completion,
            estimated=prompt is None or completion is None,
        )


def _give_up(problem: Problem, tally: Tally) -> NoReturn:
    sentence = f"{problem.sentence}; {_calls(tally)}."
    if problem.then is Next.STOP:
        raise ModelRefused(sentence)
    raise tally.failure(problem.failure, sentence)


def _no_time(problem: Problem, wait: float, limits: ModelLimits) -> Problem:
    return replace(
        problem,
        sentence=f"{problem.sentence}; the next try would have to wait {wait:g} s, beyond the deadline of"
        f" {limits.call_s:g} s (ModelLimits.call_s)",
    )


def _calls(tally: Tally) -> str:
    return "1 request was sent" if tally.usage.calls == 1 else f"{tally.usage.calls} requests were sent"


def _endpoint(found: Settings, limits: ModelLimits) -> Endpoint:
    try:
        from webgen_gym.llm.endpoint import Endpoint
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"Python package {error.name!r} is not installed; install it with: pip install 'webgen-gym[llm]'"
        ) from error
    return Endpoint(found, limits)
