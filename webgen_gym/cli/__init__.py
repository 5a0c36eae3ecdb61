"""The command line: run, train, judge, replay, rescore, evaluate, view, tasks, cache, doctor.

Exit codes: 0 done · 1 a bug of ours · 2 the request cannot be done as asked · 3 the disk is full or refuses ·
4 infrastructure or judges failed (void rollouts, no verdicts) · 5 a replay differs · 130 interrupted.

Reading order: ``shared`` (what commands have in common) → one module for each subject.
"""

from __future__ import annotations

import sys

from webgen_gym.cli import judging, machine, records, running, tasks, training
from webgen_gym.cli.shared import EXIT_INFRA, EXIT_INTERRUPT, EXIT_STORAGE, EXIT_USAGE, app, complaints
from webgen_gym.errors import InfraFault, JudgeFault, StorageFailed, UsageError

__all__ = ["app", "judging", "machine", "main", "records", "running", "tasks", "training"]


def main() -> None:
    """Run the command line and turn errors into sentences and exit codes."""
    try:
        app()
    except UsageError as error:
        _leave(error, EXIT_USAGE)
    except StorageFailed as error:
        _leave(error, EXIT_STORAGE)
    except (InfraFault, JudgeFault) as error:
        _leave(error, EXIT_INFRA)
    except KeyboardInterrupt:
        complaints.print("Interrupted. What was played is recorded; the same command goes on from there.")
        sys.exit(EXIT_INTERRUPT)


def _leave(error: Exception, code: int) -> None:
    complaints.print(f"error: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(code)
