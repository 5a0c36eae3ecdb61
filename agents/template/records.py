"""Lists of records: columns and sample rows of one kind on one topic. Everything is chosen, nothing drawn by chance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from webgen_gym.agents.template.kinds import kinds, label_of
from webgen_gym.agents.template.topics import Topic
from webgen_gym.agents.template.words import plural, singular, tokens

Value = str | int | float
_ROWS = {"cards": 6, "posts": 5, "rows": 6, "table": 8}
_NAMED_AS = {"financial": "finance", "artical": "article", "pharmacy": "medicine", "raw": "raw material"}
_RANGE = re.compile(r"^(-?[\d.]+)\.\.(-?[\d.]+)(?:/([\d.]+))?$")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a list. ``options`` are what a select offers."""

    key: str
    label: str
    type: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """One list of a site, with its sample records as rows in the order of the columns."""

    id: str
    kind: str
    singular: str
    plural: str
    label: str
    icon: str
    view: str
    group: str
    act: str
    desk: bool
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = field(repr=False)

    def column(self, key: str) -> int:
        """The place of a column, -1 where the list has none of that name."""
        return next((index for index, column in enumerate(self.columns) if column.key == key), -1)


def build(kind: str, topic: Topic, *, noun: str = "", thing: str = "") -> Collection:
    """Make the list of one kind on one topic. ``noun`` names its records, ``thing`` what the site is about."""
    spec = kinds()[kind]
    name = spec.get("noun") or _NAMED_AS.get(noun, singular(noun)) or singular(spec["nouns"].split()[0])
    specs = [_field(text) for text in spec["fields"]]
    many = min(_ROWS[spec["view"]], _length(specs[0].source, topic))
    rows = [_row(specs, index, topic, _Seed(crc32(f"{kind}{name}".encode()), thing)) for index in range(many)]
    columns = tuple(_column(one, [row[index] for row in rows]) for index, one in enumerate(specs))
    return Collection(
        id=re.sub(r"[^a-z0-9]+", "-", plural(name).lower()).strip("-") or kind,
        kind=kind,
        singular=name,
        plural=plural(name),
        label=spec.get("label") or label_of(name),
        icon=spec["icon"],
        view=spec["view"],
        group=spec.get("group", ""),
        act=spec.get("act", ""),
        desk=spec.get("who", "public") == "desk",
        columns=columns,
        rows=tuple(tuple(row) for row in rows),
    )


@dataclass(frozen=True, slots=True)
class _Field:
    key: str
    label: str
    type: str
    source: str


@dataclass(frozen=True, slots=True)
class _Seed:
    number: int
    thing: str


def _field(text: str) -> _Field:
    key, label, kind, source = (part.strip() for part in text.split(";", 3))
    return _Field(key, label, kind, source)


def _length(source: str, topic: Topic) -> int:
    if source.startswith("@"):
        return len(topic.lists.get(source[1:].split(".")[0], ())) or 8
    return len(source.split("/")) if "/" in source and not _RANGE.match(source) else 8


def _row(specs: list[_Field], index: int, topic: Topic, seed: _Seed) -> list[Value]:
    row: dict[str, Value] = {}
    for place, one in enumerate(specs):
        row[one.key] = _value(one, index, topic, _Seed(seed.number + place, seed.thing), row)
    return list(row.values())


def _value(one: _Field, index: int, topic: Topic, seed: _Seed, row: Mapping[str, Value]) -> Value:
    source = one.source
    spread = _RANGE.match(source)
    if spread:
        return _number(spread, index, seed.number)
    if source.startswith("@"):
        return _typed(one, _listed(source[1:], index, topic, seed, row))
    parts = source.split(" | ") if " | " in source or one.type == "long" else source.split("/")
    return _typed(one, parts[index % len(parts)].format_map(_Known(row)))


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return key


def _typed(one: _Field, text: str) -> Value:
    if one.type in {"number", "money", "percent", "rating"}:
        return float(text) if "." in text else int(text)
    return text


def _number(spread: re.Match[str], index: int, seed: int) -> Value:
    low, high, step = float(spread[1]), float(spread[2]), float(spread[3] or 1)
    share = ((index * 41 + seed * 7) % 97) / 96
    value = low + round((high - low) * share / step) * step
    return round(value, 1) if step < 1 else int(value)


def _listed(name: str, index: int, topic: Topic, seed: _Seed, row: Mapping[str, Value]) -> str:
    if name in _MADE:
        return _MADE[name](index, topic, seed.number, row)
    key, _, part = name.partition(".")
    entries = topic.lists[key]
    entry = entries[index % len(entries)]
    cells = [cell.strip() for cell in entry.split(" | ")]
    text = cells[min(int(part or 0), len(cells) - 1)] if part else entry
    return _capital(text.replace("{thing}", seed.thing or "paper cup"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _person(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    people = topic.lists["people"]
    return people[(index + seed) % len(people)]


def _email(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    name = str(row.get("name") or row.get("contact") or _person(index, topic, seed, row))
    return f"{'.'.join(tokens(name)[:2])}@example.com"


def _city(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    cities = topic.lists["cities"]
    return cities[(index * 5 + seed) % len(cities)]


def _phone(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    return f"+1 555 01{(index * 17 + seed) % 90 + 10}"


def _beds(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    said = re.search(r"(\d)-bedroom", " ".join(map(str, row.values())))
    return said[1] if said else str(2 + (index * 3) % 4)


def _group(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    """The group that the record's own name speaks of, else the next in turn."""
    groups = topic.lists["groups"]
    name = str(next(iter(row.values()), "")).lower()
    return next((group for group in groups if group.lower() in name), groups[index % len(groups)])


def _date(index: int, topic: Topic, seed: int, row: Mapping[str, Value]) -> str:
    """Fixed days of one spring: a site that showed today's date would look different tomorrow."""
    day = (index * 11 + seed) % 84
    return f"2026-{3 + day // 28:02d}-{day % 28 + 1:02d}"


def _column(one: _Field, values: list[Value]) -> Column:
    choice = one.type in {"select", "status"}
    options = tuple(dict.fromkeys(str(value) for value in values)) if choice else ()
    if choice and not one.source.startswith("@"):
        options = tuple(dict.fromkeys(one.source.split("/")))
    return Column(one.key, one.label, one.type, options)


_MADE = {
    "beds": _beds,
    "groups": _group,
    "people": _person,
    "people2": _person,
    "emails": _email,
    "cities": _city,
    "phones": _phone,
    "dates": _date,
}
