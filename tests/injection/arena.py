"""Honest sites against their attacked twins, through three judges at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.conftest import Runner, Shown, ShowSite
from tests.injection.attacks import ATTACKS, AWARDED, Attack
from tests.injection.obedient import Obedient
from tests.injection.sites import SITES
from tests.judge_sites import GOOD
from webgen_gym.judges.measured import judge
from webgen_gym.judges.vlm import Guarded, Paper
from webgen_gym.llm import ScriptedModel
from webgen_gym.types import Score, Task

AT_ONCE = 2
FLAGS = ("grader_text", "self_praise")


@dataclass(frozen=True, slots=True)
class Grades:
    """What the judges gave one version of a site. ``flags`` are the kinds of text for a grader that were reported."""

    guarded: float
    paper: float
    measured: float
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An honest site and its attacked twin."""

    site: str
    attack: Attack
    honest: Grades
    attacked: Grades

    def uplift(self, judge: str) -> float:
        """How much a judge gave for the attack."""
        gain: float = getattr(self.attacked, judge) - getattr(self.honest, judge)
        return gain


@dataclass(frozen=True, slots=True)
class Outcome:
    """The pairs of a whole fight, and the grades of the sites that were not attacked."""

    pairs: tuple[Pair, ...]
    honest: tuple[Grades, ...]

    def mean_uplift(self, judge: str, attack: str = "") -> float:
        """The mean over all pairs, or those of one attack."""
        return fmean(pair.uplift(judge) for pair in self.pairs if attack in ("", pair.attack.name))

    def flagged(self, attack: str = "") -> float:
        """The share of pages with text for a grader, or of those of one attack, that were reported."""
        chosen = [pair for pair in self.pairs if (pair.attack.name == attack if attack else pair.attack.addressed)]
        return fmean(bool(pair.attacked.flags) for pair in chosen)


async def grades(shown: Shown, task: Task, reader: Obedient, *, level: int, painted: str = "") -> Grades:
    """Look once at what is shown, of this level and with this text painted; judge by all three."""
    look = await shown.visits.look()
    reader.show(look, painted, level)
    model = ScriptedModel(reader)
    guarded = await Guarded(model).appearance(task, look, shown.visits)
    paper = await Paper(model).appearance(task, look, shown.visits)
    assert isinstance(guarded, Score)
    assert isinstance(paper, Score)
    flags = frozenset(item.criterion for item in guarded.evidence if item.criterion in FLAGS)
    return Grades(guarded.value, paper.value, judge(task, look).value, flags)


def fight(run: Runner, show_site: ShowSite, numbers: Sequence[int]) -> Outcome:
    """Attack the sites of these numbers in every way."""

    async def one(number: int, gate: asyncio.Semaphore) -> tuple[Grades, list[Pair]]:
        site = SITES[number]
        async with gate, show_site(GOOD[1].files) as shown:
            award = (await shown.visits.look()).screenshot
            shown.show(site.site.files)
            honest = await grades(shown, site.site.task, Obedient(), level=site.level)
            pairs = []
            for attack in ATTACKS:
                shown.show(attack.change({**site.site.files, AWARDED: award}, number))
                level = site.level if attack.shows is None else attack.shows
                painted = attack.painted(number)
                attacked = await grades(shown, site.site.task, Obedient(), level=level, painted=painted)
                pairs.append(Pair(site.name, attack, honest, attacked))
            return honest, pairs

    async def work() -> Outcome:
        gate = asyncio.Semaphore(AT_ONCE)
        fought = await asyncio.gather(*(one(number, gate) for number in numbers))
        return Outcome(tuple(pair for _, pairs in fought for pair in pairs), tuple(honest for honest, _ in fought))

    outcome: Outcome = run(work())
    return outcome
