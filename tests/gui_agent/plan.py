"""A model that follows a plan: it finds controls by their names in what it is told, as a real one would."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from webgen_gym.llm import Request, Role

Say = Callable[[Request], str]


@dataclass(frozen=True, slots=True)
class Move:
    """One action; ``on`` is the name of the control, or the beginning of its line after the number."""

    action: str
    on: str = ""
    text: str = ""


def click(on: str, at: str = "") -> Move:
    return Move("click", on, at)


def write(on: str, text: str) -> Move:
    return Move("type", on, text)


def select(on: str, option: str) -> Move:
    return Move("select", on, option)


def scroll(text: str = "down", on: str = "") -> Move:
    return Move("scroll", on, text)


def key(name: str, on: str = "") -> Move:
    return Move("key", on, name)


BACK, WAIT = Move("back"), Move("wait")


def planned(moves: Sequence[Move], shows: str) -> Say:
    """Does the moves, then says YES where ``shows`` is on the page or among the news, and NO where it is not."""

    def say(request: Request) -> str:
        told = request.messages[-1].text
        done = sum(message.role is Role.ASSISTANT for message in request.messages)
        if done < len(moves) and not is_last(request):
            return step(moves[done], told)
        return answer(request, [("YES" if shows in told else "NO", f"looked for {shows}")])

    return say


def step(move: Move, told: str) -> str:
    """A move as the JSON of a step."""
    return said(move.action, mark_of(move.on, told) if move.on else 0, move.text)


def said(action: str, mark: int = 0, text: str = "", results: Sequence[dict[str, Any]] = ()) -> str:
    """The JSON of a step."""
    return json.dumps({"thought": "next", "action": action, "mark": mark, "text": text, "results": list(results)})


def answer(request: Request, mets: Sequence[tuple[str, str]]) -> str:
    """The JSON of an answer, in the shape that the request asks for."""
    results = [
        {"requirement": number, "met": met, "observed": observed}
        for number, (met, observed) in enumerate(mets, start=1)
    ]
    if is_last(request):
        return json.dumps({"thought": "done", "results": results})
    return said("answer", results=results)


def is_last(request: Request) -> bool:
    """Whether the answer is asked for."""
    return request.schema is not None and request.schema.name == "answer"


def mark_of(on: str, told: str) -> int:
    """The number of a control in the list of a page."""
    found = re.search(rf'\[(\d+)\] (?:\S+ "{re.escape(on)}"|{re.escape(on)})', told)
    assert found, f"{on!r} is not in the list:\n{told}"
    return int(found[1])
