"""Appearance by measuring: ``Measured``, a pure function of task and look.

Reading order: ``picture`` (the pixels) → ``page`` (the boxes) → ``finding`` (how points are lost) → ``gates`` →
``rendering``, ``words``, ``reading``, ``features``, ``wording``, ``relevance``, ``alignment``, ``spacing``,
``layout``, ``palette``, ``typography``, ``design``.

The scale is the paper's: 0 blank or an error only, 1 poor, 2 below average, 3 average, 4 good, 5 excellent. A page
that was not shown, is blank, or shows an error instead of a website is 0. Else each of the four criteria starts at 5
and loses points for what is found. They are combined so that none can be bought with another:

    harmony = (relevance + 1)^0.35 · (layout + 1)^0.30 · (design + 1)^0.35 - 1        0 … 5
    value   = harmony · rendering / 5

It needs no network and no model, gives the same verdict for the same look, and reads no text as instruction.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from types import MappingProxyType

from webgen_gym.browser.base import Visits
from webgen_gym.judges.measured import gates, page, reading
from webgen_gym.judges.measured.design import design
from webgen_gym.judges.measured.finding import FULL, Criterion
from webgen_gym.judges.measured.layout import layout
from webgen_gym.judges.measured.relevance import relevance
from webgen_gym.judges.measured.rendering import rendering
from webgen_gym.judges.measured.words import terms_of
from webgen_gym.types import Evidence, Look, Score, Task

SUGGESTIONS = 8
WORDS = ("unusable", "poor", "below average", "average", "good", "excellent")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each criterion counts; rendering multiplies, the others add up to 1."""

    relevance: float = 0.35
    layout: float = 0.30
    design: float = 0.35


class Measured:
    """The appearance judge that needs nothing but the look."""

    id = "measured/2"

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or Weights()

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Score:
        """Judge one look; the same look gives the same score. Nothing else is looked at."""
        # In a thread: the loop goes on serving the pages of other sessions meanwhile.
        return await asyncio.to_thread(judge, task, look, self._weights)


def judge(task: Task, look: Look, weights: Weights | None = None) -> Score:
    """The verdict on a look, without the wrapping of a judge."""
    problem = gates.unseen(look)
    if problem:
        return _zero(problem)
    seen = page.read(look)
    problem = gates.broken(seen)
    if problem:
        return _zero(problem)
    terms = terms_of(task)
    read = reading.read(seen, terms)
    seen = seen.without(read.padding)
    criteria = (rendering(seen), relevance(seen, task, terms, read), layout(seen), design(seen, task))
    return _score(criteria, weights or Weights())


def combine(criteria: MappingProxyType[str, float], weights: Weights) -> float:
    """The value of four criteria, as the module says."""
    shares = {"relevance": weights.relevance, "layout": weights.layout, "design": weights.design}
    harmony = math.prod(math.pow(criteria[name] + 1, share) for name, share in shares.items()) - 1
    return round(harmony * criteria["rendering"] / FULL, 2)


def _score(criteria: tuple[Criterion, ...], weights: Weights) -> Score:
    values = MappingProxyType({criterion.name: round(criterion.value, 2) for criterion in criteria})
    value = combine(values, weights)
    findings = sorted(
        (finding for criterion in criteria for finding in criterion.findings), key=lambda finding: -finding.lost
    )
    return Score(
        value=value,
        criteria=values,
        evidence=tuple(item for criterion in criteria for item in criterion.evidence()),
        suggestions=tuple(finding.advice for finding in findings if finding.advice)[:SUGGESTIONS],
        summary=f"The page looks {WORDS[round(value)]}. " + _worst(criteria),
    )


def _worst(criteria: tuple[Criterion, ...]) -> str:
    worst = min(criteria, key=lambda criterion: criterion.value)
    if not worst.findings:
        return "Nothing was found wanting."
    main = max(worst.findings, key=lambda finding: finding.lost)
    return f"Weakest is its {worst.name}: {main.what}."


def _zero(problem: str) -> Score:
    names = ("rendering", "relevance", "layout", "design")
    return Score(
        value=0.0,
        criteria=MappingProxyType(dict.fromkeys(names, 0.0)),
        evidence=(Evidence("rendering", problem, -FULL),),
        suggestions=(f"Make the page show a website. {problem}",),
        summary=problem,
    )
