"""What the measured judge makes of the spoilt sites: who wins, by how much, and in which criterion.

A pair is a site beside the same site spoilt, or two neighbouring strengths of one spoiling; it is won where the
better one has the higher value, ties are lost.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.calibration.spoilings import KINDS, STRENGTHS, Kind
from webgen_gym.types import Score

CRITERIA = ("rendering", "relevance", "layout", "design")
Key = tuple[str, str, int]
Points = dict[str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """All verdicts, by site, kind and strength; kind ``""`` and strength 0 are the clean site's."""

    scores: Mapping[Key, Points]

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that were judged, in order."""
        return tuple(dict.fromkeys(site for site, _, _ in self.scores))

    def of(self, chosen: Callable[[str], bool]) -> Table:
        """The part about some of the sites."""
        return Table({key: score for key, score in self.scores.items() if chosen(key[0])})

    def value(self, site: str, kind: str = "", strength: int = 0) -> float:
        """The value of one version."""
        return self.scores[site, kind, strength]["value"]

    def against_clean(self, kind: Kind, strength: int) -> float:
        """The share of sites that are preferred to their spoilt version."""
        return _share(self.value(site) > self.value(site, kind.name, strength) for site in self.sites)

    def against_weaker(self, kind: Kind, strength: int) -> float:
        """The share of sites where the next weaker strength is preferred; of 2 and 3."""
        return _share(
            self.value(site, kind.name, strength - 1) > self.value(site, kind.name, strength) for site in self.sites
        )

    def drop(self, kind: Kind, strength: int, criterion: str = "value") -> float:
        """Points lost to the clean site on average: of the value, or of one criterion."""
        return statistics.fmean(
            self.scores[site, "", 0][criterion] - self.scores[site, kind.name, strength][criterion]
            for site in self.sites
        )

    def foreign(self, kind: Kind) -> float:
        """The largest mean drop of a criterion that the kind does not belong to, over that of its own."""
        drops = {name: self.drops(kind, name) for name in CRITERIA}
        others = [drop for name, drop in drops.items() if name != kind.criterion and name not in kind.also]
        return max(map(abs, others)) / max(drops[kind.criterion], 1e-9)

    def drops(self, kind: Kind, criterion: str) -> float:
        """The mean drop of a criterion over all strengths."""
        return statistics.fmean(self.drop(kind, strength, criterion) for strength in STRENGTHS)


def points(score: Score) -> Points:
    """The numbers of a verdict."""
    return {"value": score.value, **score.criteria}


def accuracy(table: Table, kinds: Sequence[Kind] = KINDS) -> float:
    """Of all pairs of a clean site and a spoilt one."""
    return statistics.fmean(table.against_clean(kind, strength) for kind in kinds for strength in STRENGTHS)


def monotony(table: Table, kinds: Sequence[Kind] = KINDS) -> float:
    """Of all pairs of neighbouring strengths."""
    return statistics.fmean(table.against_weaker(kind, strength) for kind in kinds for strength in STRENGTHS[1:])


def _share(won: Iterable[bool]) -> float:
    return statistics.fmean(map(float, won))
