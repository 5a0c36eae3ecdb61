"""The benchmark for a GPU runs on a CPU too, with a tiny model, so that it does not fail for the first time on a GPU."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.gpu.findings import Findings
from benchmarks.gpu.scale import FULL
from benchmarks.gpu_step_grpo import PARTS, main
from webgen_gym.trainers.units import Row

CPU = torch.device("cpu")


def row(length: int, trained: int) -> Row:
    marked = np.arange(length) >= length - trained
    zeros = np.zeros(length, np.float32)
    return Row(np.zeros(length, np.int64), marked, zeros, zeros, np.where(marked, 0, -1))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Of a dry run of all parts."""
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("gpu") / "found.json"
    assert main(["--dry-run", "--out", str(out)]) == 0
    figures: list[dict[str, Any]] = json.loads(out.read_text())["found"]
    return figures


def test_every_part_of_a_dry_run_finds_its_figures(found: list[dict[str, Any]]) -> None:
    assert {each["part"] for each in found} == set(PARTS)
    assert [each["failed"] for each in found if each["failed"]] == []
    assert all(each["value"] > 0 for each in found if not each["unit"].startswith("GiB"))


def test_in_half_precision_the_generator_agrees_with_the_policy(found: list[dict[str, Any]]) -> None:
    (apart,) = (each["value"] for each in found if each["unit"] == "nats apart, mean")
    assert 0 < apart < 0.02


def test_a_measurement_that_fails_leaves_the_others_alone() -> None:
    def full() -> dict[str, float]:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate 9 GiB.")

    findings = Findings("part", 60, CPU, say=lambda _: None)
    findings.measure("too large", full)
    findings.measure("fits", lambda: {"s": 1.0})
    assert [each.failed for each in findings.found] == ["failed: OutOfMemoryError: CUDA out of memory.", ""]


def test_a_part_begins_nothing_once_its_time_is_over() -> None:
    findings = Findings("part", -1, CPU, say=lambda _: None)
    findings.measure("late", lambda: {"s": 1.0})
    assert [each.failed for each in findings.found] == ["left out: the -1 s of this part are over"]


@pytest.mark.parametrize(
    ("length", "kept", "billions"),
    # As worked out by hand for Qwen2.5-7B: six times the weights, and attention four times; without checkpoints a third
    # and a quarter of it less.
    [(16384, 0, 52.3), (4096, 0, 42.4), (16384, 28, 36.0)],
)
def test_the_arithmetic_of_an_update_is_counted(length: int, kept: int, billions: float) -> None:
    flops = FULL.shape.update_flops([row(length, 0)], kept)
    assert flops / length / 1e9 == pytest.approx(billions, rel=0.005)


def test_the_head_is_counted_on_trained_tokens_alone() -> None:
    extra = FULL.shape.update_flops([row(100, 10)], 0) - FULL.shape.update_flops([row(100, 0)], 0)
    assert extra == 10 * 3 * 2 * 3584 * 152064
