"""A task's requirements are written once, and are the same for every rollout of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gui_agent.plan import answer
from tests.ui_tests_double import ScriptedVisits, State, View
from webgen_gym.errors import ModelFailed, ModelFailure, StorageFailed
from webgen_gym.judges.gui_agent import GuiAgent, Options
from webgen_gym.judges.gui_agent.requirements import Writer
from webgen_gym.llm import Request, ScriptedModel
from webgen_gym.types import Score, Task, UITest, Unscored

TASK = Task(id="t", instruction="A shop that sells tea.")
MOST = 3


def listed(*texts: object) -> str:
    return json.dumps({"requirements": texts})


def writer(model: ScriptedModel, folder: Path | None = None) -> Writer:
    return Writer(model, MOST, folder, temperature=0.0, max_tokens=100)


async def test_they_are_written_from_the_instruction() -> None:
    model = ScriptedModel([listed("Search  for a tea.\n", "See a price.")])
    assert await writer(model).of(TASK) == ("Search for a tea.", "See a price.")
    assert TASK.instruction in model.requests[0].messages[0].text


async def test_the_rollouts_of_a_group_share_one_list_that_is_written_once() -> None:
    model = ScriptedModel([listed("first"), listed("second")])
    made = writer(model)
    found = await asyncio.gather(*(made.of(replace(TASK, id=str(number))) for number in range(8)))
    assert set(found) == {("first",)}
    assert len(model.requests) == 1


async def test_another_instruction_has_another_list() -> None:
    made = writer(ScriptedModel([listed("first"), listed("second")]))
    assert await made.of(TASK) != await made.of(replace(TASK, instruction="A bakery."))


async def test_ui_tests_are_the_requirements_as_they_are_and_no_model_is_asked() -> None:
    model = ScriptedModel([listed("never")])
    tests = (
        UITest("Search.", "Results come."),
        UITest("Sort.", ""),
        UITest("Buy.", "It is bought."),
        UITest("More.", ""),
    )
    assert await writer(model).of(replace(TASK, ui_tests=tests)) == (
        "Search. Expected: Results come.",
        "Sort.",
        "Buy. Expected: It is bought.",
    )
    assert model.requests == []


async def test_a_folder_keeps_them_for_other_processes(tmp_path: Path) -> None:
    first, second = ScriptedModel([listed("first")]), ScriptedModel([listed("second")])
    assert await writer(first, tmp_path).of(TASK) == await writer(second, tmp_path).of(TASK) == ("first",)
    assert second.requests == []


async def test_another_model_writes_its_own(tmp_path: Path) -> None:
    await writer(ScriptedModel([listed("first")], id="a"), tmp_path).of(TASK)
    assert await writer(ScriptedModel([listed("second")], id="b"), tmp_path).of(TASK) == ("second",)


async def test_of_two_processes_that_write_at_once_the_first_to_be_done_holds_for_both(tmp_path: Path) -> None:
    other = writer(ScriptedModel([listed("theirs")]), tmp_path)
    loop = asyncio.get_running_loop()

    def while_the_other_is_done(request: Request) -> str:
        asyncio.run_coroutine_threadsafe(other.of(TASK), elsewhere).result()
        return listed("ours")

    elsewhere = asyncio.new_event_loop()
    serving = loop.run_in_executor(None, elsewhere.run_forever)
    found = await writer(ScriptedModel(while_the_other_is_done), tmp_path).of(TASK)
    elsewhere.call_soon_threadsafe(elsewhere.stop)
    await serving
    elsewhere.close()
    assert found == ("theirs",)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"requirements": []}', '{"requirements": [1]}'])
async def test_a_file_that_cannot_be_read_is_written_anew(tmp_path: Path, content: str) -> None:
    await writer(ScriptedModel([listed("first")]), tmp_path).of(TASK)
    (kept,) = tmp_path.iterdir()
    kept.write_text(content)
    assert await writer(ScriptedModel([listed("second")]), tmp_path).of(TASK) == ("second",)
    assert await writer(ScriptedModel([listed("third")]), tmp_path).of(TASK) == ("second",)


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="The requirements could not be kept in"):
        await writer(ScriptedModel([listed("first")]), tmp_path / "file").of(TASK)


BAD = {
    "none": listed(),
    "too many": listed("a", "b", "c", "d"),
    "an empty one": listed("a", " \n"),
    "no text": listed(1),
    "prose": "1. Search for a tea.",
}


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
async def test_a_list_that_cannot_be_used_is_none(text: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        await writer(ScriptedModel([text])).of(TASK)
    assert failed.value.reason is ModelFailure.MALFORMED


async def test_a_writer_that_fails_leaves_the_turn_unscored_and_is_asked_again_for_the_next() -> None:
    def page(state: State) -> View:
        return View(("Tea",))

    author = ScriptedModel([ModelFailed("Busy.", ModelFailure.RATE_LIMITED), listed("Sell tea.")])
    tester = ScriptedModel(lambda request: answer(request, [("YES", "")]))
    agent = GuiAgent(tester, author, Options(vision=False))
    first = await agent.functionality(TASK, ScriptedVisits(page))
    second = await agent.functionality(TASK, ScriptedVisits(page))
    assert first == Unscored("rate_limited", "Busy.")
    assert isinstance(second, Score)
    assert [check.name for check in second.checks] == ["Sell tea."]
