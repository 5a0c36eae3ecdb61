"""The calculator of docs/scaling.md names what is full first."""

from dataclasses import replace

import pytest

from benchmarks.sizing import Cluster, ceilings, fitting

NODES = Cluster(nodes=1000, cores=32, memory_gib=128, slots=64)


def first(cluster: Cluster) -> str:
    return min(ceilings(cluster).items(), key=lambda item: item[1])[0]


@pytest.mark.parametrize(
    ("cluster", "full"),
    [
        (Cluster(), "slots, or the memory for them"),
        (NODES, "drivers"),
        (replace(NODES, drivers=250), "judging models"),
        (replace(NODES, drivers=250, judge_calls_per_s=25_000), "slots, or the memory for them"),
        (Cluster(slots=500, memory_gib=1000, judge_calls=0, drivers=9), "cores"),
        (replace(NODES, drivers=250, judge_calls_per_s=25_000, turn_mb=50), "the drivers' network"),
    ],
)
def test_what_is_scarcest_is_full_first(cluster: Cluster, full: str) -> None:
    assert first(cluster) == full


def test_no_more_slots_count_than_the_memory_holds() -> None:
    small = Cluster(slots=1000, memory_gib=1)
    assert fitting(small) == pytest.approx((1024 - 480) / 40)
    assert ceilings(small) == ceilings(replace(small, slots=2000))


def test_models_that_are_not_asked_limit_nothing() -> None:
    assert ceilings(Cluster(judge_calls=0))["judging models"] == float("inf")
