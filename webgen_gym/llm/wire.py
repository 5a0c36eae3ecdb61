"""The chat completions API: a Request → the JSON that is sent, the JSON that comes back → an Answer. Pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from webgen_gym.errors import ModelFailure
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.base import ImagePart, Message, Part, Request
from webgen_gym.llm.problem import Problem, of_error_body
from webgen_gym.llm.structured import with_shape_told

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Manners:
    """How one server wants to be spoken to; learnt from what it refuses.

    ``schemas``: it takes a JSON schema as ``response_format``. ``tokens_field``: OpenAI's reasoning models
    refuse ``max_tokens`` and most other servers know nothing else.
    """

    schemas: bool = True
    tokens_field: str = "max_tokens"

    def taught_by(self, problem: Problem) -> Manners:
        """What to do differently after this; equal to self where it teaches nothing."""
        if problem.status not in (400, 422):
            return self
        if self.schemas and ("response_format" in problem.said or "json_schema" in problem.said):
            return replace(self, schemas=False)
        if self.tokens_field == "max_tokens" and "max_completion_tokens" in problem.said:
            return replace(self, tokens_field="max_completion_tokens")
        return self


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Tokens are None where it did not tell them."""

    text: str
    finish_reason: str
    model: str
    refusal: str = ""
    calls_tools: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


def body_of(request: Request, model: str, manners: Manners) -> Json:
    """The body to post. Where the server takes no schema, the shape is told in words at the end of the conversation."""
    if request.schema is not None and not manners.schemas:
        request = with_shape_told(request, request.schema)
    body: Json = {"model": model, "messages": [_message(message) for message in request.messages]}
    optional = {
        "temperature": request.temperature,
        manners.tokens_field: request.max_tokens,
        "seed": request.seed,
        "stop": list(request.stop) or None,
    }
    body |= {name: value for name, value in optional.items() if value is not None}
    if request.schema is not None and manners.schemas:
        schema = {"name": request.schema.name, "schema": request.schema.document(), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def read_answer(raw: str, limits: ModelLimits) -> Answer | Problem:
    """The first choice of a response. Never raises."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return _malformed(f"a body that is not JSON; it begins with {raw[:60]!r}")
    choices = body.get("choices") if isinstance(body, dict) else None
    if not isinstance(choices, list):
        return of_error_body(raw, limits.quoted_chars) or _malformed("JSON without choices")
    if not choices:
        return Problem(ModelFailure.EMPTY, "The model server answered with no choices", billed=True)
    message = choices[0].get("message") if isinstance(choices[0], dict) else None
    if not isinstance(message, dict):
        return _malformed("a choice without a message")
    return Answer(
        text=_text_of(message.get("content")),
        finish_reason=_string(choices[0].get("finish_reason")),
        model=_string(body.get("model")),
        refusal=_string(message.get("refusal")),
        calls_tools=bool(message.get("tool_calls")),
        prompt_tokens=_count(body, "prompt_tokens"),
        completion_tokens=_count(body, "completion_tokens"),
    )


def why_unusable(answer: Answer, limits: ModelLimits) -> Problem | None:
    """What keeps an answer from being a whole one; None where nothing does."""
    if answer.refusal:
        quote = answer.refusal[: limits.quoted_chars]
        return Problem(ModelFailure.REFUSED, f"The model refused to answer: {quote}")
    if answer.finish_reason == "content_filter":
        return Problem(ModelFailure.FILTERED, "The model server's content filter withheld the answer")
    if answer.finish_reason == "length":
        return Problem(ModelFailure.TRUNCATED, "The answer was cut off by the limit on its tokens (Request.max_tokens)")
    if answer.calls_tools and not answer.text.strip():
        return Problem(ModelFailure.MALFORMED, "The model called a tool instead of answering, though it was given none")
    if not answer.text.strip():
        return Problem(ModelFailure.EMPTY, "The model's answer was empty")
    return None


def estimated_tokens(request: Request, limits: ModelLimits) -> int:
    """About how many tokens a prompt has."""
    letters = sum(len(message.text) for message in request.messages)
    pictures = sum(len(message.images) for message in request.messages)
    return letters // limits.chars_per_token + 1 + pictures * limits.image_tokens


def _message(message: Message) -> Json:
    if not message.images:
        return {"role": message.role.value, "content": _encodable(message.text)}
    return {"role": message.role.value, "content": [_part(part) for part in message.parts]}


def _part(part: Part) -> Json:
    if isinstance(part, ImagePart):
        data = base64.b64encode(part.data).decode("ascii")
        return {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{data}"}}
    return {"type": "text", "text": _encodable(part.text)}


def _encodable(text: str) -> str:
    """A page's script can put half of a surrogate pair into its text, which no UTF-8 body can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text_of(content: object) -> str:
    if isinstance(content, list):
        return "".join(_string(part.get("text")) for part in content if isinstance(part, dict))
    return _string(content)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(body: Json, name: str) -> int | None:
    usage = body.get("usage")
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and value >= 0 else None


def _malformed(what: str) -> Problem:
    return Problem(ModelFailure.MALFORMED, f"The model server answered with {what}", billed=True)
