"""The actions of a record, done once more: does the site still show what the model was shown?"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from webgen_gym.browser.base import Visits
from webgen_gym.errors import AgentFault
from webgen_gym.judges.gui_agent.actions import Verb
from webgen_gym.judges.gui_agent.driver import Driver
from webgen_gym.judges.gui_agent.trajectory import Step, Trajectory
from webgen_gym.limits import Limits


async def replay(trajectory: Trajectory, visits: Visits, limits: Limits | None = None) -> tuple[str, ...]:
    """Do the same actions on the same site; returns in sentences what came out otherwise, nothing where all is equal.

    Asks no model. The window must be of the size that it was. Raises BrowserLost.
    """
    return compared(trajectory.steps, await _done_again(trajectory, visits, limits or Limits()))


def compared(then: Sequence[Step], now: Sequence[Step]) -> tuple[str, ...]:
    """How two runs of the same actions differ."""
    said = []
    for number, (old, new) in enumerate(zip(then, now, strict=True), start=1):
        if old.path != new.path:
            said.append(f"Before step {number} the page is {new.path!r}, not {old.path!r}.")
        elif old.seen != new.seen:
            said.append(f"Before step {number} the page at {new.path!r} is not as it was.")
        if old.notes != new.notes:
            said.append(f"Before step {number} this happened: {new.notes}, not {old.notes}.")
        if old.result != new.result:
            said.append(f"Step {number} ({old.action.verb}) came to {new.result!r}, not {old.result!r}.")
    return tuple(said)


async def _done_again(trajectory: Trajectory, visits: Visits, limits: Limits) -> list[Step]:
    done: list[Step] = []
    async with Driver(visits, limits) as driver:
        with contextlib.suppress(AgentFault):
            await driver.open()
        for step in trajectory.steps:
            done.append(await _step(driver, step))
    return done


async def _step(driver: Driver, step: Step) -> Step:
    try:
        seen = await driver.see(picture=False)
    except AgentFault:
        return Step("", "", (), step.thought, step.action, step.result)
    result = step.result if step.action.verb is Verb.ANSWER else await driver.do(step.action, seen)
    return Step(seen.path, seen.digest, seen.notes, step.thought, step.action, result)
