"""What the model may do: one JSON object a step, read strictly; what cannot be done is said in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webgen_gym.browser.base import Point
from webgen_gym.judges.gui_agent.findings import EachOnce, Finding, results_of, some_results, uneven
from webgen_gym.llm import Choice, Integer, JsonSchema, Object, Text
from webgen_gym.llm.schema import Kind

MARK_MOST = 9999
TEXT_CHARS = 2000
_POINT = re.compile(r"\s*(\d{1,5})\s*,\s*(\d{1,5})\s*")


class Verb(StrEnum):
    """What can be done in one step."""

    CLICK = "click"
    TYPE = "type"
    SELECT = "select"
    KEY = "key"
    SCROLL = "scroll"
    BACK = "back"
    WAIT = "wait"
    ANSWER = "answer"


NAMED_KEYS = (
    *("Enter", "Escape", "Tab", "Space", "Backspace", "Delete"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"),
)


@dataclass(frozen=True, slots=True)
class Action:
    """One step. ``mark`` is the number of a control, from 1, or 0 for none; ``results`` belong to ``answer``."""

    verb: Verb
    mark: int = 0
    text: str = ""
    results: tuple[Finding, ...] = ()


class Unusable(Exception):
    """An action that cannot be done; a sentence for the model. Never leaves this package."""


def schema(requirements: int) -> JsonSchema:
    """The shape of a step."""
    fields: dict[str, Kind] = {
        "thought": Text(),
        "action": Choice(tuple(verb.value for verb in Verb)),
        "mark": Integer(0, MARK_MOST),
        "text": Text(),
        "results": some_results(requirements),
    }
    return JsonSchema("step", Object(fields))


def last_schema(requirements: int) -> JsonSchema:
    """The shape of the answer that is asked for when there is no step left."""
    return JsonSchema("answer", Object({"thought": Text(), "results": EachOnce(requirements)}))


def action_of(parsed: Mapping[str, Any]) -> Action:
    """The action that an answer of either shape is."""
    verb = Verb(parsed.get("action", Verb.ANSWER))
    results = results_of(parsed["results"]) if verb is Verb.ANSWER else ()
    return Action(verb, parsed.get("mark", 0), parsed.get("text", "")[:TEXT_CHARS], results)


def check_results(action: Action, requirements: int) -> None:
    """Raise Unusable where an answer does not hold each requirement once."""
    if problem := uneven([finding.number for finding in action.results], requirements):
        raise Unusable(f"'results' {problem}. Answer again with all of them.")


def point_of(action: Action) -> Point | None:
    """Where to click a control; None for its centre. Raises Unusable."""
    if not action.text.strip():
        return None
    found = _POINT.fullmatch(action.text)
    if found is None:
        raise Unusable(f"'text' of a click is empty, or a place on the control such as '120,45'; not {action.text!r}.")
    return float(found[1]), float(found[2])


def key_of(action: Action) -> str:
    """The key to press. Raises Unusable."""
    if action.text in NAMED_KEYS or (len(action.text) == 1 and "!" <= action.text <= "~"):
        return action.text
    raise Unusable(f"There is no key {action.text!r}; there are letters, digits, signs, {', '.join(NAMED_KEYS)}.")


def direction_of(action: Action) -> bool:
    """Whether to scroll down. Raises Unusable."""
    if action.text not in ("up", "down"):
        raise Unusable(f"'text' of scroll must be 'up' or 'down', not {action.text!r}.")
    return action.text == "down"
