"""The measured judge ranks spoilt sites, and each criterion minds its own spoilings. See docs/judges.md.

A part of the corpus runs always, the whole of it with the slow tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

import pytest

from benchmarks.calibration.corpus import Clean, clean_sites
from benchmarks.calibration.explorations import Explored, alarm_rate, explore_all, recall
from benchmarks.calibration.looks import Looks, content_hash
from benchmarks.calibration.run import judge_all
from benchmarks.calibration.spoilings import KINDS, STRENGTHS, Kind, spoil
from benchmarks.calibration.table import Table, accuracy, monotony
from webgen_gym.judges.measured import judge

# A site that is made to work and one that is made to please; kinds of every criterion, easy and hard ones.
FEW_SITES = ("cabin-booking/reference", "travel/hand")
FEW_KINDS = ("broken_images", "wrong_topic", "overlap", "misaligned", "low_contrast", "many_fonts")


@cache
def corpus() -> tuple[Clean, ...]:
    return clean_sites()


def chosen(names: Sequence[str]) -> tuple[Clean, ...]:
    return tuple(site for site in corpus() if site.name in names)


def few_kinds() -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if kind.name in FEW_KINDS)


@pytest.fixture(scope="module")
def few() -> Table:
    return asyncio.run(judge_all(chosen(FEW_SITES), few_kinds(), Looks()))


def test_a_clean_site_beats_its_spoilt_versions(few: Table) -> None:
    assert accuracy(few, few_kinds()) >= 0.97


def test_a_stronger_spoiling_costs_more(few: Table) -> None:
    assert monotony(few, few_kinds()) >= 0.9


@pytest.mark.parametrize("kind", few_kinds(), ids=lambda kind: kind.name)
def test_a_spoiling_costs_its_own_criterion(few: Table, kind: Kind) -> None:
    assert few.drops(kind, kind.criterion) >= 0.5
    assert few.foreign(kind) <= 0.2


# ------------------------------------------------------------------ the corpus


def test_a_spoiling_is_a_function_of_its_files() -> None:
    site = corpus()[0]
    assert content_hash(spoil(site.files, KINDS[0], 1)) == content_hash(spoil(site.files, KINDS[0], 1))


def test_every_strength_of_every_kind_is_another_site() -> None:
    files = corpus()[0].files
    versions = [files, *(spoil(files, kind, strength) for kind in KINDS for strength in STRENGTHS)]
    assert len({content_hash(version) for version in versions}) == 1 + len(KINDS) * len(STRENGTHS)


def test_a_task_is_tuned_on_or_held_out_whoever_built_its_site() -> None:
    halves: dict[str, set[bool]] = {}
    for site in corpus():
        halves.setdefault(site.task.id, set()).add(site.held_out)
    assert all(len(sides) == 1 for sides in halves.values())
    assert {side for sides in halves.values() for side in sides} == {True, False}


def test_a_look_that_was_kept_gives_the_same_verdict(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("looks")
    first = asyncio.run(judge_all(chosen(FEW_SITES[:1]), (), Looks(folder)))
    again = asyncio.run(judge_all(chosen(FEW_SITES[:1]), (), Looks(folder)))
    assert first == again
    kept = Looks(folder).kept(chosen(FEW_SITES[:1])[0].files)
    assert kept is not None
    assert judge(chosen(FEW_SITES[:1])[0].task, kept).value == first.value(FEW_SITES[0])


# ------------------------------------------------------------------ all of it


@pytest.fixture(scope="module")
def whole() -> Table:
    return asyncio.run(judge_all(corpus(), KINDS, Looks()))


@pytest.mark.slow
@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_spoilt_sites_lose_in_97_of_100_pairs(whole: Table, held_out: bool) -> None:
    half = {site.name for site in corpus() if site.held_out is held_out}
    assert accuracy(whole.of(lambda name: name in half)) >= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_the_stronger_of_two_spoilings_loses_in_90_of_100_pairs(whole: Table, held_out: bool) -> None:
    half = {site.name for site in corpus() if site.held_out is held_out}
    assert monotony(whole.of(lambda name: name in half)) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_other_criteria_hardly_mind(whole: Table, kind: Kind) -> None:
    assert whole.foreign(kind) <= 0.2


# ------------------------------------------------------------------ the explorer


def explored(names: Sequence[str]) -> tuple[Explored, ...]:
    return asyncio.run(explore_all(chosen(names)))


def test_the_explorer_finds_what_was_planted() -> None:
    found = explored(["garden-crm/reference"])
    assert recall(found) == 1.0
    assert alarm_rate(found) == 0.0


@pytest.mark.slow
def test_the_explorer_finds_95_of_100_faults_with_2_false_alarms_in_100_on_reference_sites() -> None:
    found = explored([site.name for site in corpus() if site.name.endswith(("/reference", "/hand"))])
    assert recall(found) >= 0.95
    assert alarm_rate(found) <= 0.02
