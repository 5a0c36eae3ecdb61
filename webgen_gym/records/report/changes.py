"""A diff as the page shows it: one unified text per file, bounded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pygit2

_FILES = 200
_STATUS = {"A": "added", "D": "deleted", "M": "changed", "R": "renamed", "C": "copied", "T": "changed"}


def described(diff: pygit2.Diff, max_chars: int, line_chars: int) -> dict[str, Any]:
    """The files of a diff with their unified texts.

    What goes over ``max_chars`` in all, and over ``line_chars`` in a line, is cut; ``cut`` counts the lines left out
    of a file, ``more_files`` the files left out of the list.
    """
    files = []
    left = max_chars
    for patch in itertools.islice(filter(None, diff), _FILES):
        described = _file(patch, left, line_chars)
        left = max(left - len(described["text"]), 0)
        files.append(described)
    return {"files": files, "more_files": max(len(diff) - _FILES, 0)}


def _file(patch: pygit2.Patch, max_chars: int, line_chars: int) -> dict[str, Any]:
    delta = patch.delta
    _, added, removed = patch.line_stats
    lines, cut = _bounded(_lines(patch, line_chars), max_chars)
    return {
        "path": delta.new_file.path or delta.old_file.path,
        "old_path": delta.old_file.path if delta.old_file.path != delta.new_file.path else "",
        "status": _STATUS.get(delta.status_char(), "changed"),
        "added": added,
        "removed": removed,
        "binary": delta.is_binary,
        "text": "\n".join(lines),
        "cut": cut,
    }


def _lines(patch: pygit2.Patch, line_chars: int) -> Iterator[str]:
    for hunk in patch.hunks:
        yield hunk.header.rstrip("\n")
        for line in hunk.lines:
            yield _line(line, line_chars)


def _line(line: pygit2.DiffLine, line_chars: int) -> str:
    if line.origin not in "+- ":
        return "\\ No newline at the end of the file"
    text = line.raw_content.decode("utf-8", "replace").rstrip("\n")
    if len(text) > line_chars:
        text = f"{text[:line_chars]} … {len(text) - line_chars} more characters"
    return line.origin + text


def _bounded(lines: Iterator[str], max_chars: int) -> tuple[list[str], int]:
    kept: list[str] = []
    used = 0
    for line in lines:
        used += len(line) + 1
        if used > max_chars:
            return kept, 1 + sum(1 for _ in lines)
        kept.append(line)
    return kept, 0
