"""A plan while it is being made: the sections and collections that the wishes have called for so far."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from webgen_gym.agents.template.kinds import label_of
from webgen_gym.agents.template.phrases import Brief
from webgen_gym.agents.template.plan import Option
from webgen_gym.agents.template.records import Collection, build
from webgen_gym.agents.template.topics import Topic

_JOINED = frozenset({"place", "course", "inventory", "event"})


@dataclass(slots=True)
class Sketch:
    """A section while it is being planned."""

    id: str
    label: str
    icon: str
    widget: str
    of: str = ""
    extra: bool = False
    options: dict[str, Option] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    named: bool = False


@dataclass(slots=True)
class Draft:
    """The sections and collections that the asks have called for so far."""

    brief: Brief
    topic: Topic
    main: str
    desk: bool
    game: str
    thing: str = ""
    sketches: dict[str, Sketch] = field(default_factory=dict)
    collections: dict[str, Collection] = field(default_factory=dict)

    def section(self, name: str, label: str, icon: str, widget: str, *, extra: bool = True) -> Sketch:
        """The section of this id, made on first use."""
        return self.sketches.setdefault(name, Sketch(name, label, icon, widget, extra=extra))

    def records(self, kind: str, noun: str = "") -> Sketch:
        """The section that lists one kind of record; a second noun of the same kind joins its label."""
        kind = self._alias(kind, noun)
        collection = self.collection(kind, noun)
        sketch = self.sketches.get(collection.id)
        if sketch is None:
            widget = "feed" if collection.view == "posts" else "records"
            sketch = self.section(collection.id, collection.label, collection.icon, widget, extra=False)
            sketch.of = collection.id
        elif noun and not sketch.named:
            _join_label(sketch, noun, kind)
        return sketch

    def collection(self, kind: str, noun: str = "") -> Collection:
        """The collection of a kind, made on first use under the noun it was first called by."""
        known = next((one for one in self.collections.values() if one.kind == kind), None)
        if known is None:
            known = build(kind, self.topic, noun=noun, thing=self.thing)
            self.collections[known.id] = known
        return known

    def _alias(self, kind: str, noun: str) -> str:
        """The kind that a noun means on this site: the posts of a blog are articles."""
        forum = re.search(r"forum|discuss", self.brief.text)
        if kind == "post" and self.main == "article" and not forum:
            return "article"
        if kind == "hotel" and self.topic.id not in {"travel", "golf"}:
            kind = "place"
        if noun == "team" and self.topic.id != "sport":
            return "person"
        if kind == "discussion" and self.main == "post" and noun.rstrip("s").endswith("topic"):
            return "post"
        meant = {
            ("place", "meetingroom"): "meetingroom",
            ("hotel", "meetingroom"): "meetingroom",
            ("area", "reading"): "reading",
        }
        return meant.get((kind, self.main), kind)

    def shown(self) -> Sketch:
        """The section of what the site is mostly about; the first list where nothing tells what that is."""
        listed = [one for one in self.sketches.values() if one.of and one.widget == "records"]
        if self.main == "entry" and listed:
            return listed[0]
        return self.records(self.main)


def _join_label(sketch: Sketch, noun: str, kind: str) -> None:
    label = label_of(noun)
    new = label.lower() not in sketch.label.lower() and sketch.label.lower() not in label.lower()
    if new and kind in _JOINED and " and " not in sketch.label:
        sketch.label = f"{sketch.label} and {label}"


def flag(sketch: Sketch, text: str) -> Sketch:
    """What the verb of an ask adds to a list."""
    made = _MAKE.search(text)
    if made:
        sketch.options.setdefault("create", _MAKE_WORDS.get(made[1], made[1]).capitalize())
    if _KEEP.search(text):
        sketch.options["edit"] = True
    if _SAVE.search(text):
        sketch.options["save"] = True
    if _NOTES.search(text):
        sketch.options["notes"] = True
    return sketch


_NOTES = re.compile(r"\bnotes?\b")
_SAVE = re.compile(r"\bsave\b|favou?rite|bookmark|wish ?list", re.I)
_MAKE = re.compile(
    r"\b(write|start|add|create|post|publish|submit|record|input|enter|register|set|share|upload|send|posting|publishing|recording)\b"
)
_MAKE_WORDS = {"register": "add", "input": "add", "enter": "add", "set": "add", "posting": "post",
               "publishing": "publish", "recording": "record", "upload": "add", "send": "add"}  # fmt: skip
_KEEP = re.compile(r"\b(?:edit|delete|manage|management|update|modify|remove|maintain|mark|maintenance|handling)\b")


def is_made_or_kept(text: str) -> bool:
    """Whether a wish is about making or changing something, whatever it is."""
    return bool(_KEEP.search(text) or _MAKE.search(text))


Recipe = Callable[[Draft, str], Sketch | None]
"""Adds to a draft what a wish asks for; None declines, and the next rule is tried."""
