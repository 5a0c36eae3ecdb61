"""What a dialect has read so far of one reply; becomes a ``Reply`` at the end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from webgen_gym.replies.formats import reminder
from webgen_gym.types import Control, Dialect, Edit, Fault, FaultCode, Reply, WriteFile

# One reply can hold tens of thousands of mistakes; its writer reads a handful.
_SHOWN = 5

_SURROGATE = re.compile("[\ud800-\udfff]")
_WORK_FOLDER = "/home/project/"  # bolt.diy names this folder in its prompt, so models trained on it write it


@dataclass(slots=True)
class Draft:
    """Collects edits, control words, faults and notes in the order in which they are read."""

    dialect: Dialect = Dialect.NONE
    edits: list[Edit] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    decoded: list[str] = field(default_factory=list)

    def fault(self, code: FaultCode, sentence: str) -> None:
        """Add a fault: the sentence, then the form that would have been right."""
        if len(self.faults) < _SHOWN:
            self.faults.append(Fault(code, f"{sentence}\n{reminder(self.dialect)}"))

    def note(self, sentence: str) -> None:
        """Add a harmless remark, once."""
        if len(self.notes) < _SHOWN and sentence not in self.notes:
            self.notes.append(sentence)

    def reply(self) -> Reply:
        """The finished value. A malformed reply carries neither edits nor a control word."""
        self._check_controls()
        self._note_decoded()
        if self.faults:
            return Reply(faults=tuple(self.faults), notes=tuple(self.notes), dialect=self.dialect)
        self._note_twice_written()
        control = self.controls[0] if self.controls else None
        return Reply(tuple(self.edits), control, (), tuple(self.notes), self.dialect)

    def _check_controls(self) -> None:
        words = list(dict.fromkeys(self.controls))
        if len(words) > 1:
            self.fault(
                FaultCode.TWO_CONTROLS, f"The reply says both {words[0]} and {words[1]}; write one control word."
            )

    def _note_decoded(self) -> None:
        if self.decoded:
            more = len(self.decoded) - 1
            files = shown(self.decoded[0]) + (f" and {more} more" if more else "")
            self.note(f"Read as HTML-encoded (&lt; for <) and decoded: {files}. Write < and > as they are.")

    def _note_twice_written(self) -> None:
        counts = Counter(edit.path for edit in self.edits if isinstance(edit, WriteFile))
        for path in [path for path, count in counts.items() if count > 1][:_SHOWN]:
            self.note(f"{shown(path)} was written {counts[path]} times; the last one counts.")


def tidy_path(raw: str) -> str:
    """The path that ``raw`` means: without spaces around it, a leading ``./`` or bolt.diy's work folder.

    Whether it stays inside the workspace is decided where files are written, not here.
    """
    path = raw.strip().removeprefix(_WORK_FOLDER)
    return path.removeprefix("./")


def valid_unicode(text: str) -> str:
    """``text`` with lone surrogates replaced, so that it can be written as UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def shown(text: str, width: int = 60) -> str:
    """``text`` on one line, without control characters, in single quotes, shortened to ``width`` characters."""
    head = text[: width + 1]
    line = "".join(mark if mark.isprintable() else " " for mark in head)
    return f"'{line[:width]}…'" if len(head) > width else f"'{line}'"
