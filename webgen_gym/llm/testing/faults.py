"""Every way in which the server can misbehave, as the HTTP reply that does it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from webgen_gym.llm.testing.api import Json, completion, error
from webgen_gym.llm.testing.seen import SeenRequest

_BOMB_BYTES = 16 * 1024 * 1024
_FLOOD_BYTES = 8 * 1024 * 1024


class Delivery(StrEnum):
    """How a reply travels."""

    WHOLE = "whole"
    RESET = "reset"
    TRICKLE = "trickle"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A raw reply. RESET breaks off in mid-body, TRICKLE sends one byte at a time for ever, HANG only the headers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery.WHOLE


class Fault(StrEnum):
    """One misbehaviour. The first 26 are those of a server that is up; the rest are traps of single servers."""

    RATE_LIMITED = "rate_limited"
    RATE_LIMITED_WITH_WAIT = "rate_limited_with_wait"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    REQUEST_TIMEOUT = "request_timeout"
    CONFLICT = "conflict"
    RESET = "reset"
    TRICKLE = "trickle"
    HANG = "hang"
    INVALID_JSON = "invalid_json"
    HTML_PAGE = "html_page"
    GZIP_BOMB = "gzip_bomb"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    BAD_REQUEST = "bad_request"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    CONTEXT_OVERFLOW = "context_overflow"
    QUOTA = "quota"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    LENGTH = "length"
    EMPTY_CHOICES = "empty_choices"
    TOOL_CALL = "tool_call"
    NO_VISION = "no_vision"

    NO_SUCH_MODEL = "no_such_model"
    NO_SCHEMA = "no_schema"
    NO_MAX_TOKENS = "no_max_tokens"
    NO_USAGE = "no_usage"
    EMPTY_TEXT = "empty_text"
    FLOOD = "flood"
    REDIRECT = "redirect"
    ERROR_WITH_200 = "error_with_200"


RETRY_AFTER_S = 7
"""What RATE_LIMITED_WITH_WAIT asks for."""


def reply_of(fault: Fault, request: SeenRequest) -> HttpReply:
    """The reply that does it. NO_SCHEMA and NO_MAX_TOKENS answer well a request that does without."""
    return _REPLIES[fault](request)


def said(body: Json | str, *, delivery: Delivery = Delivery.WHOLE) -> HttpReply:
    """A reply of status 200: JSON, or the text of an event stream."""
    if isinstance(body, str):
        return HttpReply(200, body.encode(), {"Content-Type": "text/event-stream"}, delivery)
    return HttpReply(200, json.dumps(body).encode(), {"Content-Type": "application/json"}, delivery)


Make = Callable[[SeenRequest], HttpReply]


def _status(status: int, message: str, code: str = "", headers: dict[str, str] | None = None) -> Make:
    body = json.dumps(error(message, code)).encode()
    return lambda request: HttpReply(status, body, {"Content-Type": "application/json"} | (headers or {}))


def _whole(finish_reason: str = "stop", **message: object) -> Make:
    return lambda request: said(completion(request, "An answer.", finish_reason=finish_reason, **message))


def _delivered(delivery: Delivery) -> Make:
    return lambda request: said(completion(request, "An answer."), delivery=delivery)


def _raw(body: bytes, content_type: str) -> Make:
    return lambda request: HttpReply(200, body, {"Content-Type": content_type})


def _bomb(request: SeenRequest) -> HttpReply:
    packer = zlib.compressobj(wbits=31)
    body = packer.compress(bytes(_BOMB_BYTES)) + packer.flush()
    return HttpReply(200, body, {"Content-Type": "application/json", "Content-Encoding": "gzip"})


def _without(field_name: str, refusal: str) -> Make:
    refuse = _status(400, refusal, "unsupported_parameter")
    accept = _whole()
    return lambda request: refuse(request) if field_name in request.body else accept(request)


_TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "grade", "arguments": '{"grade": 5}'}}

_REPLIES: dict[Fault, Make] = {
    Fault.RATE_LIMITED: _status(429, "Rate limit reached.", "rate_limit_exceeded"),
    Fault.RATE_LIMITED_WITH_WAIT: _status(
        429, "Rate limit reached.", "rate_limit_exceeded", {"Retry-After": str(RETRY_AFTER_S)}
    ),
    Fault.SERVER_ERROR: _status(500, "The server had an error."),
    Fault.BAD_GATEWAY: _status(502, "Bad gateway."),
    Fault.UNAVAILABLE: _status(503, "The engine is overloaded."),
    Fault.GATEWAY_TIMEOUT: _status(504, "Gateway timeout."),
    Fault.REQUEST_TIMEOUT: _status(408, "Request timeout."),
    Fault.CONFLICT: _status(409, "Conflict."),
    Fault.RESET: _delivered(Delivery.RESET),
    Fault.TRICKLE: _delivered(Delivery.TRICKLE),
    Fault.HANG: _delivered(Delivery.HANG),
    Fault.INVALID_JSON: _raw(b'{"choices": [{"message": {"content": "An ans', "application/json"),
    Fault.HTML_PAGE: _raw(b"<!doctype html><title>Sign in to the network</title>", "text/html"),
    Fault.GZIP_BOMB: _bomb,
    Fault.UNAUTHORIZED: lambda request: _status(401, f"Incorrect API key provided: {request.key}.", "invalid_api_key")(
        request
    ),
    Fault.FORBIDDEN: _status(403, "You are not allowed to sample from this model."),
    Fault.BAD_REQUEST: _status(400, "Invalid value for 'messages'.", "invalid_value"),
    Fault.PAYLOAD_TOO_LARGE: _status(413, "Request entity too large."),
    Fault.CONTEXT_OVERFLOW: _status(
        400, "This model's maximum context length is 8192 tokens.", "context_length_exceeded"
    ),
    Fault.QUOTA: _status(429, "You exceeded your current quota.", "insufficient_quota"),
    Fault.REFUSAL: _whole(content=None, refusal="I can't help with that."),
    Fault.CONTENT_FILTER: _whole(content="", finish_reason="content_filter"),
    Fault.LENGTH: _whole(content="An ans", finish_reason="length"),
    Fault.EMPTY_CHOICES: lambda request: said(completion(request, "") | {"choices": []}),
    Fault.TOOL_CALL: _whole(content=None, tool_calls=[_TOOL_CALL], finish_reason="tool_calls"),
    Fault.NO_VISION: _status(400, "This model does not support image input.", "invalid_request_error"),
    Fault.NO_SUCH_MODEL: _status(404, "The model does not exist.", "model_not_found"),
    Fault.NO_SCHEMA: _without("response_format", "'response_format' of type 'json_schema' is not supported."),
    Fault.NO_MAX_TOKENS: _without("max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead."),
    Fault.NO_USAGE: lambda request: said(completion(request, "An answer.") | {"usage": None}),
    Fault.EMPTY_TEXT: _whole(content=" \n"),
    Fault.FLOOD: lambda request: said(completion(request, "x" * _FLOOD_BYTES)),
    Fault.REDIRECT: lambda request: HttpReply(307, b"", {"Location": "/elsewhere/chat/completions"}),
    Fault.ERROR_WITH_200: lambda request: said(error("Upstream provider failed.", "502")),
}
