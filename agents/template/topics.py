"""Topics: what a site talks about, chosen by the words of its instruction."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from webgen_gym.agents.template.words import singular, tokens

_FORM = 0.45  # a topic of form (blog, shop, game) yields to one of the world (health, golf)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a site talks about. ``lists`` holds the topic's words by name, completed by the common ones.

    ``fits`` are the kinds that the headline speaks of; empty where it speaks of any.
    """

    id: str
    icon: str
    headline: str
    serif: bool
    fits: frozenset[str]
    lists: Mapping[str, tuple[str, ...]]


def topic_of(text: str, *, subject: str = "", otherwise: str = "office") -> Topic:
    """The topic whose words the text uses most; rare words and those of the subject weigh more."""
    words, head = _terms(text), _terms(subject)
    rarity = _rarity()

    def weight(topic: Mapping[str, object]) -> float:
        used = _keys(topic) & set(words)
        points = sum((min(words.count(key), 3) + 4 * (key in head)) / rarity[key] for key in used)
        return points * (_FORM if topic.get("form") else 1)

    scored = [(weight(topic), name) for name, topic in _topics().items()]
    best = max(scored, key=lambda pair: pair[0])
    return _topic(best[1] if best[0] > 0.25 else otherwise)


@cache
def read_data(name: str) -> dict[str, dict[str, object]]:
    """One of the data files as it is."""
    return tomllib.loads(files("webgen_gym.agents.template.data").joinpath(name).read_text(encoding="utf-8"))


@cache
def _topics() -> dict[str, dict[str, object]]:
    return {**read_data("topics_work.toml"), **read_data("topics_life.toml")}


@cache
def _topic(name: str) -> Topic:
    own = _topics()[name]
    lists = {key: tuple(value) for key, value in read_data("common.toml").items()}
    lists |= {key: tuple(value) for key, value in own.items() if isinstance(value, list)}
    lists.setdefault("services", lists["things"])
    lists["jobs"] = lists["jobs"] or lists["roles"]
    lists["materials"] = lists["materials"] or tuple(part.split(" | ")[0] for part in lists["things"])
    fits = frozenset(str(own.get("fits", "")).split())
    return Topic(name, str(own["icon"]), str(own["headline"]), bool(own.get("serif", False)), fits, lists)


def _keys(topic: Mapping[str, object]) -> set[str]:
    keys = (key.split("_") for key in str(topic["keys"]).split())
    return {"_".join(singular(word) for word in key) for key in keys}


@cache
def _rarity() -> dict[str, int]:
    count: dict[str, int] = {}
    for topic in _topics().values():
        for key in _keys(topic):
            count[key] = count.get(key, 0) + 1
    return count


def _terms(text: str) -> list[str]:
    """Words and pairs of words, in the singular: pairs are written with an underscore."""
    words = [singular(word) for word in tokens(text)]
    return words + [f"{one}_{two}" for one, two in pairwise(words)]
