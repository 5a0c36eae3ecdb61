"""One test: look, ask, act, until the model answers or must."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webgen_gym.errors import AgentFault, UsageError
from webgen_gym.judges.gui_agent import prompts
from webgen_gym.judges.gui_agent.actions import (
    Action,
    Unusable,
    Verb,
    action_of,
    check_results,
    last_schema,
    schema,
)
from webgen_gym.judges.gui_agent.conversation import Conversation, Shown
from webgen_gym.judges.gui_agent.driver import Driver
from webgen_gym.judges.gui_agent.findings import Finding
from webgen_gym.judges.gui_agent.marks import marked
from webgen_gym.judges.gui_agent.page import Seen, told
from webgen_gym.judges.gui_agent.trajectory import Step
from webgen_gym.judges.ui_words import printable
from webgen_gym.limits import Limits
from webgen_gym.llm import Model, Request

THOUGHT_CHARS = 400


@dataclass(frozen=True, slots=True)
class Options:
    """How the model is asked.

    Args:
        vision: whether it is shown pictures. Without, it works from the accessibility tree alone.
        temperature: 0 to 2; None is not sent, for models that take none.
        max_tokens: the longest answer; a longer one leaves the turn unscored.

    Raises:
        UsageError: a value is out of its range.
    """

    vision: bool = True
    temperature: float | None = 0.0
    max_tokens: int = 4096

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise UsageError(f"Options.max_tokens is {self.max_tokens}; it must be 1 or more.")
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise UsageError(f"Options.temperature is {self.temperature}; it is from 0 to 2, or None.")


class Drive:
    """One test of one site against a list of requirements. ``steps`` is what was done so far.

    From ``late_at`` on, by the clock of the event loop, the model is asked for its answer.
    """

    def __init__(
        self,
        model: Model,
        requirements: tuple[str, ...],
        driver: Driver,
        options: Options,
        limits: Limits,
        late_at: float,
    ) -> None:
        self._model = model
        self._count = len(requirements)
        self._driver = driver
        self._options = options
        self._limits = limits
        role = prompts.tester(requirements, steps=limits.gui_agent_steps, vision=options.vision)
        self._talk = Conversation(role, limits.gui_agent_images)
        self._late_at = late_at
        self.steps: list[Step] = []

    async def run(self, first: Seen) -> tuple[Finding, ...]:
        """Use the site, whose first page was just seen, until there is an answer: one finding for each requirement.

        Raises as ``Model.complete`` does, and BrowserLost. What the page does is told to the model.
        """
        before: Seen | None = None
        seen: Seen | None = first
        while True:
            urge = self._urge(seen)
            thought, action = await self._ask(self._shown(seen, before, urge), last=bool(urge))
            result = await self._do(action, seen)
            self._record(seen, thought, action, result)
            if action.verb is Verb.ANSWER and not result:
                return action.results
            before, seen = seen, await self._see()

    async def _see(self) -> Seen | None:
        """The page; None where the site can no longer be shown."""
        try:
            return await self._driver.see(picture=self._options.vision)
        except AgentFault:
            return None

    def _urge(self, seen: Seen | None) -> str:
        """Why the model must answer now; empty where it may go on."""
        if seen is None:
            return prompts.SHUT
        if len(self.steps) + 1 >= self._limits.gui_agent_steps:
            return prompts.LAST
        return prompts.LATE if asyncio.get_running_loop().time() > self._late_at else ""

    def _shown(self, seen: Seen | None, before: Seen | None, urge: str) -> Shown:
        news = [f"Step {len(self.steps) + 1} of {self._limits.gui_agent_steps}."]
        if self.steps:
            news.append(self.steps[-1].result)
        if seen is None:
            return Shown(" ".join([*news, urge]), "", b"")
        news += [*seen.notes, prompts.SAME if before is not None and before.digest == seen.digest else "", urge]
        page = told(seen, self._limits, all_below=not self._options.vision)
        return Shown(" ".join(filter(None, news)), page, marked(seen.window) if self._options.vision else b"")

    async def _ask(self, shown: Shown, *, last: bool) -> tuple[str, Action]:
        request = Request(
            self._talk.show(shown),
            temperature=self._options.temperature,
            max_tokens=self._options.max_tokens,
            schema=last_schema(self._count) if last else schema(self._count),
        )
        parsed = (await self._model.complete(request)).parsed
        assert parsed is not None
        self._talk.hear(_said(parsed))
        return printable(parsed["thought"])[:THOUGHT_CHARS], action_of(parsed)

    async def _do(self, action: Action, seen: Seen | None) -> str:
        """What became of an action; empty for an answer that holds."""
        if action.verb is not Verb.ANSWER and seen is not None:
            return await self._driver.do(action, seen)
        try:
            check_results(action, self._count)
        except Unusable as unusable:
            return f"Not done: {unusable}"
        return ""

    def _record(self, seen: Seen | None, thought: str, action: Action, result: str) -> None:
        path, digest, notes = (seen.path, seen.digest, seen.notes) if seen is not None else ("", "", ())
        self.steps.append(Step(path, digest, notes, thought, action, result))


def _said(parsed: Mapping[str, Any]) -> str:
    return json.dumps(parsed, ensure_ascii=False)
