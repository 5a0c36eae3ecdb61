"""A criterion starts at 5; each finding takes points from it and may say what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from webgen_gym.types import Evidence

FULL = 5.0
# From here on points get smaller, so that of two bad pages the worse one still has less.
BEND = 3.5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, how many points it took, and what to do. Without points it is a remark."""

    lost: float
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the paper's four criteria, 0–5, and what it rests on."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def lost(self) -> float:
        """What all findings take together."""
        return sum(finding.lost for finding in self.findings)

    @property
    def value(self) -> float:
        """5 minus what was lost; from 1.5 on it only comes near 0."""
        left = FULL - BEND
        return FULL - self.lost if self.lost <= BEND else left * math.exp((BEND - self.lost) / left)

    def evidence(self) -> Iterable[Evidence]:
        """The findings as evidence of a score; their points add up to what the value lacks."""
        share = (FULL - self.value) / self.lost if self.lost else 0.0
        return (Evidence(self.name, finding.what, -round(finding.lost * share, 2)) for finding in self.findings)


def found(*findings: Finding | None) -> tuple[Finding, ...]:
    """Those that are there and say something."""
    return tuple(finding for finding in findings if finding is not None)


def capped(count: float, each: float, most: float) -> float:
    """Points lost for several of a kind."""
    return min(most, count * each)


def share_lost(share: float, free: float, all_lost: float, points: float) -> float:
    """Points lost for a share: none up to ``free``, ``points`` from ``all_lost`` on, in between in proportion."""
    return points * min(1.0, max(0.0, (share - free) / (all_lost - free)))


def leveling(amount: float, half: float, points: float) -> float:
    """Points lost for an amount that has no end: half of them at ``half``, never quite all."""
    return points * (1 - math.exp(-math.log(2) * amount / half))


def quoted(text: str, most: int = 40) -> str:
    """A text in quotes, shortened."""
    text = " ".join(text.split())
    return f"'{text[: most - 1]}…'" if len(text) > most else f"'{text}'"


def some(texts: Iterable[str], most: int = 3) -> str:
    """The first few different texts, in quotes."""
    different = list(dict.fromkeys(texts))
    more = f" and {len(different) - most} more" if len(different) > most else ""
    return ", ".join(quoted(text) for text in different[:most]) + more


def percent(share: float) -> str:
    """``12 %``."""
    return f"{100 * share:.0f} %"
