"""What a failed patch is told: which of its lines is not in the file, and what comes nearest to it."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from webgen_gym.replies.draft import shown

_COMPARED = 200  # characters of a line; minified lines of a megabyte would take minutes
_LIKENESS = 50.0  # of 100; below it two lines have little in common
_NAMED = 2


def complaint(lines: Sequence[str], search: Sequence[str], name: str) -> str:
    """A sentence that says why ``search`` is nowhere in ``lines``."""
    if not any(line.strip() for line in lines):
        return f"{name} does not fit: the file is empty."
    present = {line.strip() for line in lines}
    missing = next((number for number, line in enumerate(search) if line.strip() not in present | {""}), None)
    if missing is None:
        return (
            f"{name} does not fit: its lines are all in the file, but not one after the other; {_where(lines, search)}"
        )
    line = search[missing].strip()
    return f"{name} does not fit: its line {missing + 1}, {shown(line)}, is not in the file; {_like(lines, line)}"


def _where(lines: Sequence[str], search: Sequence[str]) -> str:
    first = next((line.strip() for line in search if line.strip()), "")
    numbers = [str(number) for number, line in enumerate(lines, start=1) if line.strip() == first]
    return f"the first of them is line {', '.join(numbers[:_NAMED])} of the file."


def _like(lines: Sequence[str], line: str) -> str:
    texts = [other.strip()[:_COMPARED] for other in lines]
    found = process.extract(line[:_COMPARED], texts, scorer=fuzz.ratio, limit=_NAMED, score_cutoff=_LIKENESS)
    if not found:
        return "no line of the file is like it."
    return "the nearest are " + " and ".join(f"line {at + 1}, {shown(text)}" for text, _, at in found) + "."
