"""The seam to a language model, and the frozen values that cross it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from webgen_gym.llm.images import media_type_of
from webgen_gym.llm.schema import JsonSchema
from webgen_gym.types import Usage


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of text."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture as the bytes of its file: PNG, JPEG, WebP or GIF. Raises UsageError for anything else."""

    data: bytes

    def __post_init__(self) -> None:
        media_type_of(self.data)

    @property
    def media_type(self) -> str:
        """``image/png`` and so on, told by the bytes themselves."""
        return media_type_of(self.data)


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    parts: tuple[Part, ...]

    @classmethod
    def system(cls, text: str) -> Message:
        """What the model is to be."""
        return cls(Role.SYSTEM, (TextPart(text),))

    @classmethod
    def user(cls, *parts: str | Part) -> Message:
        """What the model is told or shown; a string is a text part."""
        return cls(Role.USER, tuple(TextPart(part) if isinstance(part, str) else part for part in parts))

    @classmethod
    def assistant(cls, text: str) -> Message:
        """What the model said."""
        return cls(Role.ASSISTANT, (TextPart(text),))

    @property
    def text(self) -> str:
        """The text parts, one below the other."""
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """The pictures, in order."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))


@dataclass(frozen=True, slots=True)
class Request:
    """One question. What is None or empty is not sent, so the server's default holds.

    With a ``schema`` the answer is one JSON object of that shape, or the call fails. With ``whole`` an answer that
    is empty, cut off by ``max_tokens``, filtered or a refusal is a failure. Without it such an answer is handed over
    as it is, ``finish_reason`` telling: right for a policy, whose bad answers are its own fault.
    """

    messages: tuple[Message, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    schema: JsonSchema | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. ``usage`` covers everything that it took: failed tries and a re-ask too.

    ``model`` is the name that the server gave. ``parsed`` is the JSON object where the request had a schema, else None.
    """

    text: str
    usage: Usage
    finish_reason: str
    model: str
    parsed: Mapping[str, Any] | None = None


class Model(Protocol):
    """A language model that answers one request at a time; many may be under way at once."""

    @property
    def id(self) -> str:
        """The name that records keep."""
        ...

    async def complete(self, request: Request) -> Completion:
        """Answer.

        Raises ModelFailed where this call has no usable answer, ModelRefused where no call will have one.
        """
        ...
