"""Kinds of records, and the nouns by which instructions call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from webgen_gym.agents.template.topics import read_data
from webgen_gym.agents.template.words import is_verb, plural, singular, title, tokens

_ENDS = (
    "for|from|of|with|based on|by|through|via|that|which|according to|in|across|within|while|so that|when|as|they|to"
    "|about|on"
)
_FILLERS = (
    "different types of|types of|type of|list of|details of|information about|information on|all|new|existing"
    "|their own|your own|their|your|his|own|other users'?|others'?|other|specific|detailed|relevant|various|related"
    "|suitable|active|current|personal|online|unnecessary|the|a|an|each|any|some|more|latest|real-time|local"
    "|customized|corresponding|multiple|several|different|generated|available|open|user-created|certain|following"
)
_REST = re.compile(rf"\s+(?:{_ENDS})\b.*")
_FILLER = re.compile(rf"\b(?:{_FILLERS})\b")
_BEFORE = """
    and or of in on to as be able is are website site use up showcase generate download will users least three two
    without total shipping status number per
"""
_BEHIND = """
    information detail details management data content posting listing listings publishing list lists function
    display recording item items records record status history catalog tracking application registration
    introduction showcase maintenance center handling processing system creation booking rosters profiles
    capabilities tools page pages feature features creator statistics
"""
_NO_NOUN = frozenset(_BEFORE.split())
_NO_TAIL = frozenset(_BEHIND.split())


def kind_of(noun: str) -> str:
    """The kind that a noun phrase names, by its last known word; empty where none is known."""
    nouns = _kind_nouns()
    for word in reversed(tokens(noun)):
        found = nouns.get(singular(word))
        if found:
            return found
    return ""


def noun_of(phrase: str) -> str:
    """The noun phrase that an ask is about: ``view detailed farm product information`` → ``farm product``."""
    words = tokens(_FILLER.sub(" ", _REST.sub("", phrase.lower())))
    while words and (is_verb(words[0]) and not kind_of(words[0]) or words[0] in _NO_NOUN):
        words.pop(0)
    while len(words) > 1 and words[-1] in _NO_TAIL:
        words.pop()
    known = [index for index, word in enumerate(words) if singular(word) in _kind_nouns()]
    end = known[-1] + 1 if known else len(words)
    start = max(0, end - 3)
    while start < end - 1 and (is_verb(words[start]) or words[start] in _NO_NOUN or words[start].isdigit()):
        start += 1
    return " ".join(words[start:end])


def label_of(noun: str) -> str:
    """A menu label for a noun phrase: ``farm product`` → ``Farm Products``."""
    return title(plural(noun))


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """The description of every kind, by name."""
    return read_data("kinds.toml")  # type: ignore[return-value]


@cache
def _kind_nouns() -> dict[str, str]:
    """Earlier kinds win a noun that two of them claim, except that a kind's own name is its own."""
    owner: dict[str, str] = {}
    for kind, spec in kinds().items():
        for noun in spec["nouns"].split():
            owner.setdefault(singular(noun), kind)
    return owner | {kind: kind for kind in kinds()}
