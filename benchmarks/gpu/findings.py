"""What a part of a benchmark found: figures, and the measurements that failed, which take no other with them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

Figures = Mapping[str, float]
"""Unit → value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure; where there is none, ``failed`` says why."""

    part: str
    label: str
    value: float
    unit: str
    failed: str = ""

    def line(self) -> str:
        """A row of a table in Markdown."""
        said = self.failed or f"{self.value:,.4g} {self.unit}"
        return f"| {self.part} | {self.label} | {said} |"


class Findings:
    """Of one part, which begins no measurement once its ``seconds`` are over."""

    def __init__(self, part: str, seconds: float, device: torch.device, say: Callable[[str], None] = print) -> None:
        self._part = part
        self._until = time.perf_counter() + seconds
        self._seconds = seconds
        self._device = device
        self._say = say
        self.found: list[Finding] = []

    def measure(self, label: str, work: Callable[[], Figures]) -> None:
        """Keep what ``work`` finds, or why it failed: memory, a kernel that is not there, a package that is missing."""
        if time.perf_counter() > self._until:
            self._keep(Finding(self._part, label, 0.0, "", f"left out: the {self._seconds:g} s of this part are over"))
            return
        try:
            for unit, value in work().items():
                self._keep(Finding(self._part, label, value, unit))
        except Exception as error:  # The others are worth having whatever this one fails of.
            first = next(iter(str(error).strip().splitlines()), "")
            self._keep(Finding(self._part, label, 0.0, "", f"failed: {type(error).__name__}: {first}"[:300]))
        _freed(self._device)

    def times(self, work: Callable[[], object], *, most: int = 3) -> list[float]:
        """Seconds of some runs after one that is not counted, within the time of the part."""
        spent = [timed(work, self._device)]
        while len(spent) <= most and (len(spent) < 2 or time.perf_counter() + spent[-1] < self._until):
            spent.append(timed(work, self._device))
        return spent[1:]

    def _keep(self, finding: Finding) -> None:
        self.found.append(finding)
        self._say(finding.line())


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds until the device is done."""
    _wait(device)
    start = time.perf_counter()
    work()
    _wait(device)
    return time.perf_counter() - start


def peak_gib(device: torch.device) -> float:
    """The most memory that was in use on a GPU since ``forget_peak``; 0 on a CPU."""
    return torch.cuda.max_memory_allocated(device) / 2**30 if device.type == "cuda" else 0.0


def forget_peak(device: torch.device) -> None:
    """Count the peak anew."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _freed(device: torch.device) -> None:
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
