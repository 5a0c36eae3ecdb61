"""Judges: what a site is worth, on the paper's scale of 0 to 5.

Reading order: ``base`` (the two seams) → ``measured`` (appearance, by measuring) → ``explore`` (functionality,
by trying every control) → ``ui_tests`` (functionality, by the task's executable tests). ``colour`` serves them.
"""

from __future__ import annotations

from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.measured import Measured
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.limits import Limits


def make_appearance(name: str) -> AppearanceJudge:
    """The appearance judge of this name: ``measured``. Raises UsageError for another."""
    if name == "measured":
        return Measured()
    raise UsageError(f"There is no appearance judge named {name!r}; there is 'measured'. Or pass an object.")


def make_functionality(name: str, limits: Limits | None = None) -> FunctionalityJudge:
    """The functionality judge of this name: ``explore`` or ``tests``. Raises UsageError for another."""
    if name == "explore":
        return Explore(limits)
    if name == "tests":
        return UITests(limits)
    raise UsageError(
        f"There is no functionality judge named {name!r}; there are 'explore', 'tests'. Or pass an object."
    )
