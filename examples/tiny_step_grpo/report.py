"""What an ablation found: a table, a plot, a file of figures."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from examples.tiny_step_grpo.ablation import Result
from examples.tiny_step_grpo.variants import STEP, VARIANTS, WARM, label_of

# The same figures give the same file.
mpl.rcParams["svg.hashsalt"] = "tiny_step_grpo"

ORDER = (WARM, *VARIANTS)
COLOURS = dict(zip(ORDER, ("#8a94a6", "#d97706", "#7c3aed", "#0891b2", "#65a30d", "#2f6fdb"), strict=True))
REACHABLE = 9.5
"""What the best replies of this language earn on average."""
SMOOTHED = 5
COLUMNS = ("reward", "first_step", "last_step", "appearance", "functionality")


def table(results: Sequence[Result]) -> list[str]:
    """Means over seeds, in Markdown; the reward of each seed in brackets."""
    lines = ["| policy | reward (each seed) | first step | last step | appearance | functionality | malformed |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in _present(results):
        of_seed = [result.evaluation for result in _of(results, name)]
        mean = {key: statistics.fmean(each[key] for each in of_seed) for key in (*COLUMNS, "malformed")}
        seeds = ", ".join(f"{each['reward']:.2f}" for each in of_seed)
        cells = [f"{mean[key]:.2f}" for key in COLUMNS[1:]]
        lines.append(
            f"| {label_of(name)} | **{mean['reward']:.2f}** ({seeds}) | {' | '.join(cells)} | {mean['malformed']:.1%} |"
        )
    return lines


def gains(results: Sequence[Result]) -> list[float]:
    """For each seed what Step-GRPO gained over its warm start, as a share of the range from -1 to ``REACHABLE``."""
    warm = {result.seed: result.reward for result in _of(results, WARM)}
    return [(result.reward - warm[result.seed]) / (REACHABLE + 1) for result in _of(results, STEP)]


def conclusion(results: Sequence[Result]) -> str:
    """One sentence on what Step-GRPO gained."""
    shares = ", ".join(f"{gain:.0%}" for gain in gains(results))
    return f"Step-GRPO gains over its warm start, in parts of the range from -1 to {REACHABLE} (each seed): {shares}."


def plot(results: Sequence[Result], path: Path) -> None:
    """Learning curves, the mean over seeds with the seeds around it; the rewards on held-out tasks."""
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    for name in _present(results):
        if name != WARM:
            _draw_curve(left, name, [result.curve for result in _of(results, name)])
    left.set(xlabel="iteration", ylabel="mean reward of a step, training tasks")
    left.legend(frameon=False, fontsize="small")
    _draw_bars(right, results)
    for panel in (left, right):
        panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def write(results: Sequence[Result], out: Path) -> None:
    """``results.json``, ``table.md`` and ``ablation.svg``."""
    out.mkdir(parents=True, exist_ok=True)
    told = json.dumps([asdict(result) for result in results], indent=1)
    (out / "results.json").write_text(told + "\n", "utf-8")
    (out / "table.md").write_text("\n".join([*table(results), ""]), "utf-8")
    plot(results, out / "ablation.svg")


# ------------------------------------------------------------------ inside


def _present(results: Sequence[Result]) -> list[str]:
    return [name for name in ORDER if _of(results, name)]


def _of(results: Sequence[Result], name: str) -> list[Result]:
    return sorted((result for result in results if result.variant == name), key=lambda result: result.seed)


def _draw_curve(panel: Axes, name: str, curves: Sequence[Sequence[float]]) -> None:
    smooth = [
        [statistics.fmean(curve[max(0, at - SMOOTHED + 1) : at + 1]) for at in range(len(curve))] for curve in curves
    ]
    steps = list(zip(*smooth, strict=True))
    panel.plot([statistics.fmean(step) for step in steps], color=COLOURS[name], label=label_of(name))
    panel.fill_between(
        range(len(steps)), [min(step) for step in steps], [max(step) for step in steps], color=COLOURS[name], alpha=0.15
    )


def _draw_bars(panel: Axes, results: Sequence[Result]) -> None:
    names = _present(results)
    rewards = [[result.reward for result in _of(results, name)] for name in names]
    means = [statistics.fmean(each) for each in rewards]
    panel.barh([label_of(name) for name in names], means, color=[COLOURS[name] for name in names])
    for row, (each, mean) in enumerate(zip(rewards, means, strict=True)):
        panel.plot(each, [row] * len(each), "o", color="black", markersize=3)
        panel.annotate(f"{mean:.2f}", (max(each), row), xytext=(8, 0), textcoords="offset points", va="center")
    panel.invert_yaxis()
    panel.margins(x=0.15)
    panel.set_xlabel("mean reward of a step, held-out tasks")
