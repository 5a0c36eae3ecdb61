"""Agents: what every one of them promises, and the small ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from webgen_gym.agents import make
from webgen_gym.agents.base import Agent
from webgen_gym.agents.random_edits import RandomAgent
from webgen_gym.agents.scripted import ScriptedAgent
from webgen_gym.errors import UsageError
from webgen_gym.limits import Limits
from webgen_gym.replies import read
from webgen_gym.types import Control, Observation, Reply, Task
from webgen_gym.workspace import EMPTY, Workspace

TASK = Task("jobs", "Please implement a job board. Users should be able to browse jobs and apply for jobs.")
SEEN = Observation(TASK.instruction, {}, "", b"", "", -1.0, -1.0, 0)
NAMES = ["template", "template-vite", "random"]


def said(agent: Agent, observation: Observation) -> Reply:
    return read(agent.act(observation), Limits())


def files_after(reply: Reply, before: Mapping[str, bytes] = EMPTY) -> Mapping[str, bytes]:
    workspace = Workspace(Limits(), before)
    workspace.apply(reply.edits)
    return workspace.files


@pytest.fixture(params=NAMES)
def agent(request: pytest.FixtureRequest) -> Agent:
    made = make(request.param)
    made.start(TASK, 0)
    return made


def test_the_first_reply_is_well_formed_and_writes_a_page(agent: Agent) -> None:
    reply = said(agent, SEEN)
    assert not reply.malformed
    assert "index.html" in files_after(reply)


def test_the_same_observation_gets_the_same_reply(agent: Agent) -> None:
    assert agent.act(SEEN) == agent.act(SEEN)


def test_another_agent_of_the_name_goes_on_where_one_was_cut_off(agent: Agent, request: pytest.FixtureRequest) -> None:
    later = replace(SEEN, files=files_after(said(agent, SEEN)), turn=1, appearance=3.0)
    fresh = make(request.node.callspec.params["agent"])
    fresh.start(TASK, 0)
    assert fresh.act(later) == agent.act(later)


def test_an_id_tells_settings_apart() -> None:
    ids = {
        make("template").id,
        make("template", quality=0.5).id,
        make("template", turns=5).id,
        make("template-vite").id,
    }
    assert len(ids) == 4


@pytest.mark.parametrize("name", ["nobody", "scripted", "scripted:", "scripted:no/such/file.json"])
def test_an_agent_that_cannot_be_made_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError):
        make(name)


def test_a_setting_that_an_agent_does_not_have_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="does not take"):
        make("random", quality=0.5)


def test_quality_outside_its_range_is_refused_with_the_range() -> None:
    with pytest.raises(UsageError, match="from 0 to 1"):
        make("template", quality=1.5)


# ---------------------------------------------------------------- scripted


def test_a_script_plays_by_turn_and_then_finishes() -> None:
    agent = ScriptedAgent(["first", "second"])
    assert [agent.act(replace(SEEN, turn=turn)) for turn in (1, 0)] == ["second", "first"]
    assert said(agent, replace(SEEN, turn=2)).control is Control.FINISH


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.json", json.dumps(["one", "two"])),
        ("s.json", json.dumps([{"reply": "one"}, {"reply": "two"}])),
        ("s.jsonl", '"one"\n{"reply": "two", "label": 1}\n'),
    ],
)
def test_a_script_file_is_json_or_jsonl(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    agent = make(f"scripted:{tmp_path / name}")
    assert [agent.act(replace(SEEN, turn=turn)) for turn in (0, 1)] == ["one", "two"]


def test_a_script_of_plain_text_is_one_reply(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text("all of it")
    assert make(f"scripted:{tmp_path / 'reply.txt'}").act(SEEN) == "all of it"


@pytest.mark.parametrize("text", ["{", '{"reply": "no list"}', "[1, 2]", '[{"answer": "x"}]'])
def test_a_script_that_holds_no_replies_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(UsageError, match=r"s\.json"):
        make(f"scripted:{tmp_path / 's.json'}")


# ---------------------------------------------------------------- random


def test_many_random_replies_in_a_row_are_well_formed_and_can_be_applied() -> None:
    agent = RandomAgent()
    agent.start(TASK, 7)
    files: Mapping[str, bytes] = EMPTY
    for turn in range(200):
        reply = said(agent, replace(SEEN, files=files, turn=turn))
        assert not reply.malformed
        files = files_after(reply, files)


def test_random_rollouts_differ_with_the_seed() -> None:
    replies = set()
    for seed in range(5):
        agent = RandomAgent()
        agent.start(TASK, seed)
        replies.add(agent.act(SEEN))
    assert len(replies) == 5
