"""What a run says of itself: a line of JSON for each iteration, TensorBoard, and a line to read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Metrics = Mapping[str, float]

METRICS_FILE = "metrics.jsonl"


class RunLog:
    """Appends to ``metrics.jsonl`` of a run folder, and to TensorBoard where its package is installed.

    ``start`` is the first iteration that will be logged: what an earlier, longer run logged from there on is dropped.
    """

    def __init__(self, folder: Path, *, start: int = 0, say: Callable[[str], None] = print) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / METRICS_FILE
        self._say = say
        kept = [line for line in read_metrics(folder) if line["iteration"] < start]
        self._path.write_text("".join(f"{json.dumps(line)}\n" for line in kept), encoding="utf-8")
        self._board: Any = None
        if find_spec("tensorboard") is not None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=start)

    def write(self, iteration: int, metrics: Metrics) -> None:
        """One iteration."""
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps({'iteration': iteration, **metrics})}\n")
        if self._board is not None:
            for name, value in metrics.items():
                self._board.add_scalar(name, value, iteration)
        self._say(_line(iteration, metrics))

    def close(self) -> None:
        """Write out what is kept back. Safe to call twice."""
        if self._board is not None:
            self._board.close()


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """The lines of a run folder; one that was cut off in the middle is left out."""
    path = folder / METRICS_FILE
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


_SHOWN = (
    ("reward", "reward/mean", "{:5.2f}"),
    ("appearance", "reward/appearance", "{:4.2f}"),
    ("functions", "reward/functionality", "{:4.2f}"),
    ("malformed", "turns/malformed", "{:4.0%}"),
    ("no contrast", "groups/zero_variance", "{:4.0%}"),
    ("kl", "update/kl", "{:.4f}"),
    ("clipped", "update/clipped", "{:4.1%}"),
    ("mismatch", "update/mismatch", "{:.4f}"),
    ("generate", "seconds/generation", "{:.1f} s"),
    ("environment", "seconds/environment", "{:.1f} s"),
    ("update", "seconds/update", "{:.1f} s"),
    ("held out", "evaluation/reward", "{:5.2f}"),
)


def _line(iteration: int, metrics: Metrics) -> str:
    parts = [
        f"{name} {form.format(metrics[key])}"
        for name, key, form in _SHOWN
        if key in metrics and not math.isnan(metrics[key])
    ]
    return f"{iteration:4}  " + "  ".join(parts)
