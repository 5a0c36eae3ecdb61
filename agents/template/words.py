"""Small English: verbs, plurals, titles. Enough for the nouns and verbs of an instruction, no more."""

from __future__ import annotations

import re
from collections.abc import Sequence

_VERB_LIST = """
    accept access achieve add adjust advertise alert allow analyze answer apply approve arrange ask assess assign attend
    automate back backup bid bind block book browse build buy calculate call cancel capture categorize challenge change
    chat check choose click clock collaborate collect comment communicate compare complete conduct configure confirm
    connect consult contact contribute control convert create customize debug delete deploy deposit describe design
    detect dismantle display discuss distribute donate download drag draw earn edit email embed enable encrypt engage
    enroll ensure enter estimate evaluate execute explore export extract fill filter find flip follow forward gain
    generate get give group handle help hire hit identify implement import improve inform input inspect interact
    introduce invite issue join learn leave like listen locate log look maintain make manage map mark match measure
    meet merge message modify monitor move navigate negotiate notify offer open order organize participate pause pay
    perform place plan play post practice predict preview print process produce promote provide publish purchase push
    query rate reach read receive recharge recognize recommend record redeem refresh register reject remove rent reply
    report request reschedule reserve reset resign respond restart resume return revive review rotate run save scan
    schedule score search see select sell send set settle share shop show showcase sign simulate solve sort spin spot
    start stop store stream study submit subscribe switch sync take talk tag teach test top track trade train transfer
    translate type understand undo unsubscribe update upgrade upload use utilize validate verify view visit visualize
    vote watch win withdraw write
"""
VERBS = frozenset(_VERB_LIST.split())
_PLURAL = {"person": "people", "child": "children", "staff": "staff", "news": "news", "series": "series",
           "species": "species", "equipment": "equipment", "music": "music", "software": "software",
           "poetry": "poems", "information": "information", "data": "data", "statistics": "statistics",
           "analysis": "analyses", "inventory": "inventory", "personnel": "personnel", "company": "companies",
           "weather": "weather", "production": "production"}  # fmt: skip
_SINGULAR = {"people": "person", "children": "child", "news": "news", "series": "series", "species": "species",
             "statistics": "statistics", "analyses": "analysis", "data": "data", "movies": "movie", "cookies": "cookie",
             "expenses": "expense", "purchases": "purchase", "courses": "course", "services": "service",
             "houses": "house", "cases": "case", "exercises": "exercise", "licenses": "license", "process": "process",
             "business": "business", "access": "access", "address": "address", "bus": "bus", "status": "status",
             "progress": "progress", "tennis": "tennis", "canvas": "canvas", "analytics": "analytics",
             "releases": "release", "phrases": "phrase", "nurses": "nurse", "responses": "response", "menus": "menu",
             "databases": "database", "warehouses": "warehouse", "franchises": "franchise", "leaves": "leaf",
             "bonus": "bonus"}  # fmt: skip
_SMALL = {"and", "of", "the", "for", "to", "a", "an", "in", "on", "at", "by", "with", "or", "from"}
_UPPER = {"ai", "aqi", "sms", "crm", "erp", "faq", "qr", "pdf", "rss", "cms", "seo", "hr", "tv", "ui", "php", "api",
          "iot", "3d", "2d", "vr", "ar", "b2b", "csv", "url", "nft", "gps", "id", "rto", "ppt"}  # fmt: skip


def imperative(phrase: str) -> str:
    """``browsing farm products`` → ``browse farm products``; other phrases come back as they are."""
    first, _, rest = phrase.partition(" ")
    base = _base(first.lower())
    return phrase if base is None else f"{base} {rest}".strip()


def is_verb(word: str) -> bool:
    """True for a verb of the list, in its base form or as a gerund."""
    return _base(word.lower()) is not None


def _base(word: str) -> str | None:
    if word in VERBS or not word.endswith("ing"):
        return word if word in VERBS else None
    stem = word[:-3]
    return next((candidate for candidate in (stem, stem + "e", stem[:-1]) if candidate in VERBS), None)


def singular(noun: str) -> str:
    """The singular of a noun phrase; only its last word changes."""
    *head, last = noun.split() or [""]
    return " ".join([*head, _singular(last)])


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:sh|ch|x|ss|zz)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(noun: str) -> str:
    """The plural of a noun phrase; a plural stays as it is."""
    *head, last = noun.split() or [""]
    return " ".join([*head, _plural(last)])


def _plural(word: str) -> str:
    base = _singular(word)
    if base in _PLURAL:
        return _PLURAL[base]
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ies"
    if re.search(r"(?:s|sh|ch|x|z)$", base):
        return base + "es"
    return base + "s"


def title(text: str) -> str:
    """Headline case: ``list of farm products`` → ``List of Farm Products``; capitals that stand stay."""
    words = text.split()
    return " ".join(_title_word(word, index in (0, len(words) - 1)) for index, word in enumerate(words))


def _title_word(word: str, outer: bool) -> str:
    if word.lower() in _UPPER:
        return word.upper()
    if (word in _SMALL and not outer) or word != word.lower():
        return word
    return "-".join(part if part in _SMALL else part[:1].upper() + part[1:] for part in word.split("-"))


def sentence(text: str) -> str:
    """The first letter large, the rest as it is, no full stop at the end."""
    cleaned = text.strip().rstrip(".")
    return cleaned[:1].upper() + cleaned[1:]


def joined(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def tokens(text: str) -> list[str]:
    """The words of a text in lower case; a hyphen inside belongs to its word."""
    return re.findall(r"[a-z0-9][a-z0-9-]*", text.lower())
