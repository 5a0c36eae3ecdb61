"""Reasoning before the answer: ``<think>…</think>``, which no action may be read from."""

from __future__ import annotations

import re

_OPENED = re.compile(r"\s*<(think|thinking|reasoning)>", re.IGNORECASE)
_ANY_OPENED = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
# Chat templates of reasoning models put <think> into the prompt, so the reply starts in mid-thought.
_ORPHAN_CLOSE = re.compile(r"^</think(?:ing)?>[ \t\r]*$", re.IGNORECASE | re.MULTILINE)

# What may hold the text of a file, and so a </think> that closes nothing of ours.
_CONTAINER = re.compile(
    r"""(?P<json>\A\s*+[\[{]) | (?P<bolt><boltAction\b[^<>]*[^<>/]>) | (?P<block>^[ \t]*<{5,9}\ ?SEARCH)
      | (?P<fence>^[ \t]*```) | (?P<call><tool_call>)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_CONTAINER_END = {
    "json": re.compile(r"(?!)"),
    "bolt": re.compile(r"</boltAction\s*>", re.IGNORECASE),
    "block": re.compile(r"^[ \t]*>{5,9} ?REPLACE", re.MULTILINE),
    "fence": re.compile(r"^[ \t]*```", re.MULTILINE),
    "call": re.compile(r"</tool_call>", re.IGNORECASE),
}


def without_thinking(text: str) -> str | None:
    """The reply after its reasoning; None when the reasoning never ends.

    Only reasoning at the start counts: later the same tag may be part of a file.
    """
    at = _after_orphan(text)
    while opened := _OPENED.match(text, at):
        close = re.compile(rf"</{opened[1]}>", re.IGNORECASE).search(text, opened.end())
        if close is None:
            return None
        at = close.end()
    return text[at:]


def _after_orphan(text: str) -> int:
    close = _ORPHAN_CLOSE.search(text)
    if close is None or _ANY_OPENED.search(text, 0, close.start()) or _in_container(text, close.start()):
        return 0
    return close.end()


def _in_container(text: str, place: int) -> bool:
    at = 0
    while opened := _CONTAINER.search(text, at, place):
        end = _CONTAINER_END[opened.lastgroup or "json"].search(text, opened.end(), place)
        if end is None:
            return True
        at = end.end()
    return False
