"""What a test found about each requirement, and the grade that follows from that alone.

    value = 1 + 4 · (YES + PARTIAL / 2) / requirements

So 1 is a site on which nothing works, 2 one on which most fails, 3 one on which half works, 4 one on which most
works, 5 one on which everything does. 0 is for a site that cannot be opened, or that shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from webgen_gym.judges.ui_words import printable
from webgen_gym.llm import Choice, Integer, ListOf, Object, Text
from webgen_gym.llm.schema import Misfit
from webgen_gym.types import CheckResult, Evidence, Score

LOWEST, FULL = 1.0, 5.0
OBSERVED_CHARS = 400


class Met(StrEnum):
    """Whether a requirement is met."""

    YES = "YES"
    PARTIAL = "PARTIAL"
    NO = "NO"


WORTH: Mapping[Met, float] = MappingProxyType({Met.YES: 1.0, Met.PARTIAL: 0.5, Met.NO: 0.0})


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a requirement is met, and what was seen. ``number`` is its place in the list, from 1."""

    number: int
    met: Met
    observed: str


@dataclass(frozen=True, slots=True)
class EachOnce:
    """The ``Kind`` of a list that holds one result for each of ``count`` requirements."""

    count: int

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return _results(self.count).document()

    def read(self, value: object, at: str) -> list[Any]:
        """See Kind."""
        rows = _results(self.count).read(value, at)
        numbers = [row["requirement"] for row in rows]
        if problem := uneven(numbers, self.count):
            raise Misfit(f"{at} {problem}")
        return rows


def results_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """The findings that an answer holds, in the order of the requirements."""
    found = [Finding(row["requirement"], Met(row["met"]), _kept(row["observed"])) for row in rows]
    return tuple(sorted(found, key=lambda finding: finding.number))


def uneven(numbers: Sequence[int], count: int) -> str:
    """Why these are not the numbers 1 to ``count``, each once; empty where they are."""
    missing = [str(number) for number in range(1, count + 1) if number not in numbers]
    if missing:
        return f"must hold a result for every requirement; missing: {', '.join(missing)}"
    return "" if len(numbers) == count else "must hold exactly one result for each requirement"


def some_results(count: int) -> ListOf:
    """The kind of a list of results that may be empty or incomplete."""
    return _results(count)


def score(requirements: Sequence[str], findings: Sequence[Finding]) -> Score:
    """The verdict that follows from the findings, one for each requirement."""
    share = sum(WORTH[finding.met] for finding in findings) / len(findings)
    value = round(LOWEST + (FULL - LOWEST) * share, 2)
    each = (FULL - LOWEST) / len(findings)
    told = list(zip(requirements, findings, strict=True))
    unmet = [(requirement, finding) for requirement, finding in told if finding.met is not Met.YES]
    counts = {met: sum(finding.met is met for finding in findings) for met in Met}
    return Score(
        value=value,
        criteria=MappingProxyType({"requirements": value}),
        evidence=tuple(
            Evidence("requirements", f"{requirement} {_said(finding)}", round(each * (WORTH[finding.met] - 1), 2))
            for requirement, finding in unmet
        ),
        suggestions=tuple(_advice(requirement, finding) for requirement, finding in unmet),
        checks=tuple(CheckResult(requirement, finding.met is Met.YES, _said(finding)) for requirement, finding in told),
        summary=f"Of {len(findings)} requirements {counts[Met.YES]} are met and {counts[Met.PARTIAL]} partly.",
    )


def worthless(problem: str) -> Score:
    """The 0 of a site that cannot be used at all."""
    return Score(
        value=0.0,
        evidence=(Evidence("requirements", problem, -FULL),),
        suggestions=(f"Make the page usable. {problem}",),
        checks=(CheckResult("the page opens", passed=False, detail=problem),),
        summary=problem,
    )


def _results(count: int) -> ListOf:
    shape = Object(
        {"requirement": Integer(1, count), "met": Choice(tuple(met.value for met in Met)), "observed": Text()}
    )
    return ListOf(shape)


def _kept(text: str) -> str:
    return printable(text).strip()[:OBSERVED_CHARS]


def _said(finding: Finding) -> str:
    return f"{finding.met}: {finding.observed}" if finding.observed else finding.met.value


def _advice(requirement: str, finding: Finding) -> str:
    how = "works only in part" if finding.met is Met.PARTIAL else "does not work"
    return f"'{requirement}' {how}: {finding.observed or 'no reason was given'}"
