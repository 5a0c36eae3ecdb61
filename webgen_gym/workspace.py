"""The files of one site, and the rules by which a reply may change them.

The files live in memory as a mapping that is never changed in place; what lies on disk for a dev
server is only a mirror of it. So no build script, symlink or race can turn an edit into a write
somewhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from types import MappingProxyType

from webgen_gym.errors import EditRefused, PatchFailed
from webgen_gym.limits import Limits
from webgen_gym.replies.patch import apply_hunks
from webgen_gym.types import DeleteFile, Edit, Files, PatchFile, RenameFile, WriteFile

EMPTY: Files = MappingProxyType({})

# Folders that the environment itself fills; what a reply wrote there would be lost or would shadow it.
RESERVED = frozenset({"node_modules", ".git", ".webgen"})
_DRIVE = re.compile(r"^[A-Za-z]:")


class Workspace:
    """Holds the current files; ``apply`` changes all that a reply asks for, or nothing."""

    def __init__(self, limits: Limits, files: Files = EMPTY) -> None:
        self._limits = limits
        self._files = files

    @property
    def files(self) -> Files:
        """The files as they are now."""
        return self._files

    def apply(self, edits: Iterable[Edit]) -> bool:
        """Apply the edits in order; true when anything differs afterwards.

        Raises:
            EditRefused: a path rule or a limit is broken; the sentence names path, value and limit.
            PatchFailed: a patch does not fit.
        """
        draft = dict(self._files)
        for edit in edits:
            _APPLY[type(edit)](draft, edit, self._limits)
        changed = draft != self._files
        if changed:
            _check_limits(draft, self._limits)
            self._files = MappingProxyType(draft)
        return changed

    def replace(self, files: Files) -> None:
        """Put other files in place of all."""
        self._files = files


def clean_path(path: str, limits: Limits) -> str:
    """The path in its one accepted form; a leading ``./`` is dropped.

    Raises:
        EditRefused: it is absolute, leaves the workspace, or is not a portable name.
    """
    while path.startswith("./"):
        path = path[2:]
    problem = _path_problem(path, limits)
    if problem:
        raise EditRefused(
            f"Edit refused: '{_shown(path)}' {problem}. "
            "Use a path relative to the project's root, such as 'src/App.jsx'."
        )
    return path


def _path_problem(path: str, limits: Limits) -> str:
    """What is wrong with a path, as the end of a sentence; '' where nothing is."""
    checks: tuple[tuple[bool, str], ...] = (
        (not path, "is empty"),
        (path.startswith("/"), "is absolute"),
        (bool(_DRIVE.match(path)), "names a drive"),
        ("\\" in path, "contains a backslash"),
        (not path.isprintable(), "contains control or unprintable characters"),
        (path != unicodedata.normalize("NFC", path), "is not in Unicode's composed form (NFC)"),
    )
    for wrong, problem in checks:
        if wrong:
            return problem
    size = len(path.encode("utf-8", "surrogatepass"))
    if size > limits.path_bytes:
        return f"is {size} bytes long; the limit is {limits.path_bytes} (limits.path_bytes)"
    return _parts_problem(path.split("/"), limits)


def _parts_problem(parts: list[str], limits: Limits) -> str:
    if ".." in parts:
        return "leaves the workspace"
    if any(part in {"", "."} or part != part.strip() or part.endswith(".") for part in parts):
        return "has an empty part, or one that begins or ends with a space or a dot"
    if len(parts) > limits.path_depth:
        return f"is {len(parts)} levels deep; the limit is {limits.path_depth} (limits.path_depth)"
    reserved = next((part for part in parts if part.casefold() in RESERVED), None)
    return f"lies in '{reserved}', which the environment manages" if reserved else ""


def _write(draft: dict[str, bytes], edit: WriteFile, limits: Limits) -> None:
    path = clean_path(edit.path, limits)
    _check_place(draft, path)
    draft[path] = edit.content


def _patch(draft: dict[str, bytes], edit: PatchFile, limits: Limits) -> None:
    path = clean_path(edit.path, limits)
    before = draft.get(path)
    if before is None:
        if any(hunk.search for hunk in edit.hunks):
            raise PatchFailed(f"Patch refused: there is no file '{path}' to patch. {_near(draft, path)}")
        _check_place(draft, path)
    try:
        text = (before or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise PatchFailed(f"Patch refused: '{path}' is not a text file.") from None
    try:
        draft[path] = apply_hunks(text, edit.hunks).encode("utf-8", "surrogatepass")
    except PatchFailed as failure:
        raise PatchFailed(f"Patch of '{path}' refused: {failure.message}") from None


def _delete(draft: dict[str, bytes], edit: DeleteFile, limits: Limits) -> None:
    path = clean_path(edit.path.rstrip("/") or edit.path, limits)
    inside = [name for name in draft if name == path or name.startswith(path + "/")]
    if not inside:
        raise EditRefused(f"Delete refused: there is no file or folder '{path}'. {_near(draft, path)}")
    for name in inside:
        del draft[name]


def _rename(draft: dict[str, bytes], edit: RenameFile, limits: Limits) -> None:
    path, new_path = clean_path(edit.path, limits), clean_path(edit.new_path, limits)
    if path not in draft:
        raise EditRefused(f"Rename refused: there is no file '{path}'. {_near(draft, path)}")
    content = draft.pop(path)
    _check_place(draft, new_path)
    draft[new_path] = content


_APPLY: dict[type, Callable[..., None]] = {
    WriteFile: _write,
    PatchFile: _patch,
    DeleteFile: _delete,
    RenameFile: _rename,
}


def _check_place(draft: dict[str, bytes], path: str) -> None:
    """A file cannot lie where a folder is, below a file, or beside a twin that differs in case alone."""
    folded = path.casefold()
    for name in draft:
        if name == path:
            return
        if name.startswith(path + "/"):
            raise EditRefused(f"Edit refused: '{path}' is a folder; it holds '{name}'.")
        if path.startswith(name + "/"):
            raise EditRefused(f"Edit refused: '{path}' lies below '{name}', which is a file.")
        if name.casefold() == folded:
            raise EditRefused(f"Edit refused: '{path}' differs from '{name}' only in upper and lower case.")


def _check_limits(draft: dict[str, bytes], limits: Limits) -> None:
    if len(draft) > limits.files:
        raise EditRefused(
            f"Edit refused: the site would have {len(draft)} files; the limit is {limits.files} (limits.files)."
        )
    for path, content in draft.items():
        if len(content) > limits.file_bytes:
            raise EditRefused(
                f"Edit refused: '{path}' would be {len(content)} bytes; "
                f"the limit is {limits.file_bytes} (limits.file_bytes)."
            )
    total = sum(len(content) for content in draft.values())
    if total > limits.source_bytes:
        raise EditRefused(
            f"Edit refused: the site would be {total} bytes; the limit is {limits.source_bytes} (limits.source_bytes)."
        )


def _near(draft: dict[str, bytes], path: str) -> str:
    name = path.rpartition("/")[2]
    near = [other for other in draft if other.rpartition("/")[2] == name] or sorted(draft)[:10]
    return f"There is: {', '.join(near[:10])}." if near else "The workspace is empty."


def _shown(path: str) -> str:
    return path.encode("unicode_escape").decode("ascii")[:120]
