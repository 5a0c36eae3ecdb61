"""Functionality by trying everything: ``Explore`` needs to know nothing of the task.

Reading order: ``explore_controls`` (what there is to try) → ``explore_deeds`` (what one does with it) →
``explore_hands`` (the tab, and what an act changed) → ``explore_tour`` (one page) → here (the site, and the score).

Every control weighs what a user loses when it is dead (``WEIGHTS``). With ``share`` the weight of what works over
the weight of what was tried, and ``W`` the weight of what works:

    value = min(5 · share, 2 + 3 · min(1, W / 6)) − 0.4 for each different script error, 1.6 at most

So a page whose only button works does not get 5; where tries or time ran out, 6 gives way to the weight of what was
tried. A page with nothing to use is worth 1; one that cannot be opened, answers an error or is empty is worth 0. The
order of trying is that of the document, and time on the page is virtual, so two explorations of one site agree;
only ``limits.explore_s``, in real seconds, may cut one short.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from webgen_gym.browser.base import Visits
from webgen_gym.errors import AgentFault
from webgen_gym.judges.explore_controls import Key, Kind
from webgen_gym.judges.explore_hands import Hands
from webgen_gym.judges.explore_tour import Tour, Trial
from webgen_gym.limits import Limits
from webgen_gym.types import CheckResult, Evidence, Score, Task, Verdict

OK = 200
FULL = 5.0
NOTHING_TO_USE = 1.0
BASE, RICHNESS, RICH_WEIGHT = 2.0, 3.0, 6.0
ERROR_POINTS, ERRORS_MOST = 0.4, 1.6
PAGES = 5
SUGGESTIONS = 8
WEIGHTS: Mapping[Kind, float] = MappingProxyType(
    {
        Kind.FORM: 1.5,
        Kind.SEARCH: 1.5,
        Kind.BUTTON: 1.0,
        Kind.CHOICE: 1.0,
        Kind.CLICKABLE: 0.5,
        Kind.LINK: 0.5,
        Kind.ANCHOR: 0.25,
        Kind.TICK: 0.25,
    }
)


class Explore:
    """The functionality judge that tries every control."""

    id = "explore/2"

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """Try the site. Raises BrowserLost when the browser dies; what a page does is the page's fault."""
        del task
        async with Hands(visits) as hands:
            try:
                status, events = await hands.open("/")
            except AgentFault as fault:
                return _zero(fault.message)
            if status != OK:
                return _zero(f"The page answered HTTP {status or 'nothing'}, not 200.")
            if not (await hands.tab.text()).strip() and not await hands.tab.widgets():
                return _zero("The page is empty: it has no text and no control.")
            trials, complete = await self._explore(hands)
            return _score(trials, events.page_errors, complete=complete)

    async def _explore(self, hands: Hands) -> tuple[list[Trial], bool]:
        """Try page after page; also whether everything that was found could be tried."""
        stop = asyncio.get_running_loop().time() + self._limits.explore_s
        trials: list[Trial] = []
        complete = True
        known: set[Key] = set()
        pages, seen = ["/"], {"/"}
        while pages and len(trials) < self._limits.explore_controls:
            tour = Tour(hands, lambda: asyncio.get_running_loop().time() < stop, known)
            found = await _visit(hands, pages.pop(0), tour, self._limits.explore_controls - len(trials))
            trials += found
            complete = complete and not tour.cut_short
            for path in (_page(trial.led) for trial in found if trial.led and trial.control.kind is Kind.LINK):
                if path not in seen and len(seen) < PAGES:
                    seen.add(path)
                    pages.append(path)
        return trials, complete and not pages


async def _visit(hands: Hands, path: str, tour: Tour, tries: int) -> tuple[Trial, ...]:
    """Try one page. A page that cannot be opened any more ends it: the link to it was tried already."""
    try:
        await hands.open(path)
        await hands.notice_restlessness()
        return await tour.take(tries)
    except AgentFault:
        await hands.mend()
        return ()


def _page(path: str) -> str:
    return path.partition("#")[0]


# ------------------------------------------------------------------ the score


def _score(trials: Sequence[Trial], load_errors: Sequence[str], *, complete: bool) -> Score:
    judged = [trial for trial in trials if trial.alive is not None]
    errors = list(dict.fromkeys([*load_errors, *(error for trial in trials for error in trial.errors)]))
    lost = min(ERRORS_MOST, ERROR_POINTS * len(errors))
    works = sum(WEIGHTS[trial.control.kind] for trial in judged if trial.alive)
    tried = sum(WEIGHTS[trial.control.kind] for trial in judged)
    # What was not tried for want of tries or time may well work.
    enough = RICH_WEIGHT if complete else min(RICH_WEIGHT, tried)
    before = _before_errors(works, tried, enough)
    value = max(0.0, before - lost)
    dead = [trial for trial in judged if not trial.alive]
    return Score(
        value=round(value, 2),
        criteria=MappingProxyType(_criteria(judged)),
        evidence=_evidence(before, FULL * works / tried if tried else FULL, len(dead), errors),
        suggestions=_suggestions(judged, dead, errors),
        checks=_checks(judged, errors),
        summary=_summary(judged, dead, errors),
    )


def _before_errors(works: float, tried: float, enough: float) -> float:
    if tried == 0:
        return NOTHING_TO_USE
    return min(FULL * works / tried, BASE + RICHNESS * min(1.0, works / enough))


def _criteria(judged: Sequence[Trial]) -> dict[str, float]:
    """For each kind of control, 5 times the share that works."""
    kinds = dict.fromkeys(trial.control.kind for trial in judged)
    shares = {}
    for kind in kinds:
        of_kind = [trial for trial in judged if trial.control.kind is kind]
        shares[kind.value] = round(FULL * sum(bool(trial.alive) for trial in of_kind) / len(of_kind), 2)
    return shares


def _evidence(value: float, share: float, dead: int, errors: Sequence[str]) -> tuple[Evidence, ...]:
    """What took the points: from 5 to the share that works, to what there is to use, to what errors leave."""
    found = []
    if dead:
        found.append(Evidence("controls", f"{dead} control(s) do nothing or fail", round(share - FULL, 2)))
    if value < share:
        found.append(Evidence("richness", "there is little or nothing on the site to use", round(value - share, 2)))
    if errors:
        lost = min(ERRORS_MOST, ERROR_POINTS * len(errors))
        found.append(Evidence("errors", f"{len(errors)} error(s), first: {errors[0][:160]}", -round(lost, 2)))
    return tuple(found)


def _checks(judged: Sequence[Trial], errors: Sequence[str]) -> tuple[CheckResult, ...]:
    checks = [CheckResult(trial.control.label, bool(trial.alive), trial.seen) for trial in judged]
    return (*checks, *(CheckResult("no script errors", False, error[:200]) for error in errors))


def _suggestions(judged: Sequence[Trial], dead: Sequence[Trial], errors: Sequence[str]) -> tuple[str, ...]:
    if not judged:
        return ("Add controls that do something: there is nothing on the page to use.",)
    return tuple([_advice(trial) for trial in dead] + [_repair(error) for error in errors])[:SUGGESTIONS]


def _advice(trial: Trial) -> str:
    control = trial.control
    if control.kind is Kind.ANCHOR:
        return (
            f"The {control.label} points to {control.href}, which is not on the page: add the section or the handler."
        )
    if control.kind is Kind.FORM:
        return f"The {control.label}: {trial.seen}. Handle its submit event and show the outcome."
    if trial.seen == "nothing happened":
        return f"The {control.label} does nothing, also when the fields are filled: give it its function or remove it."
    return f"The {control.label} does not work: {trial.seen.rstrip('.')}."


def _repair(error: str) -> str:
    return f"Using the site causes an error: {error[:160]}. Repair it."


def _summary(judged: Sequence[Trial], dead: Sequence[Trial], errors: Sequence[str]) -> str:
    if not judged:
        return "There is nothing on the page to use."
    works = f"{len(judged) - len(dead)} of {len(judged)} controls that were tried work"
    return f"{works}; {len(errors)} error(s) came up." if errors else f"{works}."


def _zero(problem: str) -> Score:
    return Score(
        value=0.0,
        evidence=(Evidence("controls", problem, -FULL),),
        suggestions=(f"Make the page usable. {problem}",),
        checks=(CheckResult("the page opens", False, problem),),
        summary=problem,
    )
