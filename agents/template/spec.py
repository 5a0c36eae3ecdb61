"""A plan → what the scripts of a site read: one value that is written as JSON.

Records are rows in the order of their columns, not objects: short to read, and no reply that carries
them repeats itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from webgen_gym.agents.template.art import icons
from webgen_gym.agents.template.extras import Json, extras
from webgen_gym.agents.template.plan import Section, SitePlan
from webgen_gym.agents.template.records import Collection, Column

_WITH_PICTURES = """
    hotel product property place package work menu course media species article tool service plan event
"""
_PICTURED = frozenset(_WITH_PICTURES.split())
_ALWAYS = ("home", "info", "check", "plus", "up", "chat", "swap", "spark", "image", "play")
_NAME: dict[str, Json] = {"key": "name", "label": "Full name", "required": True}
_EMAIL: dict[str, Json] = {"key": "email", "label": "Email", "type": "email", "required": True}
_PHONE: dict[str, Json] = {"key": "phone", "label": "Phone", "type": "phone"}
_DATE: dict[str, Json] = {"key": "date", "label": "Date", "type": "date", "required": True}
_ACTS: dict[str, list[dict[str, Json]]] = {
    "Contact": [_NAME, _EMAIL, {"key": "message", "label": "Message", "type": "long", "required": True}],
    "Message": [_NAME, {"key": "message", "label": "Message", "type": "long", "required": True}],
    "Apply": [_NAME, _EMAIL, _PHONE, {"key": "letter", "label": "Cover letter", "type": "long", "required": True}],
    "Book": [_NAME, _EMAIL, _DATE, {"key": "guests", "label": "People", "type": "number", "min": 1}],
    "Enroll": [_NAME, _EMAIL],
    "Start pathway": [_NAME, _EMAIL],
    "Choose plan": [_NAME, _EMAIL, _PHONE],
    "Subscribe": [_NAME, _EMAIL],
    "Join": [_NAME, _EMAIL],
    "Request viewing": [_NAME, _EMAIL, _PHONE, _DATE],
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of a plan a version of the site has: which sections, and whether lists can do everything."""

    sections: tuple[Section, ...]
    full: bool


def site_data(plan: SitePlan, reach: Reach) -> dict[str, Json]:
    """Everything that the scripts need to know of a plan, at one reach."""
    used = {section.icon for section in reach.sections} | {one.icon for one in plan.collections} | {plan.topic.icon}
    return {
        "name": plan.name,
        "currency": "$",
        "icons": {name: icons()[name] for name in sorted(used | set(_ALWAYS)) if name in icons()},
        "acts": _acts(reach.sections),
        "sections": {section.id: _section(plan, section, reach) for section in reach.sections},
        "collections": {one.id: _collection(plan, one) for one in plan.collections},
    }


def as_script(data: Mapping[str, Json]) -> str:
    """The value as a script that sets ``window.SITE``, one record to a line."""
    parts = [f"{json.dumps(key)}: {_pretty(value)}" for key, value in data.items()]
    body = ",\n  ".join(parts)
    return (
        f"// What this site is about: its sections, its lists, their first records.\nwindow.SITE = {{\n  {body}\n}};\n"
    )


def _pretty(value: Json) -> str:
    if not isinstance(value, dict) or not value:
        return _flat(value)
    lines = [f"    {json.dumps(key)}: {_rows(inner)}" for key, inner in value.items()]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _rows(value: Json) -> str:
    if not isinstance(value, dict) or "rows" not in value:
        return _flat(value)
    rows = value["rows"]
    assert isinstance(rows, list)
    head = ", ".join(f"{json.dumps(key)}: {_flat(inner)}" for key, inner in value.items() if key != "rows")
    return f'{{{head},\n      "rows": [\n        ' + ",\n        ".join(_flat(row) for row in rows) + "]}"


def _flat(value: Json) -> str:
    # "</" would end the script where the text stands in HTML, and "</boltAction>" the action of a reply.
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _collection(plan: SitePlan, one: Collection) -> Json:
    return {
        "singular": one.singular,
        "plural": one.plural,
        "label": one.label,
        "icon": one.icon,
        "view": one.view,
        "group": one.group,
        "art": one.kind in _PICTURED and plan.layout != "console",
        "columns": [_column(column) for column in one.columns],
        "rows": [list(row) for row in one.rows],
    }


def _column(column: Column) -> Json:
    return {"key": column.key, "label": column.label, "type": column.type, "options": list(column.options)}


def _section(plan: SitePlan, section: Section, reach: Reach) -> Json:
    options: dict[str, Json] = {key: _plain(value) for key, value in section.options.items() if value != ""}
    options |= extras(plan, section)
    if section.widget in {"records", "feed"}:
        options["full"] = reach.full
    return {"label": section.label, "lead": section.lead, "of": section.of, "options": options}


def _plain(value: object) -> Json:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    assert isinstance(value, str | int | float | bool)
    return value


def _acts(sections: tuple[Section, ...]) -> dict[str, Json]:
    used = {str(section.options.get("act", "")) for section in sections} | {"Contact"}
    return {name: list(fields) for name, fields in _ACTS.items() if name in used}
