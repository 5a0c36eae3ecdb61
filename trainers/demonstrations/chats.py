"""Conversations from JSON Lines files, one a line, in the shapes that data for training comes in.

``{"messages": [{"role": "user", "content": "…"}, …]}``
    as chat servers spell it. The published ``webgen-agent_train_sft`` is of this shape; keys besides role and content
    are let be, and what was told after the last answer is left off, since nobody answered it.
``{"conversations": [{"from": "human", "value": "…"}, …]}``
    as ShareGPT spells it; a ``system`` beside the list is the system prompt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from webgen_gym.errors import UsageError
from webgen_gym.llm.base import Message, Role, TextPart
from webgen_gym.trainers.demonstrations.base import Demonstration

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a family of files spells a message."""

    messages: str
    role: str
    content: str
    roles: Mapping[str, Role]


_OURS = {role.value: role for role in Role}
_SHAPES = (
    _Shape("messages", "role", "content", MappingProxyType(_OURS)),
    _Shape("conversations", "from", "value", MappingProxyType(_OURS | {"human": Role.USER, "gpt": Role.ASSISTANT})),
)


def read_chats(path: str | Path) -> tuple[Demonstration, ...]:
    """The conversations of a JSON Lines file: UTF-8, with or without a byte-order mark; blank lines are skipped.

    Raises:
        UsageError: the file cannot be read or holds no conversation, or a line of it is none; the message names file
            and line. Then nothing is read.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.") from error
    return _whole((_demonstration(_decoded(line, where), where) for where, line in _lines(content, file)), str(file))


def chats(rows: Iterable[object], source: str) -> tuple[Demonstration, ...]:
    """The conversations of rows that were decoded already, those of a dataset of the hub for instance.

    Raises:
        UsageError: there is no row, or one is no conversation; the message names ``source`` and the row's number.
    """
    numbered = ((row, f"{source}, row {number}") for number, row in enumerate(rows, start=1))
    return _whole((_demonstration(row, where) for row, where in numbered), source)


# ------------------------------------------------------------------ inside


def _whole(read: Iterable[Demonstration], source: str) -> tuple[Demonstration, ...]:
    kept = tuple(read)
    if not kept:
        raise UsageError(f"{source} holds no conversation; one JSON object with 'messages' is expected on each line.")
    return kept


def _lines(content: bytes, file: Path) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(content.removeprefix(_BYTE_ORDER_MARK).split(b"\n"), start=1):
        if line.strip():
            yield f"{file}, line {number}", line


def _decoded(line: bytes, where: str) -> object:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{where}: not UTF-8 at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{where}: not JSON at column {error.colno}: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON that can be read: {error}.") from error


def _demonstration(row: object, where: str) -> Demonstration:
    if not isinstance(row, Mapping):
        raise UsageError(f"{where}: expected a JSON object, found {_shown(row)}.")
    shape = next((shape for shape in _SHAPES if shape.messages in row), None)
    if shape is None:
        raise UsageError(f"{where}: has neither 'messages' nor 'conversations'; its keys are {_shown(sorted(row))}.")
    said = row[shape.messages]
    if not isinstance(said, list | tuple):
        raise UsageError(f"{where}: '{shape.messages}' must be a list of messages, found {_shown(said)}.")
    messages = [_message(item, shape, f"{where}, message {number}") for number, item in enumerate(said, start=1)]
    if shape.messages == "conversations" and row.get("system"):
        messages.insert(0, Message.system(_text(row["system"], f"{where}, 'system'")))
    return Demonstration(_answered(messages), where)


def _message(item: object, shape: _Shape, where: str) -> Message:
    if not isinstance(item, Mapping):
        raise UsageError(
            f"{where}: expected an object with '{shape.role}' and '{shape.content}', found {_shown(item)}."
        )
    role = shape.roles.get(str(item.get(shape.role)))
    if role is None:
        known = ", ".join(shape.roles)
        raise UsageError(f"{where}: '{shape.role}' is {_shown(item.get(shape.role))}; it must be one of {known}.")
    text = _text(item.get(shape.content), f"{where}, '{shape.content}'")
    if role is Role.ASSISTANT and not text.strip():
        raise UsageError(f"{where}: the assistant says nothing; an answer needs text.")
    return Message(role, (TextPart(text),))


def _text(value: Any, where: str) -> str:
    """The text of a message; parts of text, as chat servers take them, are put one below the other."""
    if isinstance(value, list | tuple):
        return "\n".join(_part(part, f"{where}, part {number}") for number, part in enumerate(value, start=1))
    if not isinstance(value, str):
        raise UsageError(f"{where}: expected text, found {_shown(value)}.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{where}: holds half of a surrogate pair at character {error.start}; it is no text."
        ) from error
    return value


def _part(part: object, where: str) -> str:
    if not isinstance(part, Mapping) or part.get("type", "text") != "text" or not isinstance(part.get("text"), str):
        raise UsageError(f"{where}: expected a part of text, found {_shown(part)}; a demonstration is text alone.")
    return _text(part["text"], where)


def _answered(messages: list[Message]) -> tuple[Message, ...]:
    """The messages up to the last answer; all of them where there is none."""
    answers = [number for number, message in enumerate(messages, start=1) if message.role is Role.ASSISTANT]
    return tuple(messages[: answers[-1]] if answers else messages)


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
