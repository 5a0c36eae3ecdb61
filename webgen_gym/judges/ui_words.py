"""What a page says, compared tolerantly: words, phrases, numbers, order.

Case, accents of width, spacing, plural endings, pictograms and everyday synonyms do not matter; the bounds of
words do, so that "12" is not found in "2012".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

NAMES_KEPT = 4096

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"(?<![\w.,])[-−]?(?:\d{1,3}(?:[,.'\u00a0\u202f ]\d{3})+|\d+)(?:[.,]\d+)?(?!\d)")

GLYPHS = {
    **dict.fromkeys("×✕✖✗✘❌⨯", " close delete "),
    **dict.fromkeys("🗑", " delete "),
    **dict.fromkeys("✏✎🖉📝", " edit "),
    **dict.fromkeys("+＋➕", " add "),
    **dict.fromkeys("-−–➖", " less "),
    **dict.fromkeys("🔍🔎", " search "),
    **dict.fromkeys("☰≡", " menu "),
    **dict.fromkeys("♥❤♡👍⭐★☆", " like favorite "),
    **dict.fromkeys("✓✔☑✅", " done "),
    **dict.fromkeys("›»→⟩❯⏭⏩", " next "),
    **dict.fromkeys("‹«←◀⟨❮⏮⏪", " previous "),
    **dict.fromkeys("▶►", " play next "),
    **dict.fromkeys("⏸", " pause "),
    **dict.fromkeys("🛒🛍", " cart "),
    **dict.fromkeys("🌙☀🌞🌓", " theme "),
    **dict.fromkeys("▲△⬆🔼", " up vote "),
    **dict.fromkeys("▼▽⬇🔽", " down vote "),
    **dict.fromkeys("⚙", " settings "),
    **dict.fromkeys("🏠", " home "),
}

SYNONYMS = {
    member: chosen
    for chosen, members in {
        "search": "search find lookup query",
        "delete": "delete remove trash erase",
        "add": "add new create",
        "edit": "edit modify",
        "cart": "cart basket bag",
        "favorite": "favorite favourite bookmark",
        "color": "color colour",
        "login": "login signin",
        "register": "register signup",
        "email": "email mail",
        "telephone": "telephone phone tel mobile",
    }.items()
    for member in members.split()
}
SINGULAR = frozenset({"news"})
JOINED = {("log", "in"): "login", ("sign", "in"): "login", ("sign", "up"): "register", ("look", "up"): "search"}


@lru_cache(maxsize=NAMES_KEPT)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded so that equal meaning mostly gives equal words."""
    spelt = "".join(GLYPHS.get(char, char) if _is_sign(char, text) else char for char in text)
    plain = [_singular(word) for word in WORD.findall(_folded(spelt).replace("e-mail", "email"))]
    return tuple(SYNONYMS.get(word, word) for word in _joined(plain))


def says(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, as written but for case and spacing, at the bounds of words."""
    return bool(_phrase(phrase).search(flat(text)))


def times(text: str, phrase: str) -> int:
    """How often a phrase stands in a text."""
    return len(_phrase(phrase).findall(flat(text)))


def in_order(text: str, phrases: list[str]) -> bool:
    """Whether the first places of the phrases come one after the other."""
    found = [_phrase(phrase).search(flat(text)) for phrase in phrases]
    places = [match.start() for match in found if match]
    return len(places) == len(phrases) and places == sorted(places)


def holds_number(text: str, number: str) -> bool:
    """Whether a number stands in a text in any notation, equal to ``number`` at its number of decimals."""
    decimals = len(number.partition(".")[2])
    half = 0.5 * 10**-decimals + 1e-9
    return any(abs(value - float(number)) <= half for value in _numbers(text))


def flat(text: str) -> str:
    """The text in lower case, on one line, with plain spaces."""
    return " ".join(_folded(text).split())


def printable(text: str) -> str:
    """The text with spaces for what cannot be printed: control characters, halves of surrogate pairs."""
    return "".join(char if char.isprintable() else " " for char in text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _is_sign(char: str, text: str) -> bool:
    """Plus and minus are pictograms only where they stand alone, not in "C++" or "check-in"."""
    return char not in "+-−–" or text.strip() == char or text.strip().startswith(char + " ")


def _singular(word: str) -> str:
    if word in SINGULAR:
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _joined(plain: list[str]) -> Iterator[str]:
    index = 0
    while index < len(plain):
        pair = JOINED.get((plain[index], plain[index + 1])) if index + 1 < len(plain) else None
        yield pair or plain[index]
        index += 2 if pair else 1


def _phrase(phrase: str) -> re.Pattern[str]:
    wanted = flat(phrase)
    before = r"(?<!\w)" if wanted[:1].isalnum() else ""
    after = r"(?!\w)" if wanted[-1:].isalnum() else ""
    return re.compile(before + re.escape(wanted) + after)


def _numbers(text: str) -> Iterator[float]:
    for match in NUMBER.finditer(text):
        digits = re.sub(r"['\u00a0\u202f ]", "", match[0].replace("−", "-"))
        yield from _readings(digits)


def _readings(digits: str) -> Iterator[float]:
    """Both readings of "1,234": a thousand and more, or one and a bit."""
    for thousands, decimal in ((",", "."), (".", ",")):
        plain = digits.replace(thousands, "").replace(decimal, ".")
        if plain.count(".") <= 1:
            yield float(plain)
