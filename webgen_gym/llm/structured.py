"""Answers of a given shape: read strictly, asked for once more where they are not, never guessed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from webgen_gym.errors import ModelFailed, ModelFailure
from webgen_gym.limits import ModelLimits
from webgen_gym.llm.base import Completion, Message, Request, Role, TextPart
from webgen_gym.llm.json_text import Unreadable, read_object
from webgen_gym.llm.schema import JsonSchema, Misfit

Ask = Callable[[Request], Awaitable[Completion]]
"""Puts one request to a model. The usage of what it returns covers all that was asked for this call so far."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An answer of the right shape."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Malformed:
    """An answer that is not; ``why`` is a clause that its writer can act on."""

    why: str


def parse(text: str, schema: JsonSchema, limits: ModelLimits) -> Parsed | Malformed:
    """Read an answer. Never raises."""
    found = read_object(text, limits.answer_chars)
    if isinstance(found, Unreadable):
        return Malformed(found.why)
    try:
        return Parsed(schema.shape.read(found, "the object"))
    except Misfit as misfit:
        return Malformed(str(misfit))
    except RecursionError:
        return Malformed("it is nested too deeply")


async def answer(ask: Ask, request: Request, limits: ModelLimits) -> Completion:
    """Ask; where a shape is wanted, check it and ask once more if it is not met.

    Raises ModelFailed with the reason ``malformed`` where the second answer does not have it either.
    """
    completion = await ask(request)
    if request.schema is None:
        return completion
    read = parse(completion.text, request.schema, limits)
    if isinstance(read, Malformed):
        completion = await ask(asked_again(request, completion.text, read, limits))
        read = parse(completion.text, request.schema, limits)
    if isinstance(read, Malformed):
        raise ModelFailed(
            f"The model's answer could not be used, nor could the one after it was told why: {read.why}; it said"
            f" {completion.text[: limits.quoted_chars]!r}.",
            ModelFailure.MALFORMED,
            completion.usage,
        )
    return replace(completion, parsed=read.value)


def asked_again(request: Request, text: str, malformed: Malformed, limits: ModelLimits) -> Request:
    """The same conversation, with the answer, what is wrong with it, and the shape once more."""
    assert request.schema is not None
    said = Message.assistant(text[: limits.reasked_chars] or "(nothing)")
    told = Message.user(f"That answer cannot be read: {malformed.why}. {described(request.schema)}")
    return replace(request, messages=(*request.messages, said, told))


def with_shape_told(request: Request, schema: JsonSchema) -> Request:
    """The same conversation, its last message telling the shape too.

    It is no message of its own where the user spoke last: many chat templates refuse two turns of one role.
    """
    *before, last = request.messages
    if last.role is not Role.USER:
        return replace(request, messages=(*request.messages, Message.user(described(schema))))
    told = Message(last.role, (*last.parts, TextPart(described(schema))))
    return replace(request, messages=(*before, told))


def described(schema: JsonSchema) -> str:
    """The shape in words, for a server that cannot enforce it."""
    return f"Answer with one JSON object and nothing else, of this JSON Schema: {json.dumps(schema.document())}"
