"""Features that an instruction names, and what of a page shows them.

A feature is shown by a control whose name says so, or by an element of a fitting kind; text alone shows none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webgen_gym.judges.measured.page import Page
from webgen_gym.types import Element, Task

FIELD_TAGS = frozenset({"input", "textarea", "select"})
DRAWING_TAGS = frozenset({"svg", "canvas", "img"})
DRAWING_MIN_PX = 12_000.0
THUMBNAIL_MIN_PX = 2_500.0
BARS_MIN = 3
ROW_MIN_PX = 120.0


@dataclass(frozen=True, slots=True)
class Feature:
    """What asks for it in an instruction, what names its control, and what else shows it."""

    name: str
    asked: re.Pattern[str]
    control: re.Pattern[str]
    shown: Callable[[Page], bool]


def _no_other(page: Page) -> bool:
    del page
    return False


def _has_tag(*tags: str) -> Callable[[Page], bool]:
    return lambda page: any(element.tag in tags for element in page.elements)


def _drawing(page: Page) -> bool:
    if any(element.tag in DRAWING_TAGS - {"img"} and element.rect.area >= DRAWING_MIN_PX for element in page.elements):
        return True
    return _bars(page)


def _bars(page: Page) -> bool:
    """Boxes with a colour and no text, side by side under one parent, unequal in one direction."""
    sizes: dict[int, set[tuple[float, float]]] = {}
    for element in page.elements:
        if element.background[3] > 0.5 and not element.text and element.rect.area >= 50:
            sizes.setdefault(element.parent, set()).add((element.rect.width, element.rect.height))
    return any(
        len(found) >= BARS_MIN and 1 in (len({width for width, _ in found}), len({height for _, height in found}))
        for found in sizes.values()
    )


def _map(page: Page) -> bool:
    return any(
        element.tag in DRAWING_TAGS | {"iframe"} and element.rect.area >= DRAWING_MIN_PX for element in page.elements
    )


def _gallery(page: Page) -> bool:
    return sum(element.tag in DRAWING_TAGS and element.rect.area >= THUMBNAIL_MIN_PX for element in page.elements) >= 3


def _choices(page: Page) -> bool:
    return (
        sum(element.tag == "select" or element.role in {"checkbox", "radio", "tab"} for element in page.elements) >= 1
    )


def _form(page: Page) -> bool:
    fields = sum(element.tag in FIELD_TAGS for element in page.elements)
    return fields >= 2 and any(element.tag == "button" or element.role == "button" for element in page.elements)


def _rows(page: Page) -> bool:
    if sum(element.tag in {"tr", "li", "article"} for element in page.elements) >= 3:
        return True
    alike = Counter((element.parent, element.tag, element.rect.width) for element in page.elements if _is_row(element))
    return max(alike.values(), default=0) >= 3


def _is_row(element: Element) -> bool:
    """A box as wide as its neighbours that is no line of text by its kind."""
    return element.tag in {"div", "section", "a"} and element.rect.width >= ROW_MIN_PX


def _feature(name: str, asked: str, control: str, shown: Callable[[Page], bool] = _no_other) -> Feature:
    wanted = rf"(?<!\bno )(?<!\bwithout )(?<!\bwithout a )\b(?:{asked})"
    return Feature(name, re.compile(wanted, re.I), re.compile(rf"\b(?:{control})", re.I), shown)


FEATURES = (
    _feature("search", r"search|look up|quer(y|ies)", r"search|find|look up|query|keyword"),
    _feature("filter", r"filter|by categor", r"filter|categor|all\b|genre|type\b|kind\b|any\b|show\b", _choices),
    _feature("sort", r"sort(ing|ed)?\b", r"sort|order by|newest|oldest|price"),
    _feature("shopping cart", r"(shopping )?cart\b|shopping basket", r"cart|basket|bag\b|buy|checkout"),
    _feature(
        "payment",
        r"pay\b|payment|check ?out\b|purchas|place orders?|top.?up",
        r"pay|check ?out|order|buy|purchase|top.?up",
    ),
    _feature("login", r"log ?in|sign ?in\b|authenticat", r"log ?in|sign ?in|log ?out|sign ?out|account|profile"),
    _feature(
        "registration",
        r"regist(er|ration)|sign ?up|create (an )?account",
        r"regist|sign ?up|join|create (an )?account|subscribe",
    ),
    _feature(
        "form",
        r"forms?\b|fill (in|out)|submit|contact (us|form)|inquir|enter(ing)? (their|data|information)",
        r"submit|send|contact us",
        _form,
    ),
    _feature("chart", r"charts?\b|graphs?\b|visuali[sz]|plot(s|ting)?\b", r"chart|graph", _drawing),
    _feature(
        "table or list",
        r"tables?\b|lists?\b|records?\b|(?<!natural )history\b(?! museum)|histories|leader ?board|ranking",
        r"history|records|list\b",
        _rows,
    ),
    _feature(
        "comments",
        r"comment|review(s|ing)?\b|discuss|forum",
        r"comment|review|reply|post\b|discuss",
        _has_tag("textarea"),
    ),
    _feature(
        "upload",
        r"upload|import(ing)?\b|attach",
        r"upload|import|choose file|attach|drop|browse files|add (photo|file|image|video)",
    ),
    _feature("download", r"download|export", r"download|export|save"),
    _feature("map", r"maps?\b|mapping", r"map\b|directions", _map),
    _feature(
        "booking",
        r"book(s|ing|ings)?\b(?! ?(shop|store|s\b|goods|quantit))|reserv|appointment|schedul",
        r"book|reserv|appointment|schedul|choose a date|calendar",
    ),
    _feature(
        "chat",
        r"chat|messaging\b|instant messag|(send|receiv|exchang)\w* (\w+ ){0,2}messages?\b",
        r"chat|messag|send",
    ),
    _feature(
        "player",
        r"play(ing|back)?\b.*(video|audio|music|media)|(video|audio|music|podcast)s?\b",
        r"play|pause|listen|watch",
        _has_tag("video", "audio"),
    ),
    _feature("gallery", r"galler|photo|portfolio|pictures?\b|images\b", r"gallery|enlarge|photo", _gallery),
    _feature("sharing", r"shar(e|ing)\b", r"share|copy link|invite|send"),
    _feature(
        "saving",
        r"favou?rite|bookmark|wish ?list|save (\w+ )?(for later|cities|recipes)|collect",
        r"save|favou?rite|bookmark|wish ?list|like\b|♡|♥|☆|★",
    ),
    _feature("voting", r"vot(e|es|ing)\b|polls?\b|rat(e|ing)s?\b|likes?\b", r"vote|like|rate|rating|star|upvote|▲|👍"),
    _feature(
        "adding",
        r"add(ing)?\b|creat(e|ing) (and|new|tasks|job|posts?|projects?|events?)|enter(ing)? data|publish",
        r"add|create|new\b|publish|post\b|\+",
    ),
    _feature("deleting", r"delet|remov", r"delete|remove|clear|×|✕|✖|🗑"),
    _feature(
        "editing",
        r"edit(ing)?\b|modif|customi[sz]|chang(e|ing)\b|set (a|the|their)\b|adjust",
        r"edit|modify|change|customi|settings|update|more\b|fewer\b|raise|lower|\+|−",
    ),
    _feature(
        "quiz or game", r"quiz|games?\b|puzzle|test yourself", r"start|play|next|answer|new game|restart|roll|flip"
    ),
    _feature("settings", r"settings|preferences|configur", r"settings|preferences|configur|options"),
    _feature("notifications", r"notif|alerts?\b|remind", r"notif|alert|remind"),
    _feature("newsletter", r"newsletter|subscri", r"subscri|sign ?up|newsletter|join|e-?mail"),
    _feature("statistics", r"statistic|analytic|dashboard|metrics", r"statistic|analytic|dashboard|report", _drawing),
)


def asked_for(task: Task) -> tuple[Feature, ...]:
    """The features that the instruction names."""
    return tuple(feature for feature in FEATURES if feature.asked.search(task.instruction))


def is_shown(feature: Feature, page: Page, names: str) -> bool:
    """Whether a control's name or a fitting element shows the feature; ``names`` are those of the controls."""
    return feature.control.search(names) is not None or feature.shown(page)


def names_of(controls: Iterable[Element]) -> str:
    """What controls are called, a line each: one search over all of them finds what a search over each would."""
    return "\n".join(dict.fromkeys(f"{element.label} {element.text}" for element in controls))
