"""A model's text → the one JSON object in it. Strict: where two readings are possible, there is none.

Accepted: the object alone, or one fenced block (``` or ```json) with prose around it that holds no second object;
before either, reasoning in ``<think>`` tags. Refused: NaN and Infinity, duplicate keys, numbers beyond a float.
Runs in time linear in the text and never raises.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from webgen_gym.replies.thinking import without_thinking

_FENCE = re.compile(r"^[ \t]*```[ \t]*(\w*)[ \t]*\r?$", re.MULTILINE)
_OBJECT_BEGINS = re.compile(r'\{\s*"')


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is no such object; ``why`` is a clause that says what is wrong."""

    why: str


def read_object(text: str, max_chars: int) -> dict[str, Any] | Unreadable:
    """The JSON object that the text is, or that its one fenced block holds."""
    if len(text) > max_chars:
        return Unreadable(f"it is {len(text)} characters long; at most {max_chars} are read")
    said = without_thinking(text)
    if said is None:
        return Unreadable("its reasoning never ends")
    found = _candidate(said.strip().removeprefix("\ufeff"))
    return found if isinstance(found, Unreadable) else _load(found)


def _candidate(text: str) -> str | Unreadable:
    if not text:
        return Unreadable("it is empty")
    if text.startswith("{"):
        return text
    fences = list(_FENCE.finditer(text))
    if not fences:
        return Unreadable("it is not a JSON object alone, nor one in a fenced block")
    if len(fences) != 2 or fences[0][1].lower() not in ("", "json") or fences[1][1]:
        return Unreadable("it must have exactly one fenced block, of JSON")
    opening, closing = fences
    if _OBJECT_BEGINS.search(text, 0, opening.start()) or _OBJECT_BEGINS.search(text, closing.end()):
        return Unreadable("there is another object beside the fenced block")
    return text[opening.end() : closing.start()]


def _load(text: str) -> dict[str, Any] | Unreadable:
    try:
        value = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant, parse_float=_finite
        )
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except ValueError as error:
        return Unreadable(f"it is not valid JSON: {error}")
    return value if isinstance(value, dict) else Unreadable("it is JSON, but not an object")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number
