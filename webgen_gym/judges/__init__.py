"""Judges: what a site is worth, on the paper's scale of 0 to 5.

Reading order: ``base`` (the two seams) → ``measured`` (appearance, by measuring) → ``explore`` (functionality,
by trying every control) → ``ui_tests`` (functionality, by the task's executable tests). ``colour`` serves them. By
asking a model: ``identity`` → ``vlm`` (appearance), ``gui_agent`` (functionality). Made of others: ``ensemble``,
``cache``.
"""

from __future__ import annotations

from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.gui_agent import GuiAgent
from webgen_gym.judges.measured import Measured
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.judges.vlm import Guarded, Paper
from webgen_gym.judges.vlm.from_environment import judging_model
from webgen_gym.limits import Limits


def make_appearance(name: str) -> AppearanceJudge:
    """The appearance judge of this name: ``measured``, ``paper`` or ``guarded``.

    The last two ask the model of WEBGEN_JUDGE_MODEL. Raises UsageError for another name, or where no model is named.
    """
    if name == "measured":
        return Measured()
    if name == "paper":
        return Paper(judging_model(name))
    if name == "guarded":
        return Guarded(judging_model(name))
    raise UsageError(
        f"There is no appearance judge named {name!r}; there are 'measured', 'paper', 'guarded'. Or pass an object."
    )


def make_functionality(name: str, limits: Limits | None = None) -> FunctionalityJudge:
    """The functionality judge of this name: ``explore``, ``tests`` or ``agent``.

    The last asks the model of WEBGEN_JUDGE_MODEL. Raises UsageError for another name, or where no model is named.
    """
    if name == "explore":
        return Explore(limits)
    if name == "tests":
        return UITests(limits)
    if name == "agent":
        return GuiAgent(judging_model(name), limits=limits)
    raise UsageError(
        f"There is no functionality judge named {name!r}; there are 'explore', 'tests', 'agent'. Or pass an object."
    )
