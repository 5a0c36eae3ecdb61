"""POSTs to one server of completions, with retries and a deadline. Imports ``openai``, through ``Endpoint``."""

from __future__ import annotations

import asyncio
from typing import Any

from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.clock import Clock
from webgen_gym.llm.endpoint import Endpoint
from webgen_gym.llm.problem import Next, Problem
from webgen_gym.llm.retry import wait_before
from webgen_gym.llm.settings import Settings


class Connection:
    """A pool of connections, ``limits.concurrency`` in use at once. Belongs to the event loop of its first use."""

    def __init__(self, settings: Settings, limits: ModelLimits, clock: Clock) -> None:
        self._settings = settings
        self._limits = limits
        self._clock = clock
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._endpoint = Endpoint(settings, limits)

    async def post(self, path: str, body: dict[str, Any]) -> str:
        """The body of an answer with status 2xx, tried as often as the limits allow.

        The deadline runs from the moment a slot is free.

        Raises:
            ModelFailed: there was none.
            ModelRefused: the server turns every such call away.
        """
        async with self._slots:
            try:
                async with asyncio.timeout(self._limits.call_s):
                    return await self._tried(path, body)
            except TimeoutError:
                raise ModelFailed(
                    f"The server at {self._settings.place} gave no whole answer within {self._limits.call_s:g} s"
                    " (ModelLimits.call_s).",
                    ModelFailure.TIMEOUT,
                ) from None

    async def close(self) -> None:
        """Close the connections. Safe to call twice."""
        await self._endpoint.close()

    async def _tried(self, path: str, body: dict[str, Any]) -> str:
        failed = 0
        while isinstance(outcome := await self._endpoint.post(body, path), Problem):
            failed += 1
            if outcome.then is Next.STOP:
                raise ModelRefused(f"{outcome.sentence}.")
            if outcome.then is not Next.RETRY or failed >= self._limits.tries:
                tries = "1 request was sent" if failed == 1 else f"{failed} requests were sent"
                raise ModelFailed(f"{outcome.sentence}; {tries}.", outcome.failure)
            await self._clock.sleep(wait_before(failed, outcome.retry_after, self._limits, self._clock))
        return outcome
