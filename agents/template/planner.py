"""Instruction → plan: the sections of a site, their order and their words."""

from __future__ import annotations

import re
from types import MappingProxyType

from webgen_gym.agents.template.draft import Draft, Sketch
from webgen_gym.agents.template.entries import named_entries, word_pairs
from webgen_gym.agents.template.kinds import kind_of, noun_of
from webgen_gym.agents.template.phrases import read_brief
from webgen_gym.agents.template.plan import Option, Section, SitePlan
from webgen_gym.agents.template.prose import blocks_for, facts_of, hero_of, steps_of, voices_of
from webgen_gym.agents.template.recipes_views import plan_words
from webgen_gym.agents.template.rules import lead_of, plan_asks
from webgen_gym.agents.template.subjects import game_of, is_desk, main_kind, site_name, thing_of
from webgen_gym.agents.template.tailor import tailored
from webgen_gym.agents.template.topics import topic_of
from webgen_gym.agents.template.words import plural, sentence

_MOST_SECTIONS = {"site": 9, "console": 11, "play": 6}
_LAST = ("bookings", "uploads", "settings", "about", "contact", "cart", "account")
_LEADS = {
    "about": "Who we are, what we care about, and how we work.",
    "contact": "Write, call or visit. We answer within one working day.",
    "account": "Register or log in to keep your details and everything you do here.",
    "cart": "Check quantities, enter your address and confirm the order.",
    "dashboard": "Figures at a glance: pick a metric, a period, and compare.",
    "chat": "Ask a question and get an answer right away.",
    "settings": "Decide how things look and when you hear from us.",
    "play": "Ready when you are. Your score is kept on this device.",
    "map": "Pick a pin to see what is there.",
    "bookings": "Choose what you need, pick a day and confirm.",
}


def make_plan(instruction: str) -> SitePlan:
    """Plan a site for an instruction. The same text always gives the same plan; any text gives one."""
    brief = read_brief(instruction)
    head = f"{brief.subject} {brief.purpose}"
    draft = Draft(brief, topic_of(brief.text, subject=head), main_kind(brief, head), is_desk(brief), game_of(brief))
    draft.thing = thing_of(brief)
    plan_asks(draft)
    _complete(draft)
    name = brief.name or site_name(brief, draft.topic)
    _tailor(draft, name)
    layout = "play" if draft.game else "console" if draft.desk else "site"
    sections = _sections(draft, layout)
    layout = "app" if layout == "site" and _is_app(draft, sections) else layout
    return SitePlan(
        name=name,
        layout=layout,
        topic=draft.topic,
        hero=hero_of(brief, draft.topic, sections, name=name, main=draft.main, is_game=bool(draft.game)),
        sections=sections,
        collections=tuple(draft.collections.values()),
        facts=facts_of(draft.topic, draft.main, tuple(draft.collections.values())),
        highlight=_highlight(draft, sections),
        steps=steps_of(sections),
        voices=voices_of(draft.topic),
        wanted=tuple(ask.text for ask in brief.asks),
    )


def _is_app(draft: Draft, sections: tuple[Section, ...]) -> bool:
    """A site that one works with rather than reads: what it does stands on top."""
    if not sections or sections[0].widget != "records":
        return bool(sections) and sections[0].widget not in {"", "dashboard"}
    return draft.collections[sections[0].of].desk or draft.collections[sections[0].of].view in {"rows", "board"}


def _tailor(draft: Draft, name: str) -> None:
    """Give the main list the fields and the records that the instruction names."""
    if named_entries(draft.brief.text, brand=name) and not draft.game:
        draft.shown()
    for key, collection in draft.collections.items():
        if collection.kind == draft.main:
            draft.collections[key] = tailored(collection, draft.brief.text, brand=name)


def _complete(draft: Draft) -> None:
    """What every site of its sort has, asked for or not."""
    if draft.topic.id == "voting" and not draft.game:
        draft.section("polls", "Polls", "poll", "polls", extra=False)
    elif not any(sketch.of or not sketch.extra for sketch in draft.sketches.values()) and not draft.game:
        draft.shown()
    if re.match(r"connect|match", draft.brief.purpose):
        _connect(draft)
    if not draft.game and (draft.topic.id == "vocabulary" or word_pairs(draft.brief.text)):
        _vocabulary(draft)
    if draft.game:
        draft.section("play", "Play", "dice", draft.game, extra=False)
        draft.collection("record", "player")
    elif draft.desk:
        draft.section("dashboard", "Dashboard", "chart", "dashboard", extra=False)
    else:
        draft.section("about", "About", "info", "", extra=False)
        draft.section("contact", "Contact", "mail", "contact", extra=False)
    if "cart" in draft.sketches and not any(one.options.get("act") == "Add to cart" for one in draft.sketches.values()):
        draft.records("product").options["act"] = "Add to cart"


def _connect(draft: Draft) -> None:
    """A site that connects two sorts of people lists both."""
    for piece in re.split(r",| and | with ", draft.brief.purpose):
        noun = noun_of(re.sub(r"^(?:connects?|match(?:es)?) ", "", piece))
        kind = kind_of(noun)
        if kind in {"person", "company"}:
            draft.records(kind, noun)


def _vocabulary(draft: Draft) -> None:
    if word_pairs(draft.brief.text):
        draft.sketches.pop("quiz", None)
        for mode, label in (("flashcards", "Flashcards"), ("typing", "Quiz")):
            sketch = draft.section(mode, label, "book", "words", extra=False)
            sketch.options["mode"] = mode
            sketch.of = draft.collection("word").id
        return
    draft.records("word", "word")
    plan_words(draft)
    if "game" in draft.brief.text:
        draft.section("waiting-room", "Waiting Room", "clock", "memory", extra=False)


def _sections(draft: Draft, layout: str) -> tuple[Section, ...]:
    ordered = sorted(draft.sketches.values(), key=lambda one: _rank(draft, one))
    kept = _trim([one for one in ordered if one.id != "home"], _MOST_SECTIONS[layout])
    return tuple(_section(draft, one) for one in kept)


def _rank(draft: Draft, one: Sketch) -> tuple[int, int]:
    if one.id in _LAST:
        return (3, _LAST.index(one.id))
    if one.widget == "player" or one.id == "flashcards":
        return (0, 1)
    if one.id == "play" or (one.id == "dashboard" and draft.desk):
        return (0, 0)
    if one.of and draft.collections[one.of].kind == draft.main and one.widget in {"records", "feed"}:
        return (1, 0)
    return (2, 0)


def _trim(sketches: list[Sketch], most: int) -> list[Sketch]:
    """Leave out the least asked-for middle ones where there are too many for a menu."""
    if len(sketches) <= most:
        return sketches
    spare = sorted(range(len(sketches)), key=lambda index: (len(sketches[index].asks) + 2 * (index == 0), -index))
    dropped = set(
        [index for index in spare if sketches[index].id not in {"cart", "account", "contact"}][: len(sketches) - most]
    )
    return [one for index, one in enumerate(sketches) if index not in dropped]


def _section(draft: Draft, one: Sketch) -> Section:
    collection = draft.collections.get(one.of)
    options = dict(one.options)
    if collection is not None and one.widget in {"records", "feed"}:
        desk = collection.desk or draft.desk
        options.setdefault("act", "" if draft.desk else collection.act)
        if one.widget == "feed":
            options.setdefault("create", "New")
            options |= _limits_of(draft.brief.text)
        if str(options.get("create", "")).lower() == collection.singular:
            options["create"] = "New"
        if desk:
            options.setdefault("create", "Add")
            options["edit"] = True
    lead = lead_of(one)
    return Section(
        id=one.id,
        label=_short(one.label),
        icon=one.icon,
        lead=f"{sentence(lead)}." if lead else _default_lead(draft, one),
        widget=one.widget,
        of=one.of,
        options=MappingProxyType(options),
        blocks=blocks_for(one.id, draft.topic, draft.brief),
        extra=one.extra,
    )


def _limits_of(text: str) -> dict[str, Option]:
    """How long a post may be, where the instruction says so, and whether names are optional."""
    most = re.search(r"(?:at most|up to|maximum of|limit of) (\d+) characters", text)
    found: dict[str, Option] = {"max": int(most[1])} if most else {}
    return found | ({"anonymous": True} if "anonymous" in text else {})


def _short(label: str) -> str:
    words = label.split()
    if len(label) <= 24:
        return label
    return label.split(" and ")[0] if " and " in label else " ".join(words[-2:]) if len(words) > 3 else label


def _default_lead(draft: Draft, one: Sketch) -> str:
    if one.id in _LEADS:
        return _LEADS[one.id]
    collection = draft.collections.get(one.of)
    noun = plural(collection.singular) if collection else one.label.lower()
    return f"Search, filter and open {noun} to see every detail."


def _highlight(draft: Draft, sections: tuple[Section, ...]) -> str:
    shown = [one for one in sections if one.widget in {"records", "feed"}]
    cards = [one for one in shown if draft.collections[one.of].view in {"cards", "posts"}]
    return (cards or shown)[0].id if shown else ""
