"""A list made to measure: the fields, the options and the first records that the instruction gives it.

"Add an expense with description, amount, category (food, travel or other)" names three fields and the
options of one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from webgen_gym.agents.template.entries import Entry, named_entries, word_pairs
from webgen_gym.agents.template.records import Collection, Column, Value
from webgen_gym.agents.template.words import is_verb, sentence

_FIELDS = re.compile(
    r"\b(?:add|write|create|start|book|submit|record|enter|open|log)\s+(?:an?|new|their own|own)?\s*"
    r"(?P<noun>[a-z][a-z -]{2,24}?)\s+with\s+(?P<fields>[^.;]+)",
    re.I,
)
_OPTIONS = re.compile(r"(?P<field>[a-z]+)\s*\((?P<options>[^)]+?\s+or\s+[^)]+|(?:[\w -]+,\s*)+[\w -]+)\)", re.I)
_BY_KIND = re.compile(r"filter (?:the )?[\w ]+? by ([a-z]{4,}) or ([a-z]{4,})")
_EMPTY = re.compile(r"\bstarts?\s+(?:empty|without)\b|\bno sample\b", re.I)
_TYPES = (
    (r"amount|price|cost|salary|fee|budget", "money"),
    (r"date|day|due|arrival|departure", "date"),
    (r"quantity|number|guests|seats|pieces|age|level", "number"),
    (r"e-?mail", "email"),
    (r"phone", "phone"),
    (r"text|description|note|letter|message|summary|body|purpose|comment", "long"),
)
_LANES = re.compile(r"columns ([A-Z][\w ]{1,16}?), (?:([A-Z][\w ]{1,16}?), )?([A-Z][\w ]{1,16}?) and ([A-Z]\w{1,16})")
_ABOUT = {
    "product": "A favourite of regulars, made in small batches and sent within two days.",
    "menu": "Made by hand this morning, with few ingredients and no shortcuts.",
    "job": "Work from where you are, with a team that writes things down and keeps its promises.",
    "place": "Quiet, bright and cared for, with everything you need for a good stay.",
    "article": "The full story: what happened, who was there, and what comes next. We spoke with the people behind it.",
    "work": "One of a series, shown here for the first time.",
}


def tailored(collection: Collection, text: str, *, brand: str = "") -> Collection:
    """The collection with the fields, the options and the first records that the text gives it."""
    fielded = _with_likes(_with_lanes(_with_options(_with_fields(collection, text), text), text), text)
    if collection.kind == "word" and word_pairs(text):
        return replace(collection, rows=tuple((word, meaning, "First steps") for word, meaning in word_pairs(text)))
    if _EMPTY.search(text):
        return replace(fielded, rows=())
    entries = named_entries(text, brand=brand)
    return _with_entries(fielded, entries) if entries else fielded


def _with_fields(collection: Collection, text: str) -> Collection:
    found = next(
        (match for match in _FIELDS.finditer(text) if match["noun"].split()[-1][:4] in _stems(collection)), None
    )
    names = _field_names(found["fields"]) if found else []
    if len(names) < 2:
        return collection
    columns = [_column(collection, name) for name in names]
    known = [collection.column(column.key) for column in columns]
    if known.count(-1) > len(known) / 2:
        return replace(
            collection, columns=tuple(columns), rows=(), view=_view(collection, columns), group=_group(columns)
        )
    rows = tuple(tuple(row[place] if place >= 0 else "" for place in known) for row in collection.rows)
    return replace(
        collection, columns=tuple(columns), rows=rows, view=_view(collection, columns), group=_group(columns)
    )


def _stems(collection: Collection) -> set[str]:
    return {collection.singular.split()[-1][:4], collection.kind[:4]}


def _field_names(said: str) -> list[str]:
    bare = re.sub(r"\([^)]*\)", "", said)
    names = []
    for piece in re.split(r",|\band\b", bare):
        words = [
            word for word in piece.strip().lower().split() if word not in {"a", "an", "the", "their", "its", "his"}
        ]
        if not words or len(words) > 3 or (is_verb(words[0]) and words[0] not in {"email", "phone", "note", "message"}):
            break
        names.append(" ".join(words))
    return names


def _column(collection: Collection, name: str) -> Column:
    last = name.split()[-1]
    for column in collection.columns:
        if last in {column.key, column.label.lower()} or column.label.lower().split()[-1] == last:
            return replace(column, label=sentence(name))
    kind = next((kind for pattern, kind in _TYPES if re.search(pattern, name)), "text")
    return Column(re.sub(r"[^a-z]+", "_", name), sentence(name), kind)


def _view(collection: Collection, columns: list[Column]) -> str:
    return (
        collection.view
        if collection.view != "posts"
        else "posts"
        if {"title", "about"} <= {one.key for one in columns}
        else "cards"
    )


def _group(columns: list[Column]) -> str:
    return next(
        (column.key for column in columns if column.options or column.key in {"category", "status", "type"}), ""
    )


def _with_options(collection: Collection, text: str) -> Collection:
    columns = list(collection.columns)
    kinds = _BY_KIND.search(text)
    at = collection.column(collection.group)
    if kinds and at >= 0:
        columns[at] = replace(columns[at], options=(sentence(kinds[1]), sentence(kinds[2])))
    for match in _OPTIONS.finditer(text):
        options = tuple(sentence(one.strip()) for one in re.split(r",|\bor\b|\band\b", match["options"]) if one.strip())
        field = match["field"].lower()
        place = next((index for index, column in enumerate(columns) if field in {column.key, column.label.lower()}), -1)
        if place >= 0 and all(len(option) < 24 for option in options):
            columns[place] = replace(columns[place], options=options, type="select" if field != "status" else "status")
    rows = tuple(_fit(row, collection.columns, columns, index) for index, row in enumerate(collection.rows))
    group = collection.group if any(one.key == collection.group for one in columns) else _group(columns)
    return replace(collection, columns=tuple(columns), rows=rows, group=group)


def _with_likes(collection: Collection, text: str) -> Collection:
    """Posts are liked or voted for, as the text says."""
    at = collection.column("votes")
    if at < 0 or not re.search(r"\blikes?\b", text) or re.search(r"\bvot", text):
        return collection
    columns = (*collection.columns[:at], replace(collection.columns[at], label="Likes"), *collection.columns[at + 1 :])
    return replace(collection, columns=columns)


def _with_lanes(collection: Collection, text: str) -> Collection:
    """Columns as in "The columns To do, Doing and Done" make a board of a list."""
    found = _LANES.search(text)
    if found is None:
        return collection
    lanes = tuple(one for one in found.groups() if one)
    columns = [column for column in collection.columns if column.key != "status"]
    at = collection.column("status")
    kept = tuple(tuple(value for index, value in enumerate(row) if index != at) for row in collection.rows)
    rows = tuple((*row, lanes[index % len(lanes)]) for index, row in enumerate(kept))
    made = (*columns, Column("status", "Column", "status", lanes))
    return replace(collection, columns=made, rows=rows, view="board", group="status")


def _fit(row: tuple[Value, ...], old: tuple[Column, ...], new: list[Column], index: int) -> tuple[Value, ...]:
    return tuple(
        after.options[index % len(after.options)] if after.options != before.options and after.options else value
        for value, before, after in zip(row, old, new, strict=True)
    )


def _with_entries(collection: Collection, entries: tuple[Entry, ...]) -> Collection:
    base = collection.rows or (tuple("" for _ in collection.columns),)
    columns, place = _column_of_notes(collection, [entry.note for entry in entries])
    rows = []
    for index, entry in enumerate(entries[:12]):
        row = [
            _own_text(value, column, entry, collection.kind)
            for value, column in zip(base[index % len(base)], columns, strict=True)
        ]
        row[0] = entry.name
        _put_numbers(row, columns, entry)
        if place >= 0 and entry.note and not re.match(r"\d", entry.note):
            row[place] = sentence(entry.note)
        rows.append(tuple(row))
    if columns[0].options:
        columns[0] = replace(columns[0], options=tuple(entry.name for entry in entries))
    return replace(collection, columns=tuple(columns), rows=tuple(rows))


def _column_of_notes(collection: Collection, notes: list[str]) -> tuple[list[Column], int]:
    """The column that the bracketed words belong to, which then offers them."""
    words = tuple(dict.fromkeys(sentence(note) for note in notes if note and not re.match(r"\d", note)))
    columns = list(collection.columns)
    choosing = [index for index, column in enumerate(columns) if column.options]
    if not words or not choosing:
        return columns, -1
    fits = [index for index in choosing if set(words) <= {sentence(one) for one in columns[index].options}]
    place = (fits or choosing)[0]
    if not fits:
        columns[place] = replace(columns[place], options=words)
    return columns, place


def _put_numbers(row: list[Value], columns: list[Column], entry: Entry) -> None:
    """Numbers behind a name: one with a unit fills the first count, another one the price."""
    counted = re.match(r"(\d+) [a-z]+", entry.note)
    priced = re.search(r"\d+[.]\d\d", entry.note)
    _put(row, columns, "number", float(counted[0].split()[0]) if counted else None)
    _put(row, columns, "money", float(priced[0]) if priced else entry.number)
    if entry.number is not None and not any(column.type == "money" for column in columns):
        _put(row, columns, "number", entry.number)


def _put(row: list[Value], columns: list[Column], kind: str, number: float | None) -> None:
    place = next((index for index, column in enumerate(columns) if column.type == kind), -1)
    if number is not None and place >= 0:
        row[place] = int(number) if number == int(number) else number


def _own_text(value: Value, column: Column, entry: Entry, kind: str) -> Value:
    """A description that spoke of another thing speaks of this one."""
    if column.type != "long" or not value:
        return value
    return f"{entry.name}. {_ABOUT.get(kind, 'More about this, in the words of those who know it best.')}"
