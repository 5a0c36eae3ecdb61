"""Whatever a model server does in the middle of a test, the turn is unscored with its reason, or the run stops."""

from __future__ import annotations

import pytest

from tests.gui_agent.plan import said
from tests.ui_tests_double import ScriptedVisits, State, View
from webgen_gym.errors import ModelRefused
from webgen_gym.judges.gui_agent import GuiAgent, Options, Trajectory
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import OpenAIModel
from webgen_gym.llm.clock import ManualClock
from webgen_gym.llm.testing import Fault, SeenRequest, fault_server
from webgen_gym.types import Score, Task, UITest, Unscored, Verdict

TASK = Task(id="t", instruction="", ui_tests=(UITest("It works.", ""),))
STOPPING = {Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.QUOTA}
FAULTS = list(Fault)[:26]
LASTING = {Fault.HANG, Fault.TRICKLE}
DONE = said("answer", results=[{"requirement": 1, "met": "YES", "observed": ""}])


async def judged(fault: Fault, *, lasts: bool = True) -> tuple[Verdict | ModelRefused, Trajectory]:
    """One step that goes well, then the fault, for ever or once."""

    def script(request: SeenRequest) -> str | Fault:
        number = len(server.requests)
        if number == 1:
            return said("wait")
        return fault if lasts or number == 2 else DONE

    records: list[Trajectory] = []
    limits = ModelLimits(call_s=0.5) if fault in LASTING else ModelLimits()
    with fault_server(script) as server:
        async with OpenAIModel("m", base_url=server.url, api_key="", limits=limits, clock=ManualClock()) as model:
            agent = GuiAgent(model, options=Options(vision=False), on_trajectory=records.append)
            try:
                return await agent.functionality(TASK, ScriptedVisits(page)), records[0]
            except ModelRefused as refused:
                return refused, records[0]


def page(state: State) -> View:
    return View(("Fine.",))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in STOPPING])
async def test_a_fault_that_lasts_leaves_the_turn_unscored(fault: Fault) -> None:
    verdict, record = await judged(fault)
    assert isinstance(verdict, Unscored)
    assert verdict.reason == record.ended
    assert verdict.detail
    assert len(record.steps) == 1


@pytest.mark.parametrize("fault", sorted(STOPPING))
async def test_a_server_that_turns_every_call_away_stops_the_run(fault: Fault) -> None:
    refused, _ = await judged(fault)
    assert isinstance(refused, ModelRefused)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.BAD_GATEWAY, Fault.RESET])
async def test_a_fault_that_passes_costs_nothing(fault: Fault) -> None:
    verdict, record = await judged(fault, lasts=False)
    assert isinstance(verdict, Score)
    assert (verdict.value, record.ended) == (5.0, "answered")
