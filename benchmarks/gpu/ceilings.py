"""What the device can do at most: products of matrices, and copies in its memory."""

from __future__ import annotations

import torch

from benchmarks.gpu.findings import Findings, timed
from benchmarks.gpu.scale import Bench, Scale

_TIMES = 10


def ceilings(bench: Bench, findings: Findings) -> None:
    """Both, the best of some runs."""
    size = bench.scale.matmul
    findings.measure(f"product of matrices, {size}³", lambda: {"TFLOP/s": bench.flops_per_s / 1e12})
    findings.measure("copy", lambda: {"GB/s, read and written": _copied_per_s(bench.scale, bench.device) / 1e9})


def matmul_flops_per_s(scale: Scale, device: torch.device) -> float:
    """Of square matrices in the type of the model's weights."""
    left, right = (torch.randn(scale.matmul, scale.matmul, device=device, dtype=scale.dtype) for _ in range(2))
    best = min(timed(lambda: left @ right, device) for _ in range(_TIMES))
    return 2 * scale.matmul**3 / best


def _copied_per_s(scale: Scale, device: torch.device) -> float:
    """Bytes read and bytes written."""
    here = torch.ones(scale.copied_mib * 2**20, device=device, dtype=torch.uint8)
    there = torch.empty_like(here)
    best = min(timed(lambda: there.copy_(here), device) for _ in range(_TIMES))
    return 2.0 * scale.copied_mib * 2**20 / best
