"""The words around the lists: headline, figures, steps, voices, and the sections that are only read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from webgen_gym.agents.template.kinds import label_of
from webgen_gym.agents.template.phrases import Brief
from webgen_gym.agents.template.plan import Block, Hero, Section
from webgen_gym.agents.template.records import Collection
from webgen_gym.agents.template.topics import Topic
from webgen_gym.agents.template.words import imperative, is_verb, joined, sentence

_MOST_HEADLINE = 62


def hero_of(brief: Brief, topic: Topic, sections: tuple[Section, ...], *, name: str, main: str, is_game: bool) -> Hero:
    """Headline, one paragraph and two ways on. The headline is the topic's, or what people do here."""
    said = [ask for ask in brief.asks if _is_action(ask.text)]
    abilities = [ask.text for ask in said if ask.source == "ability"] or [ask.text for ask in said]
    lead = joined([_second_person(text) for text in dict.fromkeys(abilities)][:4])
    purpose = _purpose(brief)
    text = f"{purpose} Here you can {lead}." if lead else purpose or f"Welcome to {name}."
    ways = tuple((section.label, section.id) for section in sections if section.id not in {"account", "cart"})[:2]
    plain = purpose.rstrip(".")
    fits = not topic.fits or main in topic.fits
    headline = topic.headline if fits or not plain or len(plain) > _MOST_HEADLINE else plain
    if is_game:
        headline = name
    if headline == plain and lead:
        text = f"Here you can {lead}."
    return Hero(eyebrow=name, headline=headline, lead=text.strip(), actions=ways)


_NO_ACTION = re.compile(r"website|\bform$|notification$|selection$|confirmation$|\boptions$")


def _is_action(text: str) -> bool:
    return is_verb(text.split()[0]) and imperative(text) == text and 8 < len(text) < 60 and not _NO_ACTION.search(text)


def _second_person(text: str) -> str:
    return re.sub(r"\btheir\b", "your", re.sub(r"\b(?:their|his|her) own\b", "your own", text))


def _purpose(brief: Brief) -> str:
    """What the site is for, as one sentence; empty where the purpose is not a plain verb phrase."""
    first = brief.purpose.split(" ")[0]
    if not brief.purpose or not is_verb(first) or len(brief.purpose) > 110 or first.endswith("s"):
        return ""
    aim = re.sub(r"(\band|,) (\w+ing)\b", lambda found: f"{found[1]} {imperative(found[2])}", imperative(brief.purpose))
    return f"{sentence(aim)}."


def facts_of(topic: Topic, main: str, collections: Sequence[Collection]) -> tuple[tuple[str, str], ...]:
    """Four figures: (label, value with its unit); counts of what is there where the topic speaks of something else."""
    if topic.fits and main not in topic.fits:
        counted = [(label_of(one.plural), str(len(one.rows))) for one in collections][:3]
        return tuple(counted) if len(counted) >= 3 else ()
    made = []
    for entry in topic.lists["metrics"]:
        label, value, *unit = (part.strip() for part in entry.split("|"))
        made.append((label, f"{value} {unit[0] if unit else ''}".strip().replace(" %", "%").replace(" k$", "k $")))
    return tuple(made)


def steps_of(sections: tuple[Section, ...]) -> tuple[tuple[str, str], ...]:
    """Three steps through the first sections of a site."""
    first = [section for section in sections if section.id not in {"about", "contact", "account", "cart"}][:3]
    verbs = ("Start with", "Continue to", "Finish in")
    return tuple((f"{verb} {section.label}", section.lead) for verb, section in zip(verbs, first, strict=False))


def voices_of(topic: Topic) -> tuple[tuple[str, str], ...]:
    """Three people and what they say."""
    said = (
        "Clear from the first click. I found what I needed and was done before my coffee was cold.",
        "It does what it promises, and when I had a question somebody answered the same day.",
        "We switched in spring. The team would not want to go back.",
    )
    roles, people = topic.lists["roles"], topic.lists["people"]
    return tuple((f"{people[i * 3 + 1]}, {roles[i % len(roles)].lower()}", text) for i, text in enumerate(said))


def blocks_for(section: str, topic: Topic, brief: Brief) -> tuple[Block, ...]:
    """The prose of a section, empty for those that a widget fills alone."""
    made = {"about": _about, "contact": _contact, "achievements": _achievements, "life": _life}.get(section)
    return made(topic, brief) if made else ()


def _about(topic: Topic, brief: Brief) -> tuple[Block, ...]:
    people, roles = topic.lists["people"], topic.lists["roles"]
    team = tuple((people[i + 4], roles[i % len(roles)]) for i in range(4))
    story = (
        (
            "",
            f"We started with a simple wish: {_wish(brief)}. It is still the first line of every plan.",
        ),
        (
            "",
            "We keep the team small, answer in plain language, and change one thing at a time so that it gets better.",
        ),
    )
    values = (
        ("Honest", "We say what things cost, how long they take and what we do not know."),
        ("Careful", "Details decide. We check twice and fix what we find."),
        ("Close", "You talk to the person who does the work."),
    )
    timeline = (("2018", "First customers, one desk, many lists."), ("2021", "A team of ten and a second office."),
                ("2026", "Thousands of people use it every week."))  # fmt: skip
    return (
        Block("text", "Our story", story),
        Block("list", "What we stand for", values),
        Block("people", "The people", team),
        Block("timeline", "Milestones", timeline),
    )


def _wish(brief: Brief) -> str:
    found = next(
        (ask.text for ask in brief.asks if ask.source == "ability" and 8 < len(ask.text) < 50), "make it simple"
    )
    return f"that people can {_second_person(found).replace('your', 'their')} without asking for help"


def _contact(topic: Topic, brief: Brief) -> tuple[Block, ...]:
    facts = (("Phone", "+1 555 0142"), ("Email", "hello@example.com"), ("Address", "12 Maple Street, Lisbon"),
             ("Monday to Friday", "9:00 to 18:00"), ("Saturday", "10:00 to 14:00"), ("Sunday", "closed"))  # fmt: skip
    faq = (
        ("How fast do you answer?", "Within one working day, usually within three hours."),
        (
            "Can I change or cancel?",
            "Yes, free of charge until the day before. Open your entry and choose what to change.",
        ),
        ("Is my information safe?", "Your details stay on this device and are used for your request only."),
    )
    return (Block("facts", "Reach us", facts), Block("faq", "Common questions", faq))


def _achievements(topic: Topic, brief: Brief) -> tuple[Block, ...]:
    entries = topic.lists.get("honours", ())
    if entries:
        cells = [[cell.strip() for cell in entry.split("|")] for entry in entries]
        items = tuple((f"{cell[1]}", f"{cell[0]}. {cell[2]}.") for cell in sorted(cells, key=lambda cell: cell[1]))
    else:
        items = tuple((str(2019 + i), sentence(text)) for i, text in enumerate(topic.lists["subjects"][:5]))
    return (Block("timeline", "Achievements and honors", items),)


def _life(topic: Topic, brief: Brief) -> tuple[Block, ...]:
    facts = (("Full name", "Dr. Helena Marlow"), ("Born", "14 May 1931, Riverton"), ("Field", "Physics and letters"),
             ("Known for", "Work on light and matter"))  # fmt: skip
    years = topic.lists.get("years", ("2008", "2012", "2015", "2018", "2020", "2022", "2024", "2026"))
    events = tuple(zip(years, topic.lists["subjects"], strict=False))
    return (Block("facts", "Basic information", facts), Block("timeline", "Life experiences", events))
