"""How far lines are indented against each other, so that a whole block may be moved sideways."""

from __future__ import annotations

from collections.abc import Sequence


def indentation(lines: Sequence[str]) -> str:
    """The white space before the first line that is not blank; "" if all are."""
    return next((_indent(line) for line in lines if line.strip()), "")


def relative(lines: Sequence[str]) -> list[tuple[str, str]]:
    """For each line its step from the line before and its text, both the same wherever the block stands.

    Blank lines are ``("", "")`` and no step is measured from them.
    """
    steps: list[tuple[str, str]] = []
    before: str | None = None
    for line in lines:
        text = line.strip()
        if text:
            indent = _indent(line)
            steps.append((_step(before, indent), text))
            before = indent
        else:
            steps.append(("", ""))
    return steps


def reindented(lines: Sequence[str], old: str, new: str) -> list[str]:
    """``lines``, written for a block indented by ``old``, moved to one indented by ``new``."""
    return [_moved(line, old, new) for line in lines]


def _moved(line: str, old: str, new: str) -> str:
    if not line.strip():
        return line
    if line.startswith(old):
        return new + line[len(old) :]
    indent = _indent(line)
    kept = max(len(indent) + len(new) - len(old), 0)
    return new[:kept] + line[len(indent) :]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _step(before: str | None, indent: str) -> str:
    if before is None:
        return "^"
    if indent.startswith(before):
        return f"+{indent[len(before) :]}"
    if before.startswith(indent):
        return f"-{before[len(indent) :]}"
    return f"!{indent}"
