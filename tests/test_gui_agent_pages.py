"""The GUI agent on pages that are hard to use: it gets there, never leaves the site, and its record can be replayed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from tests.gui_agent.pages import CASES, Case
from tests.gui_agent.plan import planned
from webgen_gym.judges.gui_agent import GuiAgent, Options, Trajectory, replay
from webgen_gym.limits import Limits
from webgen_gym.llm import ScriptedModel
from webgen_gym.types import Score, Task, UITest, Verdict

QUICK = replace(Limits(), browser_op_s=3.0, page_load_s=3.0, settle_cap_s=1.0)
TASK = Task(id="t", instruction="", ui_tests=(UITest("It works.", ""),))


def used(run: Runner, show_site: ShowSite, case: Case, *, vision: bool) -> tuple[Verdict, Trajectory, tuple[str, ...]]:
    """The verdict on a page, the record of the test, and how its replay differs."""

    async def work() -> tuple[Verdict, Trajectory, tuple[str, ...]]:
        page = f"<!doctype html><title>t</title><body>{case.body}"
        kept: list[Trajectory] = []
        model = ScriptedModel(planned(case.moves, case.shows))
        agent = GuiAgent(model, options=Options(vision=vision), limits=QUICK, on_trajectory=kept.append)
        async with show_site({"index.html": page, **case.files}, QUICK) as shown:
            verdict = await agent.functionality(TASK, shown.visits)
            (record,) = kept
            return verdict, record, await replay(Trajectory.from_json(record.to_json()), shown.visits, QUICK)

    return run(work())


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_it_uses_stays_on_and_can_replay(run: Runner, show_site: ShowSite, case: Case) -> None:
    verdict, record, differences = used(run, show_site, case, vision=True)
    assert isinstance(verdict, Score)
    assert verdict.value == 5.0, [(step.action, step.notes, step.result) for step in record.steps]
    assert len(record.steps) == len(case.moves) + 1
    assert all(step.path.startswith("/") for step in record.steps)
    assert differences == ()


@pytest.mark.parametrize("name", ["a form that is checked", "a frame", "scrolling without end"])
def test_a_model_that_only_reads_gets_there_too(run: Runner, show_site: ShowSite, name: str) -> None:
    verdict, _, _ = used(run, show_site, CASES[name], vision=False)
    assert isinstance(verdict, Score)
    assert verdict.value == 5.0
