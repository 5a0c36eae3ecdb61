"""``GuiAgent``: the functionality judge whose model uses the site."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from webgen_gym.browser.base import Visits
from webgen_gym.errors import AgentFault, ModelFailed, ModelFailure
from webgen_gym.judges.gui_agent import findings, prompts
from webgen_gym.judges.gui_agent.drive import Drive, Options
from webgen_gym.judges.gui_agent.driver import Driver
from webgen_gym.judges.gui_agent.findings import Finding, Met
from webgen_gym.judges.gui_agent.page import Seen
from webgen_gym.judges.gui_agent.requirements import Requirements, Writer, requirement_of
from webgen_gym.judges.gui_agent.trajectory import Trajectory
from webgen_gym.judges.identity import judge_id
from webgen_gym.limits import Limits
from webgen_gym.llm import Model
from webgen_gym.types import Task, UITest, Unscored, Verdict

OK = 200
# From when on the model must answer: a page that is slow in everything must not leave it without time.
LATE = 0.75
OnTrajectory = Callable[[Trajectory], None]


class Shut(Exception):
    """The site cannot be used at all; a sentence. Never leaves this module."""


class GuiAgent:
    """Functionality by requirements that a model tries out; see ``findings`` for the scale.

    Args:
        model: uses the site and reports. Needs to see only with ``options.vision``.
        writer: writes the requirements of a task without UI tests; ``model`` where it is None.
        options: how the models are asked.
        limits: ``gui_agent_*`` bound the test.
        folder: where written requirements are kept for other processes; memory alone where it is None.
        on_trajectory: is given the record of every test that got as far as a page, also of those without a verdict.
    """

    mostly_waits = True

    def __init__(
        self,
        model: Model,
        writer: Model | None = None,
        options: Options = Options(),  # noqa: B008
        *,
        limits: Limits | None = None,
        folder: Path | None = None,
        on_trajectory: OnTrajectory | None = None,
    ) -> None:
        self._model = model
        self._options = options
        self._limits = limits or Limits()
        author = writer or model
        self._writer = Writer(
            author,
            self._limits.gui_agent_requirements,
            folder,
            temperature=options.temperature,
            max_tokens=options.max_tokens,
        )
        self._on_trajectory = on_trajectory
        bounds = self._limits.gui_agent_steps, self._limits.gui_agent_images, self._limits.gui_agent_requirements
        self._id = judge_id("agent", prompts.VERSION, model.id, author.id, options, bounds, prompts.ALL)

    @property
    def id(self) -> str:
        """``agent/1:MODEL:HASH``; the hash covers prompts, options and the writer."""
        return self._id

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        """Test the site against the task's requirements. Raises ModelRefused, BrowserLost."""
        try:
            requirements, found = await self._timed(self._test(task.id, lambda: self._writer.of(task), visits))
        except Shut as shut:
            return findings.worthless(str(shut))
        except ModelFailed as failure:
            return Unscored(failure.reason.value, failure.message)
        return findings.score(requirements, found)

    async def verdict(self, task: Task, test: UITest, visits: Visits) -> Finding | Unscored:
        """Test one thing in a test of its own, as WebGen-Bench does; a site that cannot be used meets nothing."""
        wanted = (requirement_of(test),)

        async def given() -> Requirements:
            return wanted

        try:
            _, found = await self._timed(self._test(task.id, given, visits))
        except Shut as shut:
            return Finding(1, Met.NO, str(shut))
        except ModelFailed as failure:
            return Unscored(failure.reason.value, failure.message)
        return found[0]

    async def _timed(
        self, test: Awaitable[tuple[Requirements, tuple[Finding, ...]]]
    ) -> tuple[Requirements, tuple[Finding, ...]]:
        """Bound a test as a whole. What a page does cannot use the time up alone: see ``LATE``."""
        limit_s = self._limits.gui_agent_s
        try:
            async with asyncio.timeout(limit_s):
                return await test
        except TimeoutError:
            raise ModelFailed(
                f"The model gave no answer within {limit_s:g} s of testing (limits.gui_agent_s).", ModelFailure.TIMEOUT
            ) from None

    async def _test(
        self, task: str, requirements: Callable[[], Awaitable[Requirements]], visits: Visits
    ) -> tuple[Requirements, tuple[Finding, ...]]:
        late_at = asyncio.get_running_loop().time() + LATE * self._limits.gui_agent_s
        async with Driver(visits, self._limits) as driver:
            first = await self._enter(driver)
            wanted = await requirements()
            drive = Drive(self._model, wanted, driver, self._options, self._limits, late_at)
            found: tuple[Finding, ...] = ()
            ended = "cut short"
            try:
                found = await drive.run(first)
                ended = "answered"
            except ModelFailed as failure:
                ended = failure.reason.value
                raise
            finally:
                self._hand_over(Trajectory(self._id, task, visits.site, wanted, tuple(drive.steps), found, ended))
            return wanted, found

    async def _enter(self, driver: Driver) -> Seen:
        """See the first page. Raises Shut where there is nothing to use."""
        try:
            status = await driver.open()
            if status != OK:
                raise Shut(f"The page answered HTTP {status or 'nothing'}, not 200.")
            seen = await driver.see(picture=self._options.vision)
        except AgentFault as fault:
            raise Shut(fault.message) from fault
        if not seen.window.lines:
            raise Shut("The page is empty: it has no text and no control.")
        return seen

    def _hand_over(self, trajectory: Trajectory) -> None:
        if self._on_trajectory is not None:
            self._on_trajectory(trajectory)


async def verdicts(agent: GuiAgent, task: Task, visits: Visits) -> tuple[Finding | Unscored, ...]:
    """The verdict on each UI test of a task, in order, each in a clean tab. Raises ModelRefused, BrowserLost."""
    return tuple([await agent.verdict(task, test, visits) for test in task.ui_tests])
