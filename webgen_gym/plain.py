"""The frozen values of ``types`` as plain JSON, and back."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from webgen_gym.errors import BadRun
from webgen_gym.types import Score, Unscored, Verdict

T = TypeVar("T")


def as_json(value: object) -> Any:
    """A frozen value as plain JSON; bytes stay bytes."""
    return _converter().unstructure(value)


def verdict_as_json(verdict: Verdict | None) -> Any:
    """A verdict as plain JSON, its kind under ``verdict``; None for None."""
    return None if verdict is None else _converter().unstructure(verdict, unstructure_as=Score | Unscored)


def from_json(raw: Any, kind: type[T]) -> T:
    """The frozen value that ``as_json`` made plain.

    Raises:
        BadRun: it is not of this kind.
    """
    try:
        return structured(raw, kind)
    except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
        raise BadRun(f"A {kind.__name__} of the records cannot be read: {error}.") from error


def structured(raw: Any, kind: type[T]) -> T:
    """As ``from_json``, with the errors as they come."""
    return _converter().structure(raw, kind)


@cache
def _converter() -> Converter:
    converter = Converter()
    configure_tagged_union(Score | Unscored, converter, tag_name="verdict")
    return converter
