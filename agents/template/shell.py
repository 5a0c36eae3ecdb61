"""What a site's frame shows, worked out once for both forms: what is in front, the first look, the index."""

from __future__ import annotations

from dataclasses import dataclass

from webgen_gym.agents.template.plan import Section, SitePlan
from webgen_gym.agents.template.records import Collection, Value
from webgen_gym.agents.template.spec import Reach
from webgen_gym.agents.template.words import is_verb, sentence

_IN_FRONT = {"play": "play", "console": "dashboard"}
_AT_ONCE = frozenset(
    ["records", "feed", "polls", "editor", "builder", "studio", "words", "player", "estimate", "quiz", "assess"]
)
_APART = ("account", "cart", "about")
_MOST_TOPICS = 12
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One record as a teaser: its name, a few facts, a sentence."""

    title: str
    facts: Pairs
    text: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one version of a site; parts that this version does not have are empty."""

    front: tuple[Section, ...]
    views: tuple[Section, ...]
    actions: Pairs
    search: tuple[str, str] | None
    facts: Pairs
    highlight: Section | None
    cards: tuple[Card, ...]
    topics: Pairs
    steps: Pairs
    voices: Pairs
    call: tuple[str, str] | None


def shell_of(plan: SitePlan, reach: Reach, *, polished: bool) -> Shell:
    """The frame of a plan at one reach; the finish brings figures, steps, voices and the index."""
    front = _front(plan, reach)
    apart = [one for one in reach.sections if one.id == plan.highlight and plan.layout != "play" and one not in front]
    highlight = apart[0] if apart else None
    shows = plan.collection(highlight.of) if highlight is not None else None
    ways = tuple((one.label, one.id) for one in reach.sections if one.id not in _APART)[:2]
    site = plan.layout in {"site", "app"}
    searched = next((one for one in reach.sections if one.id == plan.highlight), None)
    return Shell(
        front=front,
        views=tuple(one for one in reach.sections if one not in front),
        actions=ways,
        search=(searched.id, plan.collection(searched.of).plural) if plan.layout == "site" and searched else None,
        facts=plan.facts if plan.layout == "site" and polished else (),
        highlight=highlight,
        cards=tuple(_card(shows, row) for row in shows.rows[:3]) if shows is not None else (),
        topics=_topics(plan, reach) if polished else (),
        steps=plan.steps if site and polished and len(plan.steps) > 1 else (),
        voices=plan.voices if site and polished else (),
        call=ways[0] if site and polished and ways else None,
    )


def _front(plan: SitePlan, reach: Reach) -> tuple[Section, ...]:
    """What the first view shows at once: the game, the figures, or the list that the site is about."""
    named = _IN_FRONT.get(plan.layout)
    if named:
        return tuple(one for one in reach.sections if one.id == named)
    return tuple(one for one in reach.sections[:1] if one.widget in _AT_ONCE)


def _card(collection: Collection, row: tuple[Value, ...]) -> Card:
    pairs = list(zip(collection.columns, row, strict=True))[1:]
    facts = tuple((column.label, _shown(value, column.type)) for column, value in pairs[:4] if column.type != "long")
    return Card(str(row[0]), facts, next((str(value) for column, value in pairs if column.type == "long"), ""))


def _shown(value: Value, kind: str) -> str:
    if kind == "money" and isinstance(value, int | float):
        return f"${value:,}"
    return f"{value} %" if kind == "percent" else str(value)


def _topics(plan: SitePlan, reach: Reach) -> Pairs:
    """The index: every wish of the instruction as a link to where it is granted, and words that were missed."""
    wishes = [text for text in plan.wanted if is_verb(text.split()[0]) and 8 < len(text) < 48]
    missed = [next((text for text in plan.wanted if word.lower() in text), word) for word in plan.asked]
    texts = list(dict.fromkeys(sentence(_to_reader(text)) for text in [*missed, *wishes]))
    return tuple((text, _home_of(text, reach)) for text in texts[: _MOST_TOPICS + len(missed)])


def _home_of(text: str, reach: Reach) -> str:
    """The section that speaks most of the text's words."""
    words = {word[:5] for word in text.lower().split() if len(word) > 3}

    def shared(one: Section) -> int:
        return sum(word in f"{one.label} {one.lead}".lower() for word in words)

    return max(reach.sections, key=shared).id if reach.sections else "home"


def _to_reader(text: str) -> str:
    return text.replace("their own", "your own").replace("their ", "your ")
