"""Several judges of appearance as one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from webgen_gym.browser.base import Visits
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.types import Look, Score, Task, Unscored, Verdict


class Ensemble:
    """The weighted mean of several judges of appearance, asked at the same time.

    Where a judge gives no score the site is unscored, or with ``quorum`` scored by the others if at least so many
    did: a mean over fewer judges is another scale, so that must be asked for. Evidence and criteria name their judge.

    Raises:
        UsageError: no judges, weights that do not fit them, or a quorum that cannot be met.
    """

    def __init__(
        self, judges: Sequence[AppearanceJudge], weights: Sequence[float] | None = None, quorum: int | None = None
    ) -> None:
        self._judges = tuple(judges)
        self._weights = tuple(weights) if weights is not None else (1.0,) * len(self._judges)
        self._quorum = len(self._judges) if quorum is None else quorum
        if not self._judges or len(self._weights) != len(self._judges) or min(self._weights) <= 0:
            raise UsageError(
                f"An ensemble needs judges and a weight above 0 for each: {len(self._judges)} judges, {self._weights}."
            )
        if not 1 <= self._quorum <= len(self._judges):
            raise UsageError(
                f"The quorum of {len(self._judges)} judges is from 1 to {len(self._judges)}, not {quorum}."
            )

    @property
    def id(self) -> str:
        """``ensemble/1(quorum; weight × ID; …)``."""
        members = (f"{weight:g} × {judge.id}" for judge, weight in zip(self._judges, self._weights, strict=True))
        return f"ensemble/1({'; '.join((str(self._quorum), *members))})"

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """Judge by all members. What one of them raises is raised, after all have ended."""
        asked = [judge.appearance(task, look, visits) for judge in self._judges]
        verdicts = await asyncio.gather(*asked, return_exceptions=True)
        given: list[tuple[str, float, Score]] = []
        missing: list[Unscored] = []
        for judge, weight, verdict in zip(self._judges, self._weights, verdicts, strict=True):
            if isinstance(verdict, BaseException):
                raise verdict
            if isinstance(verdict, Score):
                given.append((judge.id, weight, verdict))
            else:
                missing.append(replace(verdict, detail=f"{judge.id}: {verdict.detail}"))
        return missing[0] if len(given) < self._quorum else _mean(given)


def _mean(given: Sequence[tuple[str, float, Score]]) -> Score:
    total = sum(weight for _, weight, _ in given)
    return Score(
        value=round(sum(weight * score.value for _, weight, score in given) / total, 2),
        criteria=_criteria(given),
        evidence=tuple(
            replace(item, criterion=f"{name} {item.criterion}") for name, _, score in given for item in score.evidence
        ),
        suggestions=tuple(dict.fromkeys(advice for _, _, score in given for advice in score.suggestions)),
        summary="\n".join(f"{name}: {score.summary}" for name, _, score in given if score.summary),
    )


def _criteria(given: Sequence[tuple[str, float, Score]]) -> Mapping[str, float]:
    """What each judge gave: as a whole, and by its criteria where it has any."""
    values = {}
    for name, _, score in given:
        values[name] = score.value
        values |= {f"{name} {criterion}": value for criterion, value in score.criteria.items()}
    return MappingProxyType(values)
