"""What the measured judge makes of the spoilt sites: who wins, by how much, and in which criterion.

A pair is a site beside the same site spoilt, or two neighbouring strengths of one spoiling; it is won where the
better one has the higher value; ties are lost. Versions that look the same are no pair.
"""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.calibration.spoilings import KINDS, STRENGTHS, Kind
from webgen_gym.types import Look, Score

CRITERIA = ("rendering", "relevance", "layout", "design")
Key = tuple[str, str, int]
Points = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """One version of a site: its value and criteria, and a hash of all that was seen of it."""

    points: Points
    seen: str


@dataclass(frozen=True, slots=True)
class Table:
    """All verdicts, by site, kind and strength; kind ``""`` and strength 0 are the clean site's."""

    judged: Mapping[Key, Judged]

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that were judged, in order."""
        return tuple(dict.fromkeys(site for site, _, _ in self.judged))

    def of(self, chosen: Callable[[str], bool]) -> Table:
        """The part about some of the sites."""
        return Table({key: one for key, one in self.judged.items() if chosen(key[0])})

    def value(self, site: str, kind: str = "", strength: int = 0) -> float:
        """The value of one version."""
        return self.judged[site, kind, strength].points["value"]

    def against_clean(self, kind: Kind, strength: int) -> tuple[bool, ...]:
        """For each site that looks spoilt, whether it is preferred to its spoilt version."""
        return self._preferred((("", 0), (kind.name, strength)))

    def against_weaker(self, kind: Kind, strength: int) -> tuple[bool, ...]:
        """For each site that looks different, whether the next weaker strength is preferred; of 2 and 3."""
        return self._preferred(((kind.name, strength - 1), (kind.name, strength)))

    def drop(self, kind: Kind, strength: int, criterion: str = "value") -> float:
        """Points lost to the clean site on average: of the value, or of one criterion."""
        return statistics.fmean(
            self.judged[site, "", 0].points[criterion] - self.judged[site, kind.name, strength].points[criterion]
            for site in self.sites
        )

    def foreign(self, kind: Kind) -> float:
        """The largest mean drop of a criterion that the kind does not belong to, over that of its own."""
        drops = {name: self.drops(kind, name) for name in CRITERIA}
        others = [drop for name, drop in drops.items() if name != kind.criterion and name not in kind.also]
        return max(map(abs, others), default=0.0) / max(drops[kind.criterion], 1e-9)

    def drops(self, kind: Kind, criterion: str) -> float:
        """The mean drop of a criterion over all strengths."""
        return statistics.fmean(self.drop(kind, strength, criterion) for strength in STRENGTHS)

    def _preferred(self, pair: tuple[tuple[str, int], tuple[str, int]]) -> tuple[bool, ...]:
        """A site without buttons cannot lose any: versions that look the same are no pair."""
        found = [tuple(self.judged[(site, *version)] for version in pair) for site in self.sites]
        return tuple(
            better.points["value"] > worse.points["value"] for better, worse in found if better.seen != worse.seen
        )


def judged(look: Look, score: Score) -> Judged:
    """What a table holds of a look and its verdict."""
    seen = repr((look.measurements, look.console, look.page_errors, look.requests)).encode() + look.screenshot
    return Judged({"value": score.value, **score.criteria}, hashlib.sha256(seen).hexdigest())


def accuracy(table: Table, kinds: Sequence[Kind] = KINDS) -> float:
    """Of all pairs of a clean site and a spoilt one, the share that is won."""
    return won(pair for kind in kinds for strength in STRENGTHS for pair in table.against_clean(kind, strength))


def monotony(table: Table, kinds: Sequence[Kind] = KINDS) -> float:
    """Of all pairs of neighbouring strengths, the share that is won."""
    return won(pair for kind in kinds for strength in STRENGTHS[1:] for pair in table.against_weaker(kind, strength))


def won(pairs: Iterable[bool]) -> float:
    """The share of pairs that are won."""
    return statistics.fmean(map(float, pairs))
