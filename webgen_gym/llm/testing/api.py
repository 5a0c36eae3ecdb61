"""The bodies that the API answers with. Ids and times are constant, so that two runs are the same bytes."""

from __future__ import annotations

import json
from typing import Any

from webgen_gym.llm.testing.seen import SeenRequest

Json = dict[str, Any]

_CHARS_PER_TOKEN = 4
_PIECE = 16


def completion(request: SeenRequest, text: str, *, finish_reason: str = "stop", **message: object) -> Json:
    """A whole answer; ``message`` changes fields of its message."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": request.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None} | message,
                "finish_reason": finish_reason,
            }
        ],
        "usage": usage(request, text),
    }


def event_stream(request: SeenRequest, text: str) -> str:
    """The same answer in pieces, as server-sent events."""
    pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
    choices: list[list[Json]] = [[_delta({"role": "assistant", "content": ""})]]
    choices += [[_delta({"content": piece})] for piece in pieces]
    choices.append([_delta({}) | {"finish_reason": "stop"}])
    chunks = [_chunk(request) | {"choices": choice} for choice in choices]
    if (request.body.get("stream_options") or {}).get("include_usage"):
        chunks.append(_chunk(request) | {"choices": [], "usage": usage(request, text)})
    return "".join(f"data: {line}\n\n" for line in [*map(json.dumps, chunks), "[DONE]"])


def usage(request: SeenRequest, text: str) -> Json:
    """Tokens counted as a quarter of the letters, pictures free."""
    prompt = sum(map(len, request.texts)) // _CHARS_PER_TOKEN + 1
    written = len(text) // _CHARS_PER_TOKEN + 1
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def error(message: str, code: str = "") -> Json:
    """The body of an error."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code or None}}


def models(*names: str) -> Json:
    """The list of models."""
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in names],
    }


def _chunk(request: SeenRequest) -> Json:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": request.model}


def _delta(delta: Json) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": None}
