"""OpenAI tool calls as JSON text: the whole reply, a fence, or the ``<tool_call>`` tags of Qwen and Hermes.

Contents are taken exactly as the JSON strings say; nothing is trimmed or decoded in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from webgen_gym.replies.draft import Draft, shown, tidy_path, valid_unicode
from webgen_gym.types import Control, DeleteFile, FaultCode, Hunk, PatchFile, RenameFile, WriteFile

# JSON stands at the start of the reply, after a fence, after a <tool_call> tag, or opens a line by its first key.
_PLACE = re.compile(
    r"""\A\s*+(?=[\[{])
      | ^[ \t]*+```[\w+-]*+\s*+(?=[\[{])
      | <tool_call>\s*+(?=[\[{])
      | ^[ \t]*+(?=[\[{]\s{0,9}(?:\{\s{0,9})?"(?:tool_calls|function)")""",
    re.MULTILINE | re.VERBOSE,
)
_MEANT = re.compile(
    r"""[\[{]\s{0,9}(?:\{\s{0,9})?"
        (?: tool_calls" | function(?:_call)?" | type"\s{0,9}:\s{0,9}"function" | id"\s{0,9}:\s{0,9}"call_
          | name"\s{0,9}:\s{0,9}"(?:functions\.)?
            (?:(?:write|edit|patch|delete|rename)_file|screenshot_validated|finish|backtrack)" )""",
    re.VERBOSE,
)
_DECODER = json.JSONDecoder(strict=False)  # models put real newlines into strings
# Each failure to decode counts the lines before it, so their number has to be bounded for linear time.
_TRIES = 100

_ARGUMENTS = ("arguments", "parameters", "input")  # OpenAI's, Llama's and Anthropic's word


class _Place(NamedTuple):
    """JSON in the reply: the calls that it holds, or why there are none."""

    start: int
    end: int
    calls: list[object]
    error: tuple[FaultCode, str] | None = None


class _BadCall(Exception):
    """A call that is not one of ours; holds the sentence that says so."""


def start(text: str) -> int:
    """Where the first tool call begins, whole or broken; -1 if there is none."""
    return next((place.start for place in _places(text)), -1)


def read(text: str, draft: Draft) -> str:
    """Read every call into ``draft``, up to the first fault; return the text outside of the JSON."""
    outside: list[str] = []
    at = 0
    for place in _places(text):
        outside.append(text[at : place.start])
        at = place.end
        if place.error:
            draft.fault(*place.error)
        for call in place.calls:
            _take(call, draft)
        if draft.faults:
            break
    outside.append(text[at:])
    return "\n".join(outside)


def fault_of_json(text: str) -> tuple[FaultCode, str] | None:
    """What is wrong with a reply that is JSON and holds no call; None if it does not begin like JSON."""
    at = len(text) - len(text.lstrip())
    if text[at : at + 1] not in {"[", "{"}:
        return None
    try:
        _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        return _explained(text, error)
    return FaultCode.BAD_TOOL_CALL, "The JSON holds no tool call."


def _places(text: str) -> Iterator[_Place]:
    at, tries = 0, 0
    while tries < _TRIES and (found := _PLACE.search(text, at)):
        place = _decoded(text, found.end())
        if place is None:
            tries += 1
            at = max(found.end(), at + 1)
        else:
            yield place
            at = place.end


def _decoded(text: str, at: int) -> _Place | None:
    """The JSON at ``at``; None where it is not about tool calls, as a sample in prose is."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        return _Place(at, len(text), [], _explained(text, error)) if _MEANT.match(text, at) else None
    calls = _calls_in(value)
    return None if calls is None else _Place(at, end, calls)


def _explained(text: str, error: ValueError | RecursionError) -> tuple[FaultCode, str]:
    if not isinstance(error, json.JSONDecodeError):
        return FaultCode.BAD_TOOL_CALL, "The JSON is nested too deeply or holds a number that is too long."
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return FaultCode.CUT_OFF, "The reply ends inside the JSON of a tool call."
    near = shown(text[max(error.pos - 20, 0) : error.pos + 20])
    return FaultCode.BAD_TOOL_CALL, f"The JSON cannot be read near {near}: {error.msg}."


def _calls_in(value: object) -> list[object] | None:
    """The calls in any of the shapes in use; None where ``value`` has none of them."""
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        return list(value["tool_calls"])
    if isinstance(value, dict) and isinstance(value.get("function_call"), dict):
        return [value["function_call"]]
    calls: list[object] = value if isinstance(value, list) else [value]
    return calls if calls and all(_is_call(call) for call in calls) else None


def _is_call(call: object) -> bool:
    if not isinstance(call, dict):
        return False
    if isinstance(call.get("function"), dict):
        return True
    return "name" in call and (call["name"] in list(_TOOLS) or any(key in call for key in _ARGUMENTS))


def _take(call: object, draft: Draft) -> None:
    try:
        name, arguments = _name_and_arguments(call)
        if name not in _TOOLS:
            raise _BadCall(f"There is no tool {shown(name)}.")
        _TOOLS[name](name, arguments, draft)
    except _BadCall as error:
        draft.fault(FaultCode.BAD_TOOL_CALL, str(error))


def _name_and_arguments(call: object) -> tuple[str, Mapping[str, object]]:
    function = call.get("function", call) if isinstance(call, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(function, dict) or not isinstance(name, str):
        raise _BadCall("A tool call has no name.")
    arguments: object = next((function[key] for key in _ARGUMENTS if function.get(key) is not None), {})
    if isinstance(arguments, str):
        arguments = _inner_json(name, arguments)
    if not isinstance(arguments, dict):
        raise _BadCall(f"The arguments of {shown(name)} are not a JSON object.")
    return name.removeprefix("functions."), arguments


def _inner_json(name: str, arguments: str) -> object:
    try:
        return _DECODER.decode(arguments) if arguments.strip() else {}
    except (ValueError, RecursionError) as error:
        raise _BadCall(f"The arguments of {shown(name)} are not JSON: {shown(str(error))}.") from error


def _text(arguments: Mapping[str, object], tool: str, field: str) -> str:
    value = arguments.get(field)
    if not isinstance(value, str):
        raise _BadCall(f"{tool} needs {field!r} as a string.")
    return valid_unicode(value)


def _path(arguments: Mapping[str, object], tool: str, field: str = "path") -> str:
    path = tidy_path(_text(arguments, tool, field))
    if not path:
        raise _BadCall(f"{tool} needs a {field!r} that is not empty.")
    return path


def _write(tool: str, arguments: Mapping[str, object], draft: Draft) -> None:
    draft.edits.append(WriteFile(_path(arguments, tool), _text(arguments, tool, "content").encode()))


def _edit(tool: str, arguments: Mapping[str, object], draft: Draft) -> None:
    hunks = arguments.get("hunks", [arguments])
    if not isinstance(hunks, list) or not hunks or not all(isinstance(hunk, dict) for hunk in hunks):
        raise _BadCall(f"{tool} needs 'hunks' as a list of objects with 'search' and 'replace'.")
    pairs = [Hunk(_text(hunk, tool, "search"), _text(hunk, tool, "replace")) for hunk in hunks]
    draft.edits.append(PatchFile(_path(arguments, tool), tuple(pairs)))


def _delete(tool: str, arguments: Mapping[str, object], draft: Draft) -> None:
    draft.edits.append(DeleteFile(_path(arguments, tool)))


def _rename(tool: str, arguments: Mapping[str, object], draft: Draft) -> None:
    draft.edits.append(RenameFile(_path(arguments, tool), _path(arguments, tool, "new_path")))


def _control(tool: str, _arguments: Mapping[str, object], draft: Draft) -> None:
    draft.controls.append(Control(tool))


_TOOLS: dict[str, Callable[[str, Mapping[str, object], Draft], None]] = {
    "write_file": _write,
    "edit_file": _edit,
    "patch_file": _edit,
    "delete_file": _delete,
    "rename_file": _rename,
    **{control.value: _control for control in Control},
}
