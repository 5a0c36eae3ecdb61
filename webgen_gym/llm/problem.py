"""What went wrong with one try, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from webgen_gym.errors import ModelFailure


class Next(StrEnum):
    """What to do after a problem."""

    RETRY = "retry"
    GIVE_UP = "give up this call"
    STOP = "stop the run"


@dataclass(frozen=True, slots=True)
class Problem:
    """One try that came to nothing. ``sentence`` is without its full stop, so that the number of tries can follow.

    ``said`` is the server's own text with the key removed. ``billed`` says that the server may have
    worked for it, so tokens are charged by estimate.
    """

    failure: ModelFailure
    sentence: str
    then: Next = Next.GIVE_UP
    status: int = 0
    said: str = ""
    retry_after: str | None = None
    billed: bool = False


_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_CONTEXT_MARKS = ("context_length_exceeded", "context length", "context window", "maximum context")

_STOPS = {
    401: "check the key (api_key, OPENAI_API_KEY)",
    402: "the account has no credit",
    403: "the key may not use this model; check api_key (OPENAI_API_KEY) and model (WEBGEN_MODEL)",
    404: "check the model's name (model, WEBGEN_MODEL) and that the address ends in /v1 where the server wants it"
    " (base_url, OPENAI_BASE_URL)",
}


def of_status(status: int, said: str, retry_after: str | None, quoted_chars: int) -> Problem:
    """The problem that an HTTP status other than 2xx is."""
    then, failure, advice = _meaning(status, said)
    quote = _message_of(said)[:quoted_chars]
    parts = [f"The model server answered {status}", f' "{quote}"' if quote else "", f"; {advice}" if advice else ""]
    return Problem(failure, "".join(parts), then, status, said, retry_after)


def _meaning(status: int, said: str) -> tuple[Next, ModelFailure, str]:
    if status == 429 and _QUOTA_CODES & _codes_of(said):
        return Next.STOP, ModelFailure.RATE_LIMITED, "the account's quota is used up"
    if status == 429:
        return Next.RETRY, ModelFailure.RATE_LIMITED, ""
    if status in (408, 409) or status >= 500:
        return Next.RETRY, ModelFailure.SERVER, ""
    if 300 <= status < 400:
        return Next.STOP, ModelFailure.BAD_REQUEST, "set base_url (OPENAI_BASE_URL) to where it leads"
    if status in _STOPS:
        return Next.STOP, ModelFailure.BAD_REQUEST, _STOPS[status]
    if any(mark in said.lower() for mark in _CONTEXT_MARKS):
        return Next.GIVE_UP, ModelFailure.CONTEXT, ""
    return Next.GIVE_UP, ModelFailure.BAD_REQUEST, ""


def of_error_body(said: str, quoted_chars: int) -> Problem | None:
    """The problem in a body of status 200 that holds an error instead, as relaying servers send; None without one."""
    error = _error_in(said)
    if "message" not in error:
        return None
    code = str(error.get("code"))
    if code in ("408", "409", "429") or (code.isascii() and code.isdigit() and 500 <= int(code[:4]) < 600):
        return of_status(int(code), said, None, quoted_chars)
    quote = _message_of(said)[:quoted_chars]
    return Problem(ModelFailure.MALFORMED, f'The model server answered 200 with an error in it, "{quote}"', said=said)


def _error_in(said: str) -> dict[str, object]:
    try:
        body = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    error = body.get("error", body) if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _codes_of(said: str) -> set[str]:
    error = _error_in(said)
    return {str(error.get("code")), str(error.get("type"))}


def _message_of(said: str) -> str:
    message = _error_in(said).get("message")
    return " ".join((message if isinstance(message, str) else said).split())
