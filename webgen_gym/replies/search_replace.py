"""Search/replace blocks as aider writes them: a path, then ``<<<<<<< SEARCH``, ``=======``, ``>>>>>>> REPLACE``.

Fences round a block are ignored. A block without a path of its own belongs to the file before it.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from webgen_gym.replies.draft import Draft, tidy_path
from webgen_gym.types import FaultCode, Hunk, PatchFile

_OPEN = re.compile(r"[ \t]*+(<{5,9}) ?SEARCH>?[ \t\r]*+$", re.MULTILINE)
_CLOSE = re.compile(r"[ \t]*+>{5,9} ?REPLACE[ \t\r]*+$")
_FENCE = "```"
_ABOVE = 4  # lines above a block in which its path is looked for

_LABEL = re.compile(r"[\s#*>-]*+(?:\d+[.)]\s+)?(?:\*\*|//\s)?(?:(?:file|path|filename)\s*:\s*)?", re.IGNORECASE)
_QUOTED = re.compile(r"`([^`]+)`")
_PLAIN_NAMES = frozenset({"dockerfile", "license", "makefile", "procfile"})


class _Block(NamedTuple):
    hunk: Hunk
    end: int


class _Broken(NamedTuple):
    code: FaultCode
    sentence: str


def start(text: str) -> int:
    """Where the first block begins; -1 if there is none."""
    found = re.search(rf"^{_OPEN.pattern}", text, re.MULTILINE)
    return found.start() if found else -1


def read(text: str, draft: Draft) -> str:
    """Read every block into ``draft``, up to the first fault; return the text outside of blocks."""
    lines = text.split("\n")
    outside: list[str] = []
    hunks: list[tuple[str, Hunk]] = []
    path, at = "", 0
    while at < len(lines) and not draft.faults:
        opening = _OPEN.match(lines[at])
        if opening is None:
            outside.append(lines[at])
            at += 1
            continue
        path = _path_above(outside[-_ABOVE:]) or path
        block = _block(lines, at + 1, len(opening[1]))
        if isinstance(block, _Broken):
            draft.fault(block.code, block.sentence)
        elif not path:
            draft.fault(FaultCode.BAD_PATCH, "The first search/replace block has no path above it.")
        else:
            hunks.append((path, block.hunk))
            at = block.end
    for name, group in groupby(hunks, key=itemgetter(0)):
        draft.edits.append(PatchFile(name, tuple(hunk for _, hunk in group)))
    return "\n".join([*outside, *lines[at:]])


def _block(lines: list[str], at: int, width: int) -> _Block | _Broken:
    """The block whose first line after ``<<<<<<< SEARCH`` is ``lines[at]``; its divider is ``width`` long."""
    halves: list[list[str]] = [[], []]
    half = 0
    for number in range(at, len(lines)):
        line = lines[number].removesuffix("\r")
        if _CLOSE.match(line):
            return _finished(halves, half, number)
        if _OPEN.match(line):
            return _Broken(
                FaultCode.BAD_PATCH, "A search/replace block begins inside another; end each with >>>>>>> REPLACE."
            )
        if half == 0 and line.rstrip() == "=" * width:
            half = 1
        else:
            halves[half].append(line)
    return _Broken(FaultCode.CUT_OFF, "The reply ends inside a search/replace block: its >>>>>>> REPLACE is missing.")


def _finished(halves: list[list[str]], half: int, number: int) -> _Block | _Broken:
    if half == 0:
        return _Broken(FaultCode.BAD_PATCH, "A search/replace block has no ======= line between its two parts.")
    search, replace = ("".join(f"{line}\n" for line in lines) for lines in halves)
    if not search and not replace:
        return _Broken(FaultCode.BAD_PATCH, "A search/replace block is empty.")
    return _Block(Hunk(search, replace), number + 1)


def _path_above(lines: list[str]) -> str:
    """The path in the last line that is neither blank nor a bare fence; "" where that is prose."""
    for line in reversed(lines):
        label = _fence_label(line) if line.lstrip().startswith(_FENCE) else line.strip()
        if label:
            return _path_in(label)
    return ""


def _fence_label(line: str) -> str:
    """What follows the language of a fence, as in ```` ```js src/App.jsx ````; a lone word is a language."""
    words = re.split(r"[\s:=]+", line.strip().strip("`"))
    return words[-1] if _is_path(words[-1]) else ""


def _path_in(line: str) -> str:
    quoted = _QUOTED.findall(line)
    if len(quoted) == 1 and re.search(r"[./]", quoted[0]):
        return tidy_path(quoted[0])
    label = _LABEL.match(line)
    bare = line[label.end() if label else 0 :].strip().rstrip(":").strip("*\"' ")
    return tidy_path(bare) if _is_path(bare) else ""


def _is_path(word: str) -> bool:
    if not word or re.search(r"[\s<>|]", word):
        return False
    return word.lower() in _PLAIN_NAMES or (re.search(r"[./]", word) is not None and not word.endswith("."))
