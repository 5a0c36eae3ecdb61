"""From wishes to sections: rules in order, and the noun of a wish where no rule speaks of it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from webgen_gym.agents.template.draft import Draft, Recipe, Sketch, flag, is_made_or_kept
from webgen_gym.agents.template.kinds import kind_of, noun_of
from webgen_gym.agents.template.phrases import Ask
from webgen_gym.agents.template.recipes_lists import LISTS
from webgen_gym.agents.template.recipes_views import VIEWS
from webgen_gym.agents.template.words import is_verb, joined, title

_LOOK = re.compile(r"\b(?:browse|view|search|filter|sort|find|display|select|explore|check|access)\b")
_NO_LEAD = re.compile(r"functionalit|website|\bform$|notification$|selection$|confirmation$|^book confirm|^message not")
_VAGUE = """
    home information content page address function text case activity activities price prices cost costs total letter
    author publication
"""
_TOO_VAGUE = frozenset(_VAGUE.split())
_ONLY_IN = {"menu": "food", "surgery": "health", "word": "vocabulary"}


def plan_asks(draft: Draft) -> None:
    """Let every ask leave its mark on the draft."""
    for ask in draft.brief.asks:
        sketch = _apply(draft, ask)
        if sketch is not None:
            sketch.asks.append(ask.text)


def _apply(draft: Draft, ask: Ask) -> Sketch | None:
    for pattern, recipe in _rules():
        if pattern.search(ask.text):
            sketch = recipe(draft, ask.text)
            if sketch is not None:
                return _named_page(sketch, ask)
    return _by_noun(draft, ask)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Recipe], ...]:
    text = files("webgen_gym.agents.template.data").joinpath("rules.toml").read_text(encoding="utf-8")
    recipes = {**LISTS, **VIEWS}
    return tuple((re.compile(rule["asked"], re.I), recipes[rule["recipe"]]) for rule in tomllib.loads(text)["rule"])


def _named_page(sketch: Sketch, ask: Ask) -> Sketch:
    if ask.source == "page" and len(ask.text) < 22 and not sketch.named:
        sketch.label, sketch.named = title(re.sub(r"\bpages?\b|^\d+", "", ask.text).strip()) or sketch.label, True
    return sketch


def _by_noun(draft: Draft, ask: Ask) -> Sketch | None:
    noun = noun_of(ask.text)
    kind = kind_of(noun)
    if kind and _worth(draft, kind, noun):
        return flag(draft.records(kind, noun), ask.text)
    if ask.source != "page" and (_LOOK.search(ask.text) or is_made_or_kept(ask.text)):
        return flag(draft.shown(), ask.text)
    return None


def _worth(draft: Draft, kind: str, noun: str) -> bool:
    """False for nouns too vague to deserve a section of their own on this site."""
    if kind == draft.main:
        return True
    if kind in _ONLY_IN:
        return draft.topic.id == _ONLY_IN[kind]
    if kind == "discussion" and not re.search(r"forum|discuss", draft.brief.text):
        return False
    if kind in {"message", "email", "player"} or (kind == "article" and draft.desk):
        return False
    if kind in {"entry", "area", "reading", "member", "setting", "review"}:
        return draft.desk and kind not in {"entry", "review"}
    return noun not in _TOO_VAGUE


def lead_of(sketch: Sketch) -> str:
    """One sentence on what a section is for, in the words of the instruction."""
    said = [_to_reader(text) for text in dict.fromkeys(sketch.asks) if 6 < len(text) < 70]
    verbs = [text for text in said if is_verb(text.split()[0]) and " " in text and not _NO_LEAD.search(text)]
    return joined(verbs[:3])


def _to_reader(text: str) -> str:
    text = re.sub(r"\b(?:their|his|her) own\b", "your own", text)
    return re.sub(r"\btheir\b", "your", text)
