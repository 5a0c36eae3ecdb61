"""Unified diffs, read as models write them: by their context, never by their line numbers.

The counts in ``@@ -1,7 +1,9 @@`` are wrong more often than not, which strict parsers refuse;
here a hunk ends where its lines end. A rename needs git's ``rename from`` and ``rename to``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from webgen_gym.replies.draft import Draft, shown, tidy_path
from webgen_gym.types import DeleteFile, FaultCode, Hunk, PatchFile, RenameFile, WriteFile

_NOWHERE = "/dev/null"
_FENCE = "```"
_GIT = "diff --git "
_START = re.compile(r"^(?:--- [^\n]*\n\+\+\+ |diff --git )", re.MULTILINE)
_FRAGMENT = re.compile(r"^(?:```+[ \t]*(?:diff|patch|udiff)\b|@@ )", re.MULTILINE)
_GIT_PATHS = re.compile(r'diff --git "?(?:a/)?(.+?)"? "?(?:b/)(.+?)"?$')
_EXTENDED = re.compile(r"(?:index|old mode|new mode|new file|deleted file|(?:dis)?similarity|rename|copy) ")
_OF_EMPTY_FILE = re.compile(r"@@ -0(?:,0)? ")


@dataclass(slots=True)
class _Hunk:
    """The lines that a hunk takes out of the file and the lines that it puts there."""

    header: str
    taken: list[str] = field(default_factory=list)
    put: list[str] = field(default_factory=list)
    blank_end: int = 0
    open_end: bool = False

    def add(self, line: str) -> None:
        """Add one line with its mark; one without a mark is a context line whose space was lost."""
        if line.startswith("\\"):
            self.open_end = True
            return
        mark, rest = (line[0], line[1:]) if line[:1] in {" ", "-", "+"} else (" ", line)
        if mark != "+":
            self.taken.append(rest)
        if mark != "-":
            self.put.append(rest)
            self.open_end = False
        self.blank_end = 0 if line else self.blank_end + 1

    def end(self) -> None:
        """Drop blank lines at the end: they part the hunk from what follows."""
        if self.blank_end:
            del self.taken[-self.blank_end :], self.put[-self.blank_end :]

    def as_edit(self) -> Hunk:
        return Hunk(_joined(self.taken), _joined(self.put))


@dataclass(slots=True)
class _File:
    """The part of a diff about one file; ``git`` are the lines between ``diff --git`` and ``---``."""

    old: str = ""
    new: str = ""
    git: list[str] = field(default_factory=list)
    hunks: list[_Hunk] = field(default_factory=list)

    def git_value(self, key: str) -> str | None:
        """What stands behind ``key`` among git's lines; None where it is not there."""
        return next((line[len(key) :].strip().strip('"') for line in self.git if line.startswith(key)), None)


def start(text: str) -> int:
    """Where the first file header begins; -1 if there is none."""
    found = _START.search(text)
    return found.start() if found else -1


def has_fragment(text: str) -> bool:
    """True when there is a diff fence or a hunk, whether or not a header says of which file."""
    return _FRAGMENT.search(text) is not None


def read(text: str, draft: Draft) -> str:
    """Read every file's part into ``draft``, up to the first fault; return the text outside of the diff."""
    reader = _Reader(text.replace("\r\n", "\n").split("\n"), draft)
    reader.run()
    return "\n".join([*reader.outside, *reader.lines[reader.at :]])


class _Reader:
    """Walks once over the lines; ``at`` is the next one."""

    def __init__(self, lines: list[str], draft: Draft) -> None:
        self.lines = lines
        self.draft = draft
        self.at = 0
        self.outside: list[str] = []
        self._fenced = False

    def run(self) -> None:
        while self.at < len(self.lines) and not self.draft.faults:
            if self._at_header():
                _emit(self._file(), self.draft)
                self._check_end()
            else:
                self._pass()

    def _check_end(self) -> None:
        if self._fenced and self.at >= len(self.lines):
            self.draft.fault(
                FaultCode.CUT_OFF, "The reply ends inside a diff: the ``` that closes its fence is missing."
            )

    def _pass(self) -> None:
        line = self.lines[self.at]
        if line.startswith("@@ "):
            self.draft.fault(FaultCode.BAD_PATCH, "A hunk has no --- and +++ lines that say of which file it is.")
        if line.lstrip().startswith(_FENCE):
            self._fenced = not self._fenced
        self.outside.append(line)
        self.at += 1

    def _at_header(self) -> bool:
        return self.lines[self.at].startswith(_GIT) or self._at_paths()

    def _at_paths(self) -> bool:
        pair = self.lines[self.at : self.at + 2]
        return len(pair) == 2 and pair[0].startswith("--- ") and pair[1].startswith("+++ ")

    def _file(self) -> _File:
        file = _File()
        if self.lines[self.at].startswith(_GIT):
            if paths := _GIT_PATHS.match(self.lines[self.at]):
                file.old, file.new = paths[1], paths[2]
            self.at += 1
        while self.at < len(self.lines) and _EXTENDED.match(self.lines[self.at]):
            file.git.append(self.lines[self.at])
            self.at += 1
        if self.at < len(self.lines) and self._at_paths():
            old, new = _paths(self.lines[self.at][4:], self.lines[self.at + 1][4:])
            # A rename without hunks may be followed by the paths of the next file.
            if not file.old or (old in {file.old, _NOWHERE} and new in {file.new, _NOWHERE}):
                file.old, file.new = old, new
                self.at += 2
                self._hunks(file)
        return file

    def _hunks(self, file: _File) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("@@"):
                self.at += 1
            elif file.hunks or line[:1] not in {" ", "-", "+"} or self._at_header():
                break
            hunk = _Hunk(line)
            while self._in_hunk():
                hunk.add(self.lines[self.at])
                self.at += 1
            hunk.end()
            file.hunks.append(hunk)

    def _in_hunk(self) -> bool:
        if self.at >= len(self.lines) or self._at_header():
            return False
        line = self.lines[self.at]
        if line.startswith((_FENCE, "@@")):
            return False
        return self._fenced or line[:1] in {"", " ", "-", "+", "\\", "\t"}


def _paths(old: str, new: str) -> tuple[str, str]:
    """Both paths without time stamps, quotes and the ``a/`` and ``b/`` that git puts before them."""
    old, new = (path.partition("\t")[0].strip().strip('"') for path in (old, new))
    if old == new:
        return old, new
    return old.removeprefix("a/"), new.removeprefix("b/")


def _emit(file: _File, draft: Draft) -> None:
    """Turn one file's part into edits."""
    source, target = file.git_value("rename from "), file.git_value("rename to ")
    old, new = tidy_path(file.old), tidy_path(file.new)
    if source and target:
        draft.edits.append(RenameFile(tidy_path(source), tidy_path(target)))
        _patch(tidy_path(target), file, draft)
    elif not old or not new or (old == new == _NOWHERE):
        draft.fault(FaultCode.BAD_PATCH, "A part of the diff does not say of which file it is.")
    elif new == _NOWHERE or file.git_value("deleted file") is not None:
        draft.edits.append(DeleteFile(old))
    elif old == _NOWHERE or file.git_value("new file") is not None:
        draft.edits.append(WriteFile(new, _new_content(file).encode()))
    elif old != new:
        sentence = (
            f"The diff names {shown(old)} and {shown(new)}; a move needs the lines 'rename from' and 'rename to'."
        )
        draft.fault(FaultCode.BAD_PATCH, sentence)
    elif not _patch(new, file, draft):
        draft.fault(FaultCode.BAD_PATCH, f"The diff of {shown(new)} changes nothing.")


def _patch(path: str, file: _File, draft: Draft) -> bool:
    """Add what the hunks change; False when that is nothing."""
    changing = [hunk for hunk in file.hunks if hunk.taken != hunk.put]
    if any(not hunk.taken and not _OF_EMPTY_FILE.match(hunk.header) for hunk in changing):
        sentence = f"A hunk of {shown(path)} only has + lines; add a line that stays, so that its place is known."
        draft.fault(FaultCode.BAD_PATCH, sentence)
    elif changing:
        draft.edits.append(PatchFile(path, tuple(hunk.as_edit() for hunk in changing)))
    return bool(changing)


def _new_content(file: _File) -> str:
    content = _joined([line for hunk in file.hunks for line in hunk.put])
    return content[:-1] if file.hunks and file.hunks[-1].open_end else content


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
