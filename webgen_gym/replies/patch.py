"""Hunks applied to a file's text, strictly enough that what changes is what was meant.

The ladder: the exact text; whole lines that differ in white space at their ends; whole lines that
are all indented by the same amount more or less. A rung that fits one place is used; one that fits
several is refused as ambiguous; one that fits nowhere leads to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from webgen_gym.errors import PatchFailed
from webgen_gym.replies.indentation import indentation, reindented, relative
from webgen_gym.replies.nearest import complaint
from webgen_gym.types import Hunk

# Each hunk may search the whole file, and a reply of a megabyte could hold tens of thousands.
HUNKS_MAX = 500

_PLACES_NAMED = 4
_LINE = re.compile(r"[^\n]*+\n|[^\n]++\Z")
_START = "\udc00"  # parts the indentation of a canonical line from its text; valid text never holds it


class _Rung(NamedTuple):
    """One way of comparing lines; ``shifts`` where a match may be indented otherwise than the search."""

    canonical: Callable[[Sequence[str]], list[str]]
    shifts: bool = False


def _trimmed(lines: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _relative(lines: Sequence[str]) -> list[str]:
    return [_START.join(pair) for pair in relative(lines)]


_RUNGS = (_Rung(list), _Rung(_trimmed), _Rung(_relative, shifts=True))


def apply_hunks(text: str, hunks: Sequence[Hunk]) -> str:
    r"""``text`` after all ``hunks``, applied in order.

    A search that ends in a newline stands for whole lines, and then so does its replacement; any
    other search is a piece of text. An empty search appends. New lines end as the file's lines do.

    Raises:
        PatchFailed: A search fits nowhere or in several places, or there are more than ``HUNKS_MAX``
            hunks. The message names the hunk and the nearest lines.
    """
    if len(hunks) > HUNKS_MAX:
        raise PatchFailed(
            f"{len(hunks)} hunks for one file are too many, the limit is {HUNKS_MAX}; write the file whole."
        )
    for number, hunk in enumerate(hunks, start=1):
        text = _applied(text, hunk, f"hunk {number} of {len(hunks)}")
    return text


def _applied(text: str, hunk: Hunk, name: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    if not hunk.search:
        joint = newline if text and not text.endswith("\n") else ""
        return text + joint + _with_ends(newline, hunk.replace)
    if not hunk.search.endswith("\n"):
        replaced = _piece_replaced(text, hunk, newline, name)
        if replaced is not None:
            return replaced
    return _lines_replaced(text, hunk, newline, name)


def _piece_replaced(text: str, hunk: Hunk, newline: str, name: str) -> str | None:
    """``text`` with the one piece replaced that equals the search; None where there is none."""
    for search in dict.fromkeys((hunk.search, _with_ends(newline, hunk.search))):
        places = list(islice(_finds(text, search), _PLACES_NAMED))
        if len(places) > 1:
            raise _ambiguous(name, [text.count("\n", 0, at) for at in places])
        if places:
            return text[: places[0]] + _with_ends(newline, hunk.replace) + text[places[0] + len(search) :]
    return None


def _lines_replaced(text: str, hunk: Hunk, newline: str, name: str) -> str:
    """``text`` with the whole lines replaced that the lowest fitting rung finds."""
    with_ends = _LINE.findall(text)
    lines, search, replace = _bare(with_ends), _bare(_LINE.findall(hunk.search)), _bare(_LINE.findall(hunk.replace))
    for rung in _RUNGS:
        places = list(islice(_line_finds(rung, lines, search), _PLACES_NAMED))
        if len(places) > 1:
            raise _ambiguous(name, places)
        if places:
            start, end = places[0], places[0] + len(search)
            if rung.shifts:
                replace = reindented(replace, indentation(search), indentation(lines[start:end]))
            put = [line + newline for line in replace]
            if put and not with_ends[end - 1].endswith("\n"):
                put[-1] = replace[-1]
            return "".join([*with_ends[:start], *put, *with_ends[end:]])
    raise PatchFailed(complaint(lines, search, name))


def _line_finds(rung: _Rung, lines: Sequence[str], search: Sequence[str]) -> Iterator[int]:
    """The numbers, from 0, of the lines at which ``search`` begins. One string search, so linear."""
    haystack = "".join(f"\n{line}" for line in rung.canonical(lines)) + "\n"
    needle = "".join(f"\n{line}" for line in rung.canonical(search)) + "\n"
    if rung.shifts:
        needle = needle[needle.index(_START) :]
    line, counted = -1, 0
    for at in _finds(haystack, needle):
        line += haystack.count("\n", counted, at + 1)
        counted = at + 1
        yield line


def _finds(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _bare(lines: Sequence[str]) -> list[str]:
    return [line.removesuffix("\n").removesuffix("\r") for line in lines]


def _with_ends(newline: str, text: str) -> str:
    return text if newline == "\n" else text.replace("\r\n", "\n").replace("\n", newline)


def _ambiguous(name: str, lines: Sequence[int]) -> PatchFailed:
    numbers = [str(line + 1) for line in lines]
    more = " and more" if len(lines) == _PLACES_NAMED else ""
    places = f"lines {', '.join(numbers)}{more}"
    return PatchFailed(f"{name} fits in several places ({places}); add lines around it until only one fits.")
