"""The shape of a JSON answer: told to the server as JSON Schema, and checked here value by value.

A value is never bent to fit: no clamping, no text read as a number, no missing field filled in. The one
leniency is that ``4.0`` is the integer 4, because JSON has a single kind of number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_SHOWN_CHARS = 60


class Misfit(Exception):
    """A value is not of its shape; the text says which, why, and what was expected. Never leaves ``structured``."""


class Kind(Protocol):
    """What a value may be."""

    def document(self) -> dict[str, Any]:
        """This kind in JSON Schema."""
        ...

    def read(self, value: object, at: str) -> Any:
        """The value, an integral float as int. ``at`` is its path in the answer. Raises Misfit."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string of valid Unicode."""

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "string"}

    def read(self, value: object, at: str) -> str:
        """See Kind."""
        if not isinstance(value, str):
            raise Misfit(f"{at} must be a string, not {_shown(value)}")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Misfit(f"{at} holds half of a surrogate pair")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``, both included."""

    low: float
    high: float

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}

    def read(self, value: object, at: str) -> float:
        """See Kind."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Misfit(f"{at} must be a number from {self.low} to {self.high}, not {_shown(value)}")
        if not self.low <= value <= self.high:
            raise Misfit(f"{at} must be from {self.low} to {self.high}, not {_shown(value)}")
        return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from ``low`` to ``high``, both included."""

    low: int
    high: int

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def read(self, value: object, at: str) -> int:
        """See Kind."""
        number = Number(self.low, self.high).read(value, at)
        if number != int(number):
            raise Misfit(f"{at} must be a whole number, not {_shown(value)}")
        return int(number)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "boolean"}

    def read(self, value: object, at: str) -> bool:
        """See Kind."""
        if not isinstance(value, bool):
            raise Misfit(f"{at} must be true or false, not {_shown(value)}")
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, letter for letter."""

    options: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "string", "enum": list(self.options)}

    def read(self, value: object, at: str) -> str:
        """See Kind."""
        if not isinstance(value, str) or value not in self.options:
            raise Misfit(f"{at} must be one of {', '.join(map(repr, self.options))}, not {_shown(value)}")
        return value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    item: Kind

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return {"type": "array", "items": self.item.document()}

    def read(self, value: object, at: str) -> list[Any]:
        """See Kind."""
        if not isinstance(value, list):
            raise Misfit(f"{at} must be a list, not {_shown(value)}")
        return [self.item.read(item, f"{at}[{index}]") for index, item in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object with exactly these fields; others are refused, or left out with ``ignore_others``."""

    fields: Mapping[str, Kind]
    ignore_others: bool = False

    def document(self) -> dict[str, Any]:
        """See Kind. Strict structured output wants every field required and no others."""
        return {
            "type": "object",
            "properties": {name: kind.document() for name, kind in self.fields.items()},
            "required": list(self.fields),
            "additionalProperties": False,
        }

    def read(self, value: object, at: str) -> dict[str, Any]:
        """See Kind."""
        if not isinstance(value, dict):
            raise Misfit(f"{at} must be an object, not {_shown(value)}")
        if missing := [name for name in self.fields if name not in value]:
            raise Misfit(f"{at} lacks {', '.join(map(repr, missing))}")
        others = [name for name in value if name not in self.fields]
        if others and not self.ignore_others:
            raise Misfit(f"{at} has a field {_shown(others[0])} that was not asked for")
        return {name: kind.read(value[name], f"{at}.{name}") for name, kind in self.fields.items()}


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """The shape of a whole answer. ``name`` is of letters, digits, ``_`` and ``-``, as servers demand."""

    name: str
    shape: Object

    def document(self) -> dict[str, Any]:
        """The shape in JSON Schema."""
        return self.shape.document()


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
