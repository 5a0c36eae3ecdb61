"""An instruction, taken apart: what the site is, what it is for, and what people do on it.

Works on the wording that WebGen-Bench uses ("Please implement a … website to …. The website should have
functionalities for …. Users should be able to …") and degrades to fewer asks on any other text. The
closing sentence about colours is left out; the palette comes with the task.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webgen_gym.agents.template.words import VERBS, imperative, is_verb

_COLOUR = re.compile(r"\b(?:background|backgrounds|backdrop|canvas|palette|colou?r (?:all )?components?)\b", re.I)
_COLOUR_PART = re.compile(
    r"\b(?:components?|elements?|interface|UI|buttons?|blocks?|controls?|visuals?|details|layers?|layout"
    r"|theme|styling|style|pieces|cards)\b"
)
_OPENING = re.compile(
    r"^(?:please\s+)?(?:help\s+(?:me\s+)?)?(?:implement|create|develop|build|design and develop|design|fix an error on"
    r"|modify|write|make)\s+",
    re.I,
)
_PURPOSE = re.compile(
    r"\s+(?:for|to|that|on which|which|where|with|allowing|designed to|used to|used for|whose|named|called|targeting"
    r"|so that)\s+",
    re.I,
)
_FUNCTIONS = re.compile(
    r"\b(?:functionalit(?:y|ies)|features?|functions?|modules?|components?|options)\s*"
    r"(?:,|:)?\s*(?:for|such as|like|including|include|of|to)\s*:?\s+(.*)",
    re.I,
)
_PAGES = re.compile(
    r"\b(?:pages|sections|activities) (?:such as|like|including|for) (.*)|\binclude (?!pages)(.*\bpages?\b.*)", re.I
)
_SITE = re.compile(
    r"^(?:in addition,? |additionally,? |furthermore,? )?(?:the |it |this |there |please |each )?(?:\w+ ){0,3}?"
    r"(?:website|site|web app|app|"
    r"application|system|platform|game|forum|tool|dashboard|mini-program|software|service|page|plugin|management|functionality|module|it)\b",
    re.I,
)
_ABLE = re.compile(
    r"\b(?:be able(?: to)?|can|could|(?:allow(?:s|ing)?|enabl(?:e|es|ing)) (?:users|customers|people|students|them) to)"
    r"\s+(?:also )?(.*)",
    re.I,
)
_HAVE = re.compile(
    r"\b(?:should|must|will|needs? to)\s+(?:also\s+)?(?:have|include|provide|support|offer|contain|feature)\s+(.*)",
    re.I,
)
_DO = re.compile(r"\b(?:should|must|will)\s+(?:also\s+)?(?:be able to\s+)?([a-z]+\s+.*)", re.I)
_SPLIT = re.compile(r"\s*(?:,|;)\s*(?:and\s+|or\s+|as well as\s+)?|\s+as well as\s+|\s+and\s+(?:then\s+)?", re.I)
_TAIL = re.compile(r",?\s+(?:including|include|such as|like|so that|through|via|allowing|based on)\s+", re.I)
_PROPER = re.compile(r"\b(?:for|of|called|named) (?:the |The )?((?:[A-Z][\w'&-]+(?: of | for | and | )?){2,6})")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_QUOTED = re.compile(r"[\"“][^\"”]{2,60}[\"”]")
_EMPTY = {
    "more",
    "etc",
    "others",
    "so on",
    "other features",
    "etc.",
    "and more",
    "other elements",
    "interact",
    "website",
}
_NOT_FOR_PEOPLE = re.compile(
    r"(?:^when |^if |^once |user-friendly|responsive|easy to use|easy-to-use|clear navigation|ensure|adapt to"
    r"|able to attract|loading speed|secure)",
    re.I,
)
_MAX_ASKS = 28


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that the instruction wants, as an imperative: ``apply for jobs``.

    ``source`` says where it stood: ``page``, ``function``, ``ability``, ``feature`` or ``purpose``.
    """

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What an instruction says. ``name`` is empty unless the instruction gives the site a name of its own."""

    subject: str
    purpose: str
    name: str
    asks: tuple[Ask, ...]
    text: str


def read_brief(instruction: str) -> Brief:
    """Take an instruction apart. Never fails; an empty text gives a brief without asks."""
    sentences = _without_colours(_sentences(instruction))
    text = " ".join(sentences)
    opening = sentences[0] if sentences else ""
    subject, purpose = _opening(opening)
    asks = [ask for sentence in sentences[1:] for ask in _asks(_ASIDE.sub("", _QUOTED.sub("", sentence)))]
    asks += _asks_of_opening(opening, purpose)
    return Brief(subject, purpose, _name(text), _distinct(asks)[:_MAX_ASKS], text)


def _sentences(text: str) -> list[str]:
    flat = " ".join(text.split())
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])", flat) if part.strip()]


def _without_colours(sentences: list[str]) -> list[str]:
    kept = list(sentences)
    while len(kept) > 1 and _COLOUR.search(kept[-1]) and _COLOUR_PART.search(kept[-1]):
        kept.pop()
    if len(kept) > 1 and not _ABLE.search(kept[-1]) and _is_colour_order(kept[-1]):
        kept.pop()
    return kept


def _is_colour_order(sentence: str) -> bool:
    words = sentence.split()
    orders = {"use", "apply", "set", "style", "color", "choose", "assign", "configure", "define", "declare", "select"}
    return len(words) < 22 and words[0].lower() in orders and bool(_COLOUR_PART.search(sentence))


def _opening(sentence: str) -> tuple[str, str]:
    rest = _OPENING.sub("", sentence.rstrip(".")).strip()
    rest = re.sub(r"^(?:an?|the)\s+", "", rest, flags=re.I)
    parts = _PURPOSE.split(rest, maxsplit=1)
    subject = re.split(r",\s+", parts[0])[0].strip()
    return subject, parts[1].strip() if len(parts) > 1 else ""


def _asks_of_opening(sentence: str, purpose: str) -> list[Ask]:
    able = _ABLE.search(sentence)
    if able:
        return [Ask(text, "ability") for text in _phrases(able[1])]
    verb = imperative(purpose).split(" ")[0]
    if verb not in VERBS:
        return []
    said = [text if is_verb(text.split()[0]) else f"{verb} {text}" for text in _phrases(purpose)]
    return [Ask(text, "purpose") for text in said]


def _asks(sentence: str) -> list[Ask]:
    if not _ABLE.search(sentence) and not _SITE.search(sentence):
        return []
    return _managed(sentence) + _listed(sentence)


def _managed(sentence: str) -> list[Ask]:
    """What "Pharmacy management should include …" asks for besides what it includes."""
    found = re.match(r"(?:The )?(\w+(?: \w+)? management) should", sentence)
    return [Ask(found[1].lower(), "function")] if found else []


def _listed(sentence: str) -> list[Ask]:
    before, able = _two_parts(sentence)
    return (_part(before) if able else []) + _part(able or before)


def _two_parts(sentence: str) -> tuple[str, str]:
    """The two things that "should have login, and be able to show tools" says."""
    found = re.search(r",? (?:and (?:also )?(?:be able to|can)|allowing users to) ", sentence)
    return (
        (sentence[: found.start()], f"can {sentence[found.end() :]}")
        if found and _HAVE.search(sentence[: found.start()])
        else (sentence, "")
    )


def _part(sentence: str) -> list[Ask]:
    for pattern, source in (
        (_PAGES, "page"),
        (_ABLE, "ability"),
        (_FUNCTIONS, "function"),
        (_HAVE, "feature"),
        (_DO, "feature"),
    ):
        found = pattern.search(sentence)
        if found:
            said = next(group for group in found.groups() if group)
            return [Ask(text, source) for text in _phrases(said)]
    return []


_SHARING = set(
    [
        "create",
        "edit",
        "delete",
        "add",
        "view",
        "browse",
        "search",
        "manage",
        "update",
        "modify",
        "remove",
        "select",
        "purchase",
        "find",
        "upload",
        "download",
        "send",
        "receive",
        "learn",
        "publish",
        "share",
        "record",
        "track",
        "query",
        "display",
        "analyze",
        "collect",
        "perform",
        "post",
        "reply",
        "filter",
        "sort",
        "book",
        "join",
        "organize",
        "categorize",
        "read",
        "configure",
        "conduct",
        "save",
        "store",
        "preview",
        "process",
    ]
)


def _phrases(said: str) -> list[str]:
    """A list in prose → imperatives; a verb without an object borrows the object that follows it."""
    whole = re.sub(r"\b(\w+(?:ic|al)), (\w+(?:ic|al)),? and (?=\w+ \w)", r"\1/\2/", said.rstrip(". "))
    pieces = [_clean(piece) for piece in _SPLIT.split(_drop_tails(whole))]
    phrases: list[str] = []
    waiting: list[str] = []
    for piece in pieces:
        if not piece or piece in _EMPTY or _NOT_FOR_PEOPLE.search(piece):
            continue
        words = piece.split()
        if len(words) == 1 and words[0] in _SHARING:
            waiting.append(piece)
            continue
        has_verb = words[0] in VERBS and len(words) > 1
        phrases += [f"{verb} {' '.join(words[1:])}" if has_verb else f"{verb} {piece}" for verb in waiting]
        waiting = []
        phrases.append(piece)
    return phrases + waiting


def _drop_tails(said: str) -> str:
    """Cut what only explains: "view jobs, including pay and place, and apply" keeps two asks."""
    first, *tails = _TAIL.split(said)
    kept = [piece for tail in tails for piece in tail.split(",") if _stands_alone(piece)]
    return ", ".join([first, *kept])


def _stands_alone(piece: str) -> bool:
    words = piece.split()
    while words and words[0] in {"and", "or"}:
        words = words[1:]
    return len(words) > 1 and (is_verb(words[0]) or "management" in words)


def _clean(piece: str) -> str:
    text = re.sub(r"\([^)]*\)", "", piece).strip(' .:;"“”').lower() if not _PROPER.search(piece) else piece.strip(" .")
    text = re.sub(
        r"^(?:and|or|also|then|the ability to|ability to|to|for|a|an|the|various|basic"
        r"|functionalit(?:y|ies) (?:for|to))\s+",
        "",
        text,
    )
    text = re.sub(r"^(?:the )?(?:system|website|platform|application) will (?:automatically )?", "", text)
    text = re.sub(r"'s\b", "", text) if not _PROPER.search(piece) else text
    text = re.sub(
        r"\s+(?:on|in|through|from|within|via|by) (?:the|this) (?:web)?(?:site|platform|system|application|app)\b.*",
        "",
        text,
    )
    text = re.sub(r"\s+(?:functionalit(?:y|ies)|features?|functions?)$", "", text)
    return imperative(text)


def _name(text: str) -> str:
    quoted = re.search(r"(?:called|named|website|platform|app|for)\s+[\"“]([^\"”]{2,40})[\"”]", text)
    if quoted:
        return quoted[1].strip()
    proper = _PROPER.search(text)
    return proper[1].strip() if proper and len(proper[1].split()) <= 6 else ""


def _distinct(asks: list[Ask]) -> tuple[Ask, ...]:
    return tuple({ask.text: ask for ask in reversed(asks)}.values())[::-1]
