"""The two embedded judges prefer ten good sites to each of their hundred spoilings.

The spoiled site is granted the functionality of the good one, except where its buttons were made dead: a
spoiling that only breaks what is used more would make the test easier, not harder.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from tests.conftest import Runner, Shown, ShowSite
from tests.judge_sites import GOOD
from tests.judge_sites.site import Site
from tests.judge_sites.spoilings import SPOILINGS, Spoiling, dead_buttons
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.measured import judge
from webgen_gym.limits import Limits
from webgen_gym.types import Files, Score

CRITERIA = ("rendering", "relevance", "layout", "design")
# Fewer tries tell dead from alive as well, and the test stays within its minute.
LIMITS = replace(Limits(), explore_controls=8)
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """What the two judges say of one version of a site."""

    appearance: Score
    functionality: float

    @property
    def value(self) -> float:
        return self.appearance.value + self.functionality


Table = dict[tuple[str, str], Judged]


async def looked_at(shown: Shown, site: Site, files: Files) -> Score:
    shown.show(files)
    return judge(site.task, await shown.visits.look())


async def explored(shown: Shown, site: Site, files: Files) -> float:
    shown.show(files)
    verdict = await Explore(LIMITS).functionality(site.task, shown.visits)
    assert isinstance(verdict, Score)
    return verdict.value


async def judged(shown: Shown, site: Site) -> Table:
    works = await explored(shown, site, site.files)
    dead = await explored(shown, site, dead_buttons(site.files))
    table = {(site.name, "good"): Judged(await looked_at(shown, site, site.files), works)}
    for spoil in SPOILINGS:
        appearance = await looked_at(shown, site, spoil(site.files))
        table[site.name, spoil.__name__] = Judged(appearance, dead if spoil is dead_buttons else works)
    return table


@pytest.fixture(scope="module")
def tables() -> Table:
    return {}


@pytest.fixture
def table(run: Runner, show_site: ShowSite, tables: Table) -> Table:
    """All verdicts; made once for this file."""

    async def everything() -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(site: Site) -> Table:
            async with gate, show_site(site.files) as shown:
                return await judged(shown, site)

        for part in await asyncio.gather(*map(one, GOOD)):
            tables.update(part)

    if not tables:
        run(everything())
    return tables


def won(table: Table, spoil: Spoiling) -> int:
    return sum(table[site.name, "good"].value > table[site.name, spoil.__name__].value for site in GOOD)


def mean_drop(table: Table, spoil: Spoiling, criterion: str) -> float:
    drops = [
        table[site.name, "good"].appearance.criteria[criterion]
        - table[site.name, spoil.__name__].appearance.criteria[criterion]
        for site in GOOD
    ]
    return sum(drops) / len(drops)


def line(table: Table, spoil: Spoiling) -> str:
    drops = [mean_drop(table, spoil, criterion) for criterion in CRITERIA]
    good = [table[site.name, "good"] for site in GOOD]
    bad = [table[site.name, spoil.__name__] for site in GOOD]
    drops.append(sum(one.appearance.value - other.appearance.value for one, other in zip(good, bad, strict=True)) / 10)
    drops.append(sum(one.functionality - other.functionality for one, other in zip(good, bad, strict=True)) / 10)
    return f"{spoil.__name__:20} {won(table, spoil):3} " + " ".join(f"{drop:13.2f}" for drop in drops)


def test_the_good_site_is_preferred_in_95_of_100_pairs(table: Table) -> None:
    heads = (*CRITERIA, "appearance", "functionality")
    print(f"\n{'spoiling':20} won " + " ".join(f"{head:>13}" for head in heads) + "   (mean drop)")
    print("\n".join(line(table, spoil) for spoil in SPOILINGS))
    assert sum(won(table, spoil) for spoil in SPOILINGS) >= 95


@pytest.mark.parametrize("site", GOOD, ids=lambda site: site.name)
def test_a_good_site_is_good(table: Table, site: Site) -> None:
    assert table[site.name, "good"].appearance.value >= 3.9
    assert table[site.name, "good"].functionality >= 4.5


@pytest.mark.parametrize(
    ("name", "criterion"),
    [
        ("unstyled", "design"),
        ("white_on_white", "rendering"),
        ("overlapping_text", "layout"),
        ("missing_feature", "relevance"),
        ("wrong_palette", "design"),
        ("console_crash", "rendering"),
        ("broken_images", "rendering"),
        ("horizontal_overflow", "layout"),
    ],
)
def test_a_spoiling_shows_in_the_criterion_that_it_concerns(table: Table, name: str, criterion: str) -> None:
    spoil = next(spoil for spoil in SPOILINGS if spoil.__name__ == name)
    assert mean_drop(table, spoil, criterion) >= 0.8


def test_dead_buttons_do_not_change_what_a_page_looks_like(table: Table) -> None:
    assert all(
        table[site.name, "good"].appearance.value == table[site.name, "dead_buttons"].appearance.value for site in GOOD
    )
