"""The bolt markup of WebGen-Agent and bolt.diy: ``<boltAction type="file" filePath="…">…</boltAction>``.

A file's content ends at the first ``</boltAction>`` and is never searched for control words.
The tags of the artifact are not needed; text outside actions is prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from webgen_gym.replies.content import file_content
from webgen_gym.replies.draft import Draft, shown, tidy_path
from webgen_gym.types import Control, DeleteFile, FaultCode, RenameFile, WriteFile

_TAG = re.compile(r"<(/?)boltAction(?![a-z])", re.IGNORECASE)
_CUT = re.compile(r"<bolt[a-z]*(?:\s[^<>]*)?\Z", re.IGNORECASE)
_SPAN = 400  # characters that a tag, or a code span round one, is looked for in; keeps reading linear
_ATTRIBUTE = re.compile(
    r"""\s*+([a-z][\w:-]*+)\s*+=\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|([^\s"'<>]*[^\s"'<>/]))""", re.IGNORECASE
)
_TAG_END = re.compile(r"\s*+(/?)>")
_CLOSE = re.compile(r"</boltAction\s*+>", re.IGNORECASE)
_LINE_END = re.compile(r"[ \t]*+\r?(?:\n|\Z)")
_CLOSE_NEXT = re.compile(r"(?:[^<]*+</boltAction\s*+>)?", re.IGNORECASE)

_IGNORED = frozenset({"shell", "start", "build", "supabase"})
_WITH_CONTENT = _IGNORED | {"file"}
_CONTROLS = {control.value: control for control in Control}
_IGNORED_NOTE = "Shell and start actions were ignored: the site is installed and started for you."


class _Tag(NamedTuple):
    """One action tag. ``attributes`` is None where the tag is malformed; ``end`` is then where reading stopped."""

    start: int
    end: int
    closing: bool
    attributes: dict[str, str] | None = None
    empty: bool = False

    @property
    def kind(self) -> str:
        """The action's type; an action that only has a path is taken for a file."""
        attributes = self.attributes or {}
        return attributes.get("type", "file" if "filepath" in attributes else "").strip().lower()

    @property
    def holds_content(self) -> bool:
        return not self.closing and not self.empty and self.kind not in _BODILESS


def start(text: str) -> int:
    """Where the first action begins that only this dialect has: one with content, or a malformed one. -1 if none.

    Control, delete and rename tags do not count: they may stand beside blocks of any dialect.
    """
    at = 0
    while tag := _next_tag(text, at):
        if tag.holds_content:
            return tag.start
        at = tag.end
    return -1


def has_tags(text: str) -> bool:
    """True when there is any action tag, or the text ends inside a tag of ours."""
    return _next_tag(text, 0) is not None or _ends_in_tag(text)


def read(text: str, draft: Draft, *, alone: bool = False) -> str:
    """Read every action into ``draft``, up to the first fault; return the text outside of actions.

    With ``alone`` a tag without content counts only where nothing else stands on its line.
    """
    outside: list[str] = []
    at = 0
    while (tag := _next_tag(text, at)) and not draft.faults:
        outside.append(text[at : tag.start])
        spoken_of = alone and not (tag.holds_content or _is_alone(text, tag))
        at = _after(text, tag) if spoken_of else _take(text, tag, draft)
    outside.append(text[at:])
    if not draft.faults and _ends_in_tag(outside[-1]):
        draft.fault(FaultCode.CUT_OFF, "The reply ends inside a tag.")
    return "\n".join(outside)


def _next_tag(text: str, at: int) -> _Tag | None:
    """The next tag of an action from ``at`` on; one in a `code span` is only spoken of."""
    for match in _TAG.finditer(text, at):
        if not _in_code_span(text, match):
            return _tag(text, match)
    return None


def _in_code_span(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - _SPAN, 0) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + _SPAN].partition("\n")[0]
    return before.replace("```", "").count("`") % 2 == 1 and "`" in after


def _ends_in_tag(text: str) -> bool:
    return _CUT.search(text[-_SPAN:]) is not None


def _tag(text: str, match: re.Match[str]) -> _Tag:
    attributes: dict[str, str] = {}
    at = match.end()
    while attribute := _ATTRIBUTE.match(text, at):
        attributes[attribute[1].lower()] = attribute[2] or attribute[3] or attribute[4] or ""
        at = attribute.end()
    closing = match[1] == "/"
    if end := _TAG_END.match(text, at):
        return _Tag(match.start(), end.end(), closing, attributes, end[1] == "/")
    return _Tag(match.start(), at, closing)


def _after(text: str, tag: _Tag) -> int:
    """The place after a tag without content and the closing tag that may follow it."""
    close = _CLOSE_NEXT.match(text, tag.end)
    return close.end() if close else tag.end


def _is_alone(text: str, tag: _Tag) -> bool:
    before = tag.start
    while before > 0 and text[before - 1] in " \t":
        before -= 1
    starts_line = before == 0 or text[before - 1] == "\n"
    return starts_line and _LINE_END.match(text, _after(text, tag)) is not None


def _take(text: str, tag: _Tag, draft: Draft) -> int:
    """Read the action that ``tag`` opens; the place after it."""
    if tag.attributes is None:
        return _malformed(text, tag, draft)
    if tag.closing:
        return _stray_close(tag, draft)
    if tag.kind in _BODILESS:
        _BODILESS[tag.kind](tag.attributes, draft)
        return _after(text, tag)
    if tag.kind not in _WITH_CONTENT:
        return _unknown(tag, draft)
    return _take_content(text, tag, draft)


def _take_content(text: str, tag: _Tag, draft: Draft) -> int:
    name = shown((tag.attributes or {}).get("filepath", tag.kind))
    if tag.empty and tag.kind == "file":
        draft.fault(FaultCode.BAD_TAG, f"The file action of {name} has no content; write the file and </boltAction>.")
        return tag.end
    if tag.empty:
        draft.note(_IGNORED_NOTE)
        return tag.end
    close = _CLOSE.search(text, tag.end)
    if close is None:
        draft.fault(FaultCode.CUT_OFF, f"The reply ends inside the action of {name}: its </boltAction> is missing.")
        return len(text)
    if _opens_another(text, tag.end, close.start()):
        draft.fault(FaultCode.BAD_TAG, f"Another action begins inside that of {name}; close each with </boltAction>.")
    elif tag.kind == "file":
        _write(tag.attributes or {}, text[tag.end : close.start()], draft)
    else:
        draft.note(_IGNORED_NOTE)
    return close.end()


def _opens_another(text: str, at: int, end: int) -> bool:
    while (tag := _next_tag(text, at)) and tag.start < end:
        if tag.kind in _WITH_CONTENT and tag.holds_content:
            return True
        at = tag.end
    return False


def _write(attributes: dict[str, str], body: str, draft: Draft) -> None:
    path = _path(attributes, "filePath", draft)
    if path:
        content = file_content(path, body)
        draft.edits.append(WriteFile(path, content.text.encode()))
        if content.decoded:
            draft.decoded.append(path)


def _delete(attributes: dict[str, str], draft: Draft) -> None:
    path = _path(attributes, "filePath", draft)
    if path:
        draft.edits.append(DeleteFile(path))


def _rename(attributes: dict[str, str], draft: Draft) -> None:
    path, new_path = _path(attributes, "filePath", draft), _path(attributes, "newPath", draft)
    if path and new_path:
        draft.edits.append(RenameFile(path, new_path))


def _control(attributes: dict[str, str], draft: Draft) -> None:
    draft.controls.append(_CONTROLS[attributes["type"].strip().lower()])


_BODILESS: dict[str, Callable[[dict[str, str], Draft], None]] = {
    "delete": _delete,
    "rename": _rename,
    **dict.fromkeys(_CONTROLS, _control),
}


def _path(attributes: dict[str, str], name: str, draft: Draft) -> str:
    path = tidy_path(attributes.get(name.lower(), ""))
    if not path:
        draft.fault(FaultCode.BAD_TAG, f'A {attributes.get("type", "file")} action has no {name}="…".')
    return path


def _malformed(text: str, tag: _Tag, draft: Draft) -> int:
    if re.search("[<>\n]", text[tag.end :].strip()) is None:
        draft.fault(FaultCode.CUT_OFF, f"The reply ends inside the tag {shown(text[tag.start :])}.")
    else:
        draft.fault(FaultCode.BAD_TAG, f"The tag {shown(text[tag.start : tag.start + 80])} cannot be read.")
    return tag.end


def _stray_close(tag: _Tag, draft: Draft) -> int:
    draft.fault(FaultCode.BAD_TAG, "A </boltAction> closes no action: a file's content cannot contain </boltAction>.")
    return tag.end


def _unknown(tag: _Tag, draft: Draft) -> int:
    kinds = "file, delete, rename, screenshot_validated, finish, backtrack"
    draft.fault(FaultCode.BAD_TAG, f"There is no action of type {shown(tag.kind)}; the types are {kinds}.")
    return tag.end
