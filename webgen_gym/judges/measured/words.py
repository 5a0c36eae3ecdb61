"""Words of an instruction and of a page, cut down so that "booking" and "books" meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from webgen_gym.judges.ui_words import SYNONYMS
from webgen_gym.types import Task

WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
# Words that say nothing about what a website is for, among them those that every instruction uses.
_STOP = """
a able about according across additional advanced after all allow allows also an and any app application
applications apply are as at available based basic be been before being between both browser build but by can change
characteristic choose com common component components comprehensive content corresponding create creating current
data design desktop develop different display displaying each easily easy efficient element elements enable enabling
end ensure etc etcetera every existing experience feature features fill for friendly from full function functional
functionalities functionality functions general get give given good has have he help high how https i if implement
implemented implementing in include includes including information interact interactive interface into is it item
items its just kind kinds later like made main make manage management many may more multiple must need needs new
next no not number of offer on one online only operation operations or other our out over own page pages part people
perform personal platform please possible present primary program project proper provide provides providing quickly
read real related relevant required requirement result results same say section see select set several should show
showcase showing shows simple site sites smooth so some specific store style styled such suitable support supports
switch system systems take that the their them themselves then there these they this through time to tool tools type
types ui up use used useful user users using various via view viewing visitors visual want was way we web webpage
website websites well what when where which while who whole will with within without work would you your
"""
PAINT = re.compile(r"\b(background|component|element|colou?r|style)", re.I)
STOP = frozenset(_STOP.split())
_SUFFIXES = """
izations ization ations ation itions ition ments ment ness ities ity ings ing iers ions ion ers ies ied ed er es ly
al s e y
"""
SUFFIXES = tuple(_SUFFIXES.split())
# What stands in quotes, and capitals that do not begin a sentence.
NAME = re.compile(r"\"[^\"]{1,60}\"|(?<=[a-z,(&] )[A-Z]\w+(?: [A-Z]\w+)*")
MIN_STEM = 4
STEM_LENGTH = 6
ECHO_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What an instruction is about: stem → the word as it was written, and its runs of words.

    ``named`` are the stems of the things that it calls by name: a page that shows them lists nothing.
    """

    words: Mapping[str, str]
    runs: frozenset[tuple[str, ...]]
    named: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The part of a word that its relatives share."""
    word = SYNONYMS.get(word, word)
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM - 1:
            word = word[: -len(suffix)]
            break
    if len(word) > MIN_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word[:STEM_LENGTH]


def tokens(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return WORD.findall(text.lower())


def terms_of(task: Task) -> Terms:
    """The content words of the instruction, without those of the sentence that names its colours."""
    colours = [name.lower() for name in (task.palette.background_name, task.palette.component_name) if name]
    kept = [
        sentence
        for sentence in SENTENCE_END.split(task.instruction)
        if not (PAINT.search(sentence) and any(name in sentence.lower() for name in colours))
    ]
    words: dict[str, str] = {}
    for word in tokens(" ".join(kept)):
        if word not in STOP and len(word) > 2 and not word.isdigit():
            words.setdefault(stem(word), word)
    named = frozenset(stem(word) for name in NAME.findall(task.instruction) for word in tokens(name))
    return Terms(words, frozenset(runs(tokens(task.instruction))), named)


def runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every ``ECHO_LENGTH`` words in a row."""
    return (tuple(words[at : at + ECHO_LENGTH]) for at in range(len(words) - ECHO_LENGTH + 1))
