"""Records that an instruction names: "It sells Jade Fog for 12.40 and Ember Chai for 9.75" names two with a price."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"[\"“](?P<quoted>[^\"”]{2,48})[\"”]|(?P<proper>[A-Z][\w'’-]+(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w'’-]*)*)"
)
_AFTER = re.compile(
    r"\s*(?:\((?P<note>[^)]{1,48})\))?\s*(?:(?:at|for|with|costs)\s+[$€£]?(?P<number>\d+(?:[.,]\d+)?))?"
)
_COMMON = """
    I It My The A An All Users User Visitors Readers Employees Customers Clients Everything Every Please People They Set
    Use Apply Choose Home About Contact Python WhatsApp SMS Excel PDF X O Draw Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday Sent Trash To Doing Done English German Europe AI CRM API IT UI
"""
_NOT_NAMES = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that the instruction names, with what stands behind it in brackets and a number."""

    name: str
    note: str = ""
    number: float | None = None


def named_entries(text: str, *, brand: str = "") -> tuple[Entry, ...]:
    """The records that a text names; empty unless there are two of them, or one in quotes."""
    opening, *others = [_in_sentence(part, brand) for part in re.split(r"(?<=[.!?])\s+", text)]
    later = [entry for part in others for entry in part]
    # What the opening names without a word about it is whom the site is for, once others are named.
    found = [pair for pair in opening if not later or pair[1].note or pair[1].number is not None] + later
    quoted = [entry for is_quoted, entry in found if is_quoted]
    entries = quoted or [entry for _, entry in found]
    distinct = {entry.name: entry for entry in reversed(entries)}
    return tuple(reversed(distinct.values())) if quoted or len(distinct) >= 2 else ()


def _in_sentence(part: str, brand: str) -> list[tuple[bool, Entry]]:
    matches = [match for match in _NAME.finditer(part) if _is_name(match, brand)]
    made: list[tuple[bool, Entry]] = []
    for index, match in enumerate(matches):
        after = _AFTER.match(part, match.end())
        assert after is not None
        note = after["note"] or _shared_note(part, match, matches[index + 1 :])
        number = float(after["number"].replace(",", ".")) if after["number"] else None
        made.append((bool(match["quoted"]), Entry((match["quoted"] or match["proper"]).strip(), note, number)))
    return made


def _shared_note(part: str, match: re.Match[str], later: list[re.Match[str]]) -> str:
    """In "Rye Loaf and Seeded Loaf (breads)" the bracket speaks of both."""
    if not later or part[match.end() : later[0].start()].strip() not in {"and", ","}:
        return ""
    after = _AFTER.match(part, later[0].end())
    return (after["note"] if after else "") or ""


def _is_name(match: re.Match[str], brand: str) -> bool:
    name = (match["quoted"] or match["proper"]).strip()
    if brand and name in brand:
        return False
    return bool(match["quoted"]) or (match.start() > 0 and not _no_name(name))


def _no_name(name: str) -> bool:
    return all(word in _NOT_NAMES for word in name.split()) or name.isupper()


def word_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Words with their meaning in brackets, ``culina (kitchen)``; empty unless there are three."""
    pairs = tuple(re.findall(r"\b([a-zà-ÿ]{3,}) \(([a-zà-ÿ ]{3,24})\)", text))
    return pairs if len(pairs) >= 3 else ()
