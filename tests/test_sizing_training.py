"""The calculator of docs/training-scale.md, against figures that are worked out by hand, and against the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.sizing_training import (
    Training,
    environment_s,
    forward_flops,
    generation_s,
    head_flops,
    key_bytes,
    slots,
    step_s,
    table,
    training_gb,
    update_flops,
    update_s,
)

PAGE = Path(__file__).parent.parent / "docs" / "training-scale.md"
RUN = Training()


@pytest.mark.parametrize(
    ("length", "forward", "adapters", "whole"), [(4096, 13.9, 42.5, 55.5), (16384, 16.3, 52.3, 65.4)]
)
def test_a_token_costs_its_weights_and_its_row(length: int, forward: float, adapters: float, whole: float) -> None:
    found = forward_flops(RUN, length), update_flops(RUN, length), update_flops(RUN, length, whole=True)
    assert [round(flops / 1e9, 1) for flops in found] == [forward, adapters, whole]


def test_the_head_is_computed_three_times_for_a_trained_token() -> None:
    assert head_flops(RUN) == pytest.approx(3 * 2 * 545e6)


def test_a_token_of_the_cache_takes_56_kib() -> None:
    assert key_bytes(RUN) == 56 * 1024


def test_a_step_of_one_sequence_reads_the_weights_once() -> None:
    assert step_s(RUN, 1, 0) == pytest.approx((6.53e9 + 0.545e9) * 2 / 4.8e12)


def test_updates_are_shared_out() -> None:
    assert update_s(replace(RUN, gpus=8)) == pytest.approx(update_s(RUN) / 8)


def test_the_gpu_with_most_tasks_decides() -> None:
    assert update_s(replace(RUN, gpus=12)) == update_s(replace(RUN, gpus=8))


def test_more_gpus_do_not_shorten_the_longest_chain_of_tokens() -> None:
    floor = RUN.generated_tokens * step_s(RUN, 1, 0)
    assert generation_s(replace(RUN, gpus=10_000)) > floor


def test_fewer_slots_than_trajectories_make_generation_longer() -> None:
    small = replace(RUN, gpu_gb=80)
    assert slots(small) < small.trajectories
    assert generation_s(small) > generation_s(RUN)


def test_judges_are_waited_for_once_a_turn_by_all_together() -> None:
    patient = replace(RUN, judge_s=12.0)
    assert environment_s(patient) - environment_s(RUN) == pytest.approx(10.0 * RUN.turns)


def test_shards_hold_less_than_whole_copies() -> None:
    eight = replace(RUN, gpus=8)
    assert training_gb(eight, sharded=True) < training_gb(eight)
    assert training_gb(eight, sharded=True, whole=True) < training_gb(eight, whole=True) / 4


@pytest.mark.parametrize("one", [RUN, replace(RUN, gpu_gb=80.0, bytes_per_s=3.35e12)], ids=["H200", "H100"])
def test_the_tables_of_the_page_are_what_the_calculator_says(one: Training) -> None:
    assert table([replace(one, gpus=gpus) for gpus in (1, 8, 16)]) in PAGE.read_text(encoding="utf-8")
