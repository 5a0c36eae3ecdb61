"""Judges: what a site is worth, on the paper's scale of 0 to 5.

Reading order: ``base`` (the two seams) → ``measured`` (appearance, by measuring) → ``explore`` (functionality,
by trying every control) → ``ui_tests`` (functionality, by the task's executable tests). ``colour`` serves them. By
asking a model: ``identity`` → ``vlm`` (appearance), ``gui_agent`` (functionality). Made of others: ``ensemble``,
``cache``.
"""

from __future__ import annotations

from collections.abc import Callable

from webgen_gym.browser.base import Size
from webgen_gym.engine import default_cache
from webgen_gym.errors import UsageError
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge
from webgen_gym.judges.cache import CachedAppearance, CachedFunctionality, VerdictCache
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.gui_agent import GuiAgent
from webgen_gym.judges.gui_agent.judge import OnTrajectory
from webgen_gym.judges.measured import Measured
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.judges.vlm import Guarded, Paper
from webgen_gym.judges.vlm.from_environment import judging_model
from webgen_gym.limits import Limits
from webgen_gym.llm import Model

Ask = Callable[[str], Model]
"""Gives the model for the judge of a name."""

_VIEWPORT = (1024, 768)


def make_appearance(name: str, *, ask: Ask = judging_model) -> AppearanceJudge:
    """The appearance judge of this name: ``measured``, ``paper`` or ``guarded``.

    The last two ask the model that ``ask`` gives, by default that of WEBGEN_JUDGE_MODEL; what it said is kept for all
    runs. Raises UsageError for another name, or where no model is named.
    """
    if name == "measured":
        return Measured()
    if name == "paper":
        return CachedAppearance(Paper(ask(name)), _verdicts())
    if name == "guarded":
        return CachedAppearance(Guarded(ask(name)), _verdicts())
    raise UsageError(
        f"There is no appearance judge named {name!r}; there are 'measured', 'paper', 'guarded'. Or pass an object."
    )


def make_functionality(
    name: str,
    limits: Limits | None = None,
    *,
    viewport: Size = _VIEWPORT,
    ask: Ask = judging_model,
    on_trajectory: OnTrajectory | None = None,
    cache: bool = False,
) -> FunctionalityJudge:
    """The functionality judge of this name: ``explore``, ``tests`` or ``agent``.

    The last asks the model that ``ask`` gives, by default that of WEBGEN_JUDGE_MODEL; what it said is kept for all
    runs, and so are the requirements that it wrote for a task. ``on_trajectory`` is given the record of each of its
    tests. With ``cache`` the verdicts of the other two are kept as well. Raises UsageError for another name, or where
    no model is named.
    """
    bounds = limits or Limits()
    if name == "explore":
        explore = Explore(bounds)
        return _kept(explore, viewport, bounds, bounds.explore_s) if cache else explore
    if name == "tests":
        tests = UITests(bounds)
        return _kept(tests, viewport, bounds, bounds.ui_test_s) if cache else tests
    if name == "agent":
        requirements = default_cache() / "requirements"
        agent = GuiAgent(ask(name), limits=limits, folder=requirements, on_trajectory=on_trajectory)
        return _kept(agent, viewport, bounds, bounds.gui_agent_s)
    raise UsageError(
        f"There is no functionality judge named {name!r}; there are 'explore', 'tests', 'agent'. Or pass an object."
    )


def _kept(judge: FunctionalityJudge, viewport: Size, limits: Limits, within_s: float) -> FunctionalityJudge:
    return CachedFunctionality(judge, _verdicts(), viewport, limits, within_s=within_s)


def _verdicts() -> VerdictCache:
    return VerdictCache(default_cache() / "verdicts")
