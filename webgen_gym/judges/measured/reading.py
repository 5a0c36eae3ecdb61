"""What a page says in its own words, and what of it is padding.

Padding is text that is there to be counted: the instruction's own wording, lists of its terms, one phrase over and
over, marks that the page gives itself, words to whoever grades it. It lends no term, and the other criteria do not
see it either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from webgen_gym.judges.measured.addressed import PRAISE, addressed, matching
from webgen_gym.judges.measured.page import Mask, Page
from webgen_gym.judges.measured.words import ECHO_LENGTH, STOP, Terms, runs, stem, tokens
from webgen_gym.types import Element

# So many different terms of the instruction among so many content words in a row make a list, not a text.
LISTS = ((10, 10), (16, 15))
FEWEST_LISTED = 6
REPETITIVE_WORDS = 20
REPETITIVE_SHARE = 0.3
OWN_SHARE = 0.5
LONGEST_NAME_WORDS = 6
LONGEST_TITLE_WORDS = 8
CONTROL_MIN_PX = 12.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of each text and field that are the page's own, by element.

    ``padding`` marks the elements whose text does not count, ``addressed`` are the texts that speak to a grader.
    """

    own: Mapping[int, tuple[str, ...]]
    padding: Mask
    addressed: tuple[str, ...] = ()


def read(page: Page, terms: Terms) -> Reading:
    """Read every text that a person can read, and the names of controls that show no text."""
    spoken_to = addressed(page.elements)
    padding = np.zeros(len(page.elements), dtype=bool)
    padding[spoken_to + matching(page.elements, PRAISE)] = True
    split = {
        int(index): tokens(spoken(page.elements[index]))
        for index in np.flatnonzero((page.readable | page.interactive) & ~padding)
        if page.readable[index] or _is_mute(page.elements[index])
    }
    texts = tuple(split.values())
    echoed, listed = _echoes(texts, terms), _listed(texts, terms)
    genuine = iter([not (echo or item) for echo, item in zip(echoed, listed, strict=True)])
    own: dict[int, tuple[str, ...]] = {}
    for index, found in split.items():
        kept = tuple(word for word in found if next(genuine))
        if len(kept) < OWN_SHARE * len(found) or _is_repetitive(found):
            padding[index] = True
        else:
            own[index] = kept
    return Reading(own, padding, tuple(page.elements[index].text for index in spoken_to))


def spoken(element: Element) -> str:
    """What an element says: its text; a control with a sign for a face is read by its name."""
    return element.text if len(element.text) > 2 or not element.interactive else f"{element.text} {element.label}"


def is_usable(control: Element) -> bool:
    """Whether a control is large enough to be seen, and not called by every feature's name."""
    rect = control.rect
    return min(rect.width, rect.height) >= CONTROL_MIN_PX and len(control.label.split()) <= LONGEST_NAME_WORDS


def _is_mute(element: Element) -> bool:
    """A field or an icon: its name is read where its text would be."""
    return not element.text and is_usable(element)


def _is_repetitive(words: Sequence[str]) -> bool:
    return len(words) >= REPETITIVE_WORDS and len(set(words)) < REPETITIVE_SHARE * len(words)


def _echoes(texts: Sequence[Sequence[str]], terms: Terms) -> list[bool]:
    """Which words repeat a run of the instruction; the names of things that it asks for are no echo."""
    words = [word for text in texts for word in text]
    titles = [title for text in texts for title in [_is_title(text, terms)] * len(text)]
    echoed = [False] * len(words)
    for at, run in enumerate(runs(words)):
        if run in terms.runs and not titles[at] and not all(stem(word) in terms.named for word in run):
            echoed[at : at + ECHO_LENGTH] = [True] * ECHO_LENGTH
    return echoed


def _is_title(words: Sequence[str], terms: Terms) -> bool:
    """Whether a short text is mostly names, and long enough not to be a piece of the instruction, word by word."""
    if not ECHO_LENGTH <= len(words) <= LONGEST_TITLE_WORDS:
        return False
    return 2 * sum(stem(word) in terms.named for word in words) >= len(words)


def _listed(texts: Sequence[Sequence[str]], terms: Terms) -> list[bool]:
    """Where hardly a content word is not one of the instruction's, each another one.

    From text to text names do not count: a shop that shows the goods it was asked for makes no list of terms.
    """
    listed = _thick([word for text in texts for word in text], terms.words.keys() - terms.named)
    within = [hit for text in texts for hit in _thick(text, terms.words.keys())]
    return [across or inside for across, inside in zip(listed, within, strict=True)]


def _thick(words: Sequence[str], wanted: Set[str]) -> list[bool]:
    if len(words) < FEWEST_LISTED:
        return [False] * len(words)
    content = [at for at, word in enumerate(words) if word not in STOP and len(word) > 2]
    hits = [(place, stem(words[at])) for place, at in enumerate(content)]
    hits = [(place, term) for place, term in hits if term in wanted]
    listed = [False] * len(words)
    if len(hits) < FEWEST_LISTED:
        return listed
    for length, most in LISTS:
        for first, last in _dense(hits, length, min(most, max(FEWEST_LISTED, len(wanted)))):
            for at in content[first : last + 1]:
                listed[at] = True
    return listed


def _dense(hits: Sequence[tuple[int, str]], length: int, most: int) -> Iterable[tuple[int, int]]:
    """From where to where ``most`` different terms stand within ``length`` content words."""
    inside: Counter[str] = Counter()
    first = 0
    for place, term in hits:
        inside[term] += 1
        while place - hits[first][0] >= length:
            inside[hits[first][1]] -= 1
            if not inside[hits[first][1]]:
                del inside[hits[first][1]]
            first += 1
        if len(inside) >= most:
            yield hits[first][0], place
