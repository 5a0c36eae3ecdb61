"""What the explorer finds of what was planted, and what it takes for dead on sites that nobody touched."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from benchmarks.calibration.corpus import Clean
from benchmarks.calibration.looks import TABS, served
from benchmarks.calibration.plants import deafened, kinds_for, planted
from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.visits import SiteVisits
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.explore_controls import DIGITS, Control, Kind, controls_of
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import Door
from webgen_gym.site.upstream import StaticUpstream
from webgen_gym.types import CheckResult, Files, Score

# Enough tries for everything on a site, so that a miss is a miss and no want of tries.
LIMITS = replace(Limits(), explore_controls=40, explore_s=300.0)
# What was alive and is made deaf: kinds whose silence counts.
DEAFENED = frozenset({Kind.BUTTON, Kind.LINK, Kind.FORM, Kind.SEARCH})


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault: its kind, the control's name, and whether the explorer called it dead."""

    site: str
    kind: str
    name: str
    found: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Explored:
    """A site: what was tried on it untouched, what of it was called dead, and the faults that were planted."""

    site: str
    tried: int
    alarms: tuple[CheckResult, ...]
    planted: tuple[Planted, ...]


async def explore_all(
    sites: Sequence[Clean], *, done: Callable[[Explored], None] = lambda _: None, tabs: int = TABS
) -> tuple[Explored, ...]:
    """Explore every site three times: untouched, with new dead controls, and with half of its own made deaf."""
    queue = iter(sites)
    found: dict[str, Explored] = {}

    async def work(browser: Chromium) -> None:
        async with served(browser, LIMITS) as (door, visits):
            for site in queue:
                found[site.name] = await _explore(site, door, visits)
                done(found[site.name])

    browser = Chromium(LIMITS)
    try:
        await asyncio.gather(*(work(browser) for _ in range(tabs)))
    finally:
        await browser.close()
    return tuple(found[site.name] for site in sites)


async def _explore(site: Clean, door: Door, visits: SiteVisits) -> Explored:
    untouched = await _checks(site, site.files, door, visits)
    new = await _checks(site, planted(site.files), door, visits)
    deaf = _to_deafen(await _controls(site.files, door, visits), untouched)
    after = await _checks(site, deafened(site.files, [_spoken(control) for control in deaf]), door, visits)
    faults = [
        _found(site, kind, name, [check for check in new if name in check.name]) for kind, name in kinds_for(site.files)
    ]
    faults += [
        _found(site, f"deaf_{control.kind}", control.label, [check for check in after if check.name == control.label])
        for control in deaf
    ]
    alarms = tuple(check for check in untouched if not check.passed)
    return Explored(site.name, len(untouched), alarms, tuple(faults))


async def _checks(site: Clean, files: Files, door: Door, visits: SiteVisits) -> tuple[CheckResult, ...]:
    door.show(StaticUpstream(dict(files)))
    verdict = await Explore(LIMITS).functionality(site.task, visits)
    assert isinstance(verdict, Score)
    return tuple(check for check in verdict.checks if check.name != "no script errors")


async def _controls(files: Files, door: Door, visits: SiteVisits) -> list[Control]:
    door.show(StaticUpstream(dict(files)))
    async with visits.tab() as tab:
        await tab.open("/")
        return controls_of(await tab.widgets())


def _to_deafen(controls: Iterable[Control], checks: Iterable[CheckResult]) -> list[Control]:
    """Every second control that was found alive; one of each name, for deafness goes by the name."""
    alive = {check.name for check in checks if check.passed}
    names = Counter(_spoken(control) for control in controls)
    fit = [
        control
        for control in controls
        if control.kind in DEAFENED and control.label in alive and _spoken(control) and names[_spoken(control)] == 1
    ]
    return fit[::2]


def _spoken(control: Control) -> str:
    _, name, *_ = control.key
    return DIGITS.sub("#", name)


def _found(site: Clean, kind: str, name: str, checks: Sequence[CheckResult]) -> Planted:
    found = bool(checks) and not any(check.passed for check in checks)
    return Planted(site.name, kind, name, found, checks[0].detail if checks else "it was not tried")


def recall(explored: Iterable[Explored]) -> float:
    """The share of planted faults that were called dead."""
    faults = [fault for one in explored for fault in one.planted]
    return sum(fault.found for fault in faults) / len(faults)


def alarm_rate(explored: Sequence[Explored]) -> float:
    """The share of controls of untouched sites that were called dead."""
    return sum(len(one.alarms) for one in explored) / sum(one.tried for one in explored)
