"""What a benchmark found: rows beside one another, printed, and with ``--docs FOLDER`` written into performance.md.

A page holds one block for each benchmark, between ``<!-- name -->`` and ``<!-- /name -->``; the plot lies beside it.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

# The same figures give the same file.
mpl.rcParams["svg.hashsalt"] = "benchmarks"
_PAGE = "performance.md"


@dataclass(frozen=True, slots=True)
class Report:
    """``rows``: label → value. ``ratio_to`` is the label that the others are compared with, '' for no comparison.

    Without a unit the rows cannot be drawn beside one another, and there is no plot.
    """

    name: str
    title: str
    unit: str
    rows: Mapping[str, float]
    ratio_to: str = ""
    note: str = ""
    digits: int = 1

    def lines(self) -> list[str]:
        """A table in Markdown."""
        compared = bool(self.ratio_to)
        lines = [f"| {self.title} | {self.unit} |{' ratio |' if compared else ''}"]
        lines.append(f"| --- | ---: |{' ---: |' if compared else ''}")
        for label, value in self.rows.items():
            ratio = f" {value / self.rows[self.ratio_to]:.3g} × |" if compared else ""
            lines.append(f"| {label} | {value:,.{self.digits}f} |{ratio}")
        return [*lines, *(["", self.note] if self.note else [])]

    def plot(self, path: Path) -> None:
        """Bars, one for each row, on a logarithmic scale where they lie far apart."""
        figure = Figure(figsize=(8, 0.9 + 0.42 * len(self.rows)), layout="constrained")
        panel = figure.subplots()
        labels, values = list(self.rows), list(self.rows.values())
        other = self.ratio_to.partition(",")[0]
        colours = ["#8a94a6" if other and label.startswith(other) else "#2f6fdb" for label in labels]
        bars = panel.barh(labels, values, color=colours)
        panel.bar_label(bars, fmt=f"%.{self.digits}f", padding=4)
        panel.invert_yaxis()
        if max(values) > 20 * max(min(values), 1e-9):
            panel.set_xscale("log")
        panel.margins(x=0.15)
        panel.set_xlabel(self.unit)
        panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, metadata={"Date": None})


def publish(reports: Sequence[Report], description: str | None) -> None:
    """Print the tables; with ``--docs FOLDER`` put them and their plots into the page of that folder."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--docs", type=Path, help="a folder with performance.md, to write tables and plots into")
    docs: Path | None = parser.parse_args().docs
    for report in reports:
        print(*report.lines(), "", sep="\n")
        if docs is not None:
            picture = f"performance-{report.name}.svg"
            lines = report.lines()
            if report.unit:
                report.plot(docs / picture)
                lines += ["", f"![{report.title}]({picture})"]
            _replace(docs / _PAGE, report.name, lines)


def medians(spent: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each."""
    return {name: statistics.median(values) for name, values in spent.items()}


def _replace(page: Path, name: str, lines: Sequence[str]) -> None:
    text = page.read_text("utf-8")
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not block.search(text):
        raise SystemExit(f"{page} has no block <!-- {name} --> … <!-- /{name} -->.")
    page.write_text(block.sub(lambda found: found[1] + "\n".join(lines) + "\n" + found[2], text), "utf-8")
