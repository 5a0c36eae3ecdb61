"""Two pictures of a table: points lost against strength for every kind, and which criterion a kind costs them."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from benchmarks.calibration.spoilings import KINDS, STRENGTHS
from benchmarks.calibration.table import CRITERIA, Table

# The same table gives the same file.
mpl.rcParams["svg.hashsalt"] = "calibration"
METADATA = {"Date": None}


def plot_strength(table: Table, path: Path) -> None:
    """One panel for each criterion, one line for each kind that belongs to it: mean value by strength."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    panels = figure.subplots(2, 2, sharex=True, sharey=True)
    clean = float(np.mean([table.value(site) for site in table.sites]))
    for panel, criterion in zip(panels.flat, CRITERIA, strict=True):
        for kind in (kind for kind in KINDS if kind.criterion == criterion):
            values = [clean] + [clean - table.drop(kind, strength) for strength in STRENGTHS]
            panel.plot((0, *STRENGTHS), values, marker="o", markersize=4, label=_title(kind.name))
        panel.set_title(criterion)
        panel.legend(fontsize=8, loc="lower left")
        panel.grid(alpha=0.3)
    figure.supxlabel("strength of the spoiling (0: clean)")
    figure.supylabel("mean value, 0–5")
    panels[0, 0].set_xticks((0, *STRENGTHS))
    figure.savefig(path, metadata=METADATA)


def plot_criteria(table: Table, path: Path) -> None:
    """A heat map: mean points that each kind costs each criterion, over all strengths."""
    drops = np.array([[table.drops(kind, criterion) for criterion in CRITERIA] for kind in KINDS])
    figure = Figure(figsize=(7, 10), layout="constrained")
    panel = figure.subplots()
    picture = panel.imshow(drops, cmap="Reds", vmin=0, aspect="auto")
    panel.set_xticks(range(len(CRITERIA)), CRITERIA)
    panel.set_yticks(range(len(KINDS)), [_title(kind.name) for kind in KINDS])
    panel.xaxis.tick_top()
    for row, column in np.ndindex(drops.shape):
        dark = drops[row, column] > 0.6 * drops.max()
        panel.text(column, row, f"{drops[row, column]:.2f}", ha="center", va="center", color="w" if dark else "k")
    figure.colorbar(picture, label="mean points lost, of 5", shrink=0.6)
    figure.savefig(path, metadata=METADATA)


def _title(name: str) -> str:
    return name.replace("_", " ")
