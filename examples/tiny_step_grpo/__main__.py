"""``python -m examples.tiny_step_grpo``: the training ablation of the paper in miniature."""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.tiny_step_grpo import report
from examples.tiny_step_grpo.ablation import ablate
from examples.tiny_step_grpo.variants import VARIANTS

ITERATIONS = 40


def main() -> None:
    """Train, evaluate, print a table, write table, plot and figures into a folder."""
    parser = argparse.ArgumentParser(prog="python -m examples.tiny_step_grpo", description=main.__doc__)
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--iterations", type=int, default=ITERATIONS, help="of training, after the warm start")
    parser.add_argument("--out", type=Path, default=Path("runs/tiny_step_grpo"), help="a folder; what is there is kept")
    parser.add_argument("--jobs", type=int, default=2, help="trainings at the same time, a core each")
    given = parser.parse_args()
    results = ablate(given.variants, given.seeds, iterations=given.iterations, out=given.out, jobs=given.jobs)
    report.write(results, given.out)
    print(*report.table(results), sep="\n")
    if report.gains(results):
        print("", report.conclusion(results), sep="\n")


if __name__ == "__main__":
    main()
