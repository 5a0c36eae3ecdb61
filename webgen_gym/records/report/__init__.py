"""The page that shows why a run's rollouts scored what they scored.

Reading order: ``bounds`` (how much may go on one page), ``history`` (the rollouts as they were played), ``commits``
and ``changes`` (the snapshot store, and what a turn changed), ``shots`` (screenshots), ``turn`` and ``overview`` (what
the page says), ``page`` (the HTML). ``write_report`` is the way in.
"""

from webgen_gym.records.report.bounds import Bounds
from webgen_gym.records.report.page import write_report

__all__ = ["Bounds", "write_report"]
