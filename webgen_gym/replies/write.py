"""The inverse of reading: edits and a control word → the text of a reply, for agents and their tests.

Each function returns text that reads back as the same edits, or raises. One difference is allowed
to bolt, whose files end in a newline: white space at the end of a file may come back as one.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from webgen_gym.replies.draft import shown
from webgen_gym.replies.formats import describe
from webgen_gym.replies.reader import understood
from webgen_gym.types import Control, DeleteFile, Edit, Hunk, PatchFile, RenameFile, WriteFile

__all__ = ["describe", "write_bolt", "write_search_replace", "write_tool_calls", "write_unified_diff"]


def write_bolt(edits: Sequence[Edit], *, title: str, control: Control | None = None, prose: str = "") -> str:
    """A reply in bolt markup: ``prose``, one artifact with the edits, the control word.

    Raises:
        ValueError: Bolt cannot carry an edit: a patch, a file that holds ``</boltAction>`` or is not
            UTF-8, a path with both kinds of quotes.
    """
    actions = [_bolt_action(edit) for edit in edits]
    opening = f'<boltArtifact id="site" title="{html.escape(" ".join(title.split()))}">'
    artifact = [opening, *actions, "</boltArtifact>"] if actions else []
    return _checked([prose, "\n".join(artifact), _control_tag(control)], edits, control)


def write_search_replace(edits: Sequence[Edit], *, control: Control | None = None, prose: str = "") -> str:
    """A reply in search/replace blocks, with bolt tags for what blocks cannot say; patches come first.

    Raises:
        ValueError: An edit cannot be carried: a hunk whose parts do not end in a newline or hold a
            marker line, or a patch after a deletion, a rename or a whole file.
    """
    blocks = [_search_replace(edit) if isinstance(edit, PatchFile) else _bolt_action(edit) for edit in edits]
    return _checked([prose, *blocks, _control_tag(control)], edits, control)


def write_unified_diff(edits: Sequence[Edit], *, control: Control | None = None, prose: str = "") -> str:
    """A reply as a unified diff in a fence; whole files are written as new ones.

    Raises:
        ValueError: An edit cannot be carried: a hunk without a search, or whose parts do not end in
            a newline, or that changes nothing.
    """
    diff = "\n".join(_diff(edit).removesuffix("\n") for edit in edits)
    return _checked([prose, f"```diff\n{diff}\n```" if diff else "", _control_tag(control)], edits, control)


def write_tool_calls(edits: Sequence[Edit], *, control: Control | None = None) -> str:
    """A reply as one JSON object of OpenAI tool calls.

    Raises:
        ValueError: A file is not UTF-8.
    """
    calls = [_call(edit) for edit in edits] + ([(control.value, {})] if control else [])
    functions = [{"function": {"name": name, "arguments": json.dumps(arguments)}} for name, arguments in calls]
    return _checked([json.dumps({"tool_calls": functions})], edits, control)


def _checked(parts: Sequence[str], edits: Sequence[Edit], control: Control | None) -> str:
    """The parts as one text, once it has been read back."""
    if not edits and control is None:
        raise ValueError("a reply needs an edit or a control word")
    text = "\n\n".join(part for part in parts if part)
    reply = understood(text).reply()
    if reply.faults:
        raise ValueError(f"this dialect cannot carry the reply: {reply.faults[0].message.splitlines()[0]}")
    if len(reply.edits) != len(edits) or reply.control is not control:
        raise ValueError("the edits, the title or the prose hold what this dialect takes for an action")
    for meant, got in zip(edits, reply.edits, strict=True):
        if not _same(meant, got):
            raise ValueError(f"this dialect cannot carry the {type(meant).__name__} of {shown(meant.path)} as it is")
    return text


def _same(meant: Edit, got: Edit) -> bool:
    if isinstance(meant, WriteFile) and isinstance(got, WriteFile):
        return meant.path == got.path and meant.content.rstrip() == got.content.rstrip()
    return meant == got


def _bolt_action(edit: Edit) -> str:
    path = _attribute("filePath", edit.path)
    if isinstance(edit, WriteFile):
        content = _text(edit)
        ended = content if content.endswith("\n") or not content else f"{content}\n"
        return f'<boltAction type="file" {path}>\n{ended}</boltAction>'
    if isinstance(edit, DeleteFile):
        return f'<boltAction type="delete" {path}/>'
    if isinstance(edit, RenameFile):
        return f'<boltAction type="rename" {path} {_attribute("newPath", edit.new_path)}/>'
    raise ValueError(f"bolt markup has no patches; write {shown(edit.path)} whole or use another dialect")


def _attribute(name: str, value: str) -> str:
    quote = "'" if '"' in value else '"'
    return f"{name}={quote}{value}{quote}"


def _control_tag(control: Control | None) -> str:
    return f'<boltAction type="{control.value}"/>' if control else ""


def _search_replace(edit: PatchFile) -> str:
    blocks = [f"<<<<<<< SEARCH\n{hunk.search}=======\n{hunk.replace}>>>>>>> REPLACE" for hunk in edit.hunks]
    return "\n".join([edit.path, *blocks])


def _diff(edit: Edit) -> str:
    if isinstance(edit, RenameFile):
        moved = f"rename from {edit.path}\nrename to {edit.new_path}"
        return f"diff --git a/{edit.path} b/{edit.new_path}\n{moved}"
    if isinstance(edit, DeleteFile):
        return f"--- a/{edit.path}\n+++ /dev/null"
    if isinstance(edit, PatchFile):
        return "\n".join([f"--- a/{edit.path}\n+++ b/{edit.path}", *(_diff_hunk(hunk) for hunk in edit.hunks)])
    content = _text(edit)
    lines = _marked("+", content) + ("" if content.endswith("\n") or not content else "\n\\ No newline at end of file")
    return f"--- /dev/null\n+++ b/{edit.path}\n@@ -0,0 +1 @@\n{lines}"


def _diff_hunk(hunk: Hunk) -> str:
    parts = [_marked("-", hunk.search), _marked("+", hunk.replace)]
    return "\n".join(["@@ @@", *(part for part in parts if part)])


def _marked(mark: str, text: str) -> str:
    return "\n".join(f"{mark}{line}" for line in text.removesuffix("\n").split("\n")) if text else ""


def _call(edit: Edit) -> tuple[str, dict[str, object]]:
    if isinstance(edit, WriteFile):
        return "write_file", {"path": edit.path, "content": _text(edit)}
    if isinstance(edit, DeleteFile):
        return "delete_file", {"path": edit.path}
    if isinstance(edit, RenameFile):
        return "rename_file", {"path": edit.path, "new_path": edit.new_path}
    hunks = [{"search": hunk.search, "replace": hunk.replace} for hunk in edit.hunks]
    return "patch_file", {"path": edit.path, "hunks": hunks}


def _text(edit: WriteFile) -> str:
    try:
        return edit.content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"a reply cannot carry {shown(edit.path)}: it is not UTF-8 text") from error
