"""The plan of a site: what it is called, which sections it has, what each does and what it holds.

A plan is plain data. It is made from the instruction alone; neither the tests of a task nor its
category are looked at, since a model does not see them either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from webgen_gym.agents.template.records import Collection
from webgen_gym.agents.template.topics import Topic

Option = str | int | float | bool | tuple[str, ...] | tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of prose: ``text``, ``list``, ``facts``, ``steps``, ``timeline`` or ``faq`` with pairs of strings."""

    kind: str
    heading: str = ""
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One view of the site. ``widget`` names the script that fills it, empty for prose alone.

    ``of`` is the id of the collection it shows. ``extra`` sections may wait for a later turn.
    """

    id: str
    label: str
    icon: str
    lead: str
    widget: str = ""
    of: str = ""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    blocks: tuple[Block, ...] = ()
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Hero:
    """What stands on top of the first view."""

    eyebrow: str
    headline: str
    lead: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SitePlan:
    """Everything that a site is, before it is written in HTML or React.

    ``wanted`` are the wishes of the instruction, ``asked`` words that feedback found missing on the page.
    ``layout`` is ``site`` (a visit: menu on top, a large opening), ``app`` (work: what it does stands on top),
    ``console`` (records kept at a desk: menu at the side) or ``play`` (a game first).
    """

    name: str
    layout: str
    topic: Topic
    hero: Hero
    sections: tuple[Section, ...]
    collections: tuple[Collection, ...]
    facts: tuple[tuple[str, str], ...]
    highlight: str
    steps: tuple[tuple[str, str], ...]
    voices: tuple[tuple[str, str], ...]
    wanted: tuple[str, ...]
    asked: tuple[str, ...] = ()

    def collection(self, name: str) -> Collection:
        """The collection of this id. Raises KeyError where the plan has none."""
        return {one.id: one for one in self.collections}[name]
