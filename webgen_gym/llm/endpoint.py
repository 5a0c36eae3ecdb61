"""One POST to a model server. The only module that imports ``openai``; its client imports it when it is made.

The package's own retries and redirects are off: retries must be counted and paid for by us, and a redirect
would carry the prompt to a host that nobody named. Bodies are bounded before they are decoded, whatever
the status: none is compressed on our asking, and one that is all the same is refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai

from webgen_gym.errors import ModelFailure
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.problem import Next, Problem, of_status
from webgen_gym.llm.settings import Settings


class Endpoint:
    """A pool of connections to one server. Belongs to the event loop on which it is first used."""

    def __init__(self, settings: Settings, limits: ModelLimits) -> None:
        self._settings = settings
        self._limits = limits
        # The deadline of a whole call is the caller's: a timeout here would start anew with every byte.
        timeout = httpx2.Timeout(None, connect=limits.connect_s)
        self._openai = openai.AsyncOpenAI(
            api_key=settings.api_key or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=timeout,
            default_headers={"Accept-Encoding": "identity"},
            http_client=_BoundedClient(limits.response_bytes, timeout=timeout, follow_redirects=False),
        )

    async def post(self, body: dict[str, Any], path: str = "/chat/completions") -> str | Problem:
        """Send one request; the body of a 2xx answer, or what went wrong. Raises nothing."""
        try:
            response = await self._openai.post(path, cast_to=httpx2.Response, body=body)
        except openai.APIStatusError as error:
            return self._status_problem(error.response)
        except _BodyRefused as error:
            return Problem(error.failure, str(error), billed=True)
        except openai.APIConnectionError as error:
            return self._transport_problem(error.__cause__ or error)
        except Exception as error:  # the boundary of a model call
            return Problem(
                ModelFailure.UNKNOWN, f"The call failed with {type(error).__name__}: {self._settings.clean(str(error))}"
            )
        return self._settings.clean(response.content.decode("utf-8", "replace"))

    async def close(self) -> None:
        """Close the connections. Safe to call twice."""
        await self._openai.close()

    def _status_problem(self, response: httpx2.Response) -> Problem:
        said = self._settings.clean(response.text)
        return of_status(response.status_code, said, response.headers.get("retry-after"), self._limits.quoted_chars)

    def _transport_problem(self, error: BaseException) -> Problem:
        never_arrived = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        what = "could not be reached" if never_arrived else "broke off the connection"
        sentence = (
            f"The model server at {self._settings.place} (base_url, OPENAI_BASE_URL) {what}:"
            f" {type(error).__name__} {self._settings.clean(str(error))}".rstrip()
        )
        return Problem(ModelFailure.TRANSPORT, sentence, Next.RETRY, billed=not never_arrived)


class _BodyRefused(Exception):
    """A body is not read on."""

    def __init__(self, failure: ModelFailure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


class _BoundedClient(httpx2.AsyncClient):
    """Reads no body beyond a limit, nor one whose size cannot be known before it is decoded."""

    def __init__(self, max_bytes: int, **options: Any) -> None:
        super().__init__(**options)
        self._max_bytes = max_bytes

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        response = await super().send(request, stream=True, **options)
        try:
            self._bound(response)
            if not stream:
                await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response

    def _bound(self, response: httpx2.Response) -> None:
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise _BodyRefused(
                ModelFailure.MALFORMED,
                f"The model server sent a body compressed with {encoding[:20]!r} that was not asked for",
            )
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream, self._max_bytes)


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, max_bytes: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in self._inner:
            seen += len(chunk)
            if seen > self._max_bytes:
                raise _BodyRefused(
                    ModelFailure.TOO_LARGE,
                    f"The model server's answer is longer than {self._max_bytes} bytes (ModelLimits.response_bytes)",
                )
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
