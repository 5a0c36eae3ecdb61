"""POSTs to one server of completions, with retries and a deadline. The only module here that imports ``httpx2``."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.clock import Clock
from webgen_gym.llm.problem import Next, Problem, of_status
from webgen_gym.llm.retry import wait_before
from webgen_gym.llm.settings import Settings


class Connection:
    """A pool of connections, ``limits.concurrency`` in use at once. Belongs to the event loop of its first use."""

    def __init__(self, settings: Settings, limits: ModelLimits, clock: Clock) -> None:
        self._settings = settings
        self._limits = limits
        self._clock = clock
        self._slots = asyncio.Semaphore(limits.concurrency)
        # The deadline of a whole call is ours: a timeout here would start anew with every byte.
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(None, connect=limits.connect_s),
            limits=httpx2.Limits(max_connections=limits.concurrency),
            headers={"Authorization": f"Bearer {settings.api_key or 'none'}", "Accept-Encoding": "identity"},
            follow_redirects=False,
        )

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
        await self._client.aclose()

    async def _tried(self, path: str, body: dict[str, Any]) -> str:
        failed = 0
        while isinstance(outcome := await self._try(path, body), Problem):
            failed += 1
            if outcome.then is Next.STOP:
                raise ModelRefused(f"{outcome.sentence}.")
            if outcome.then is not Next.RETRY or failed >= self._limits.tries:
                tries = "1 request was sent" if failed == 1 else f"{failed} requests were sent"
                raise ModelFailed(f"{outcome.sentence}; {tries}.", outcome.failure)
            await self._clock.sleep(wait_before(failed, outcome.retry_after, self._limits, self._clock))
        return outcome

    async def _try(self, path: str, body: dict[str, Any]) -> str | Problem:
        try:
            async with self._client.stream("POST", f"{self._settings.base_url.rstrip('/')}{path}", json=body) as answer:
                return self._outcome(answer, await self._bounded(answer))
        except httpx2.HTTPError as error:
            said = f"{type(error).__name__} {self._settings.clean(str(error))}".rstrip()
            return Problem(
                ModelFailure.TRANSPORT, f"The server at {self._settings.place} could not be asked: {said}", Next.RETRY
            )

    def _outcome(self, answer: httpx2.Response, content: bytes | None) -> str | Problem:
        if content is None:
            most = self._limits.response_bytes
            sentence = f"The server's answer is longer than {most} bytes (ModelLimits.response_bytes)"
            return Problem(ModelFailure.TOO_LARGE, sentence)
        said = self._settings.clean(content.decode("utf-8", "replace"))
        if answer.is_success:
            return said
        return of_status(answer.status_code, said, answer.headers.get("retry-after"), self._limits.quoted_chars)

    async def _bounded(self, answer: httpx2.Response) -> bytes | None:
        """The body; None where it is too long. It is read as it comes, so that no small one grows large."""
        content = bytearray()
        async for chunk in answer.aiter_raw():
            content += chunk
            if len(content) > self._limits.response_bytes:
                return None
        return bytes(content)
