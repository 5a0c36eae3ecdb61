"""Asking a model several things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any, TypeVar

from webgen_gym.errors import ModelFailed
from webgen_gym.judges.vlm.options import Options
from webgen_gym.llm import JsonSchema, Message, Model, Request

T = TypeVar("T")


async def ask(model: Model, messages: tuple[Message, ...], schema: JsonSchema, options: Options) -> Mapping[str, Any]:
    """One answer of the given shape. Raises as ``Model.complete`` does."""
    request = Request(messages, temperature=options.temperature, max_tokens=options.max_tokens, schema=schema)
    parsed = (await model.complete(request)).parsed
    assert parsed is not None
    return parsed


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results, in order. One failure ends the rest and is raised; any other goes before ModelFailed."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in work]
    except ExceptionGroup as failures:
        graver = [error for error in failures.exceptions if not isinstance(error, ModelFailed)]
        raise (graver or failures.exceptions)[0] from None
    return [task.result() for task in tasks]
