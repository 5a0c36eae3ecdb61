"""A chat model that plays: what it is told, in which order, and what going back does to it."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from webgen_gym.agents.openai import OpenAIAgent, Sampling
from webgen_gym.agents.prompts import DIALECTS, system_prompt
from webgen_gym.errors import UsageError
from webgen_gym.llm import Message, Role, ScriptedModel
from webgen_gym.replies import read
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, Dialect, Observation, Task, WriteFile

TASK = Task("tea", "Build a tea shop.")


def dot() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1, 1)).save(out, "PNG")
    return out.getvalue()


PNG = dot()
EMPTY = Observation(
    "Build a tea shop.", {}, "", b"", "The workspace is empty. Write the files of the website.", -1.0, -1.0, 0
)
SHOWN = replace(EMPTY, files={"index.html": b"<h1>Tea</h1>"}, feedback="The page was shown.", turn=1)
BETTER = replace(SHOWN, files={"index.html": b"<h1>Tea shop</h1>"}, feedback="The page was shown. Good.", turn=2)


def agent(model: ScriptedModel, **settings: object) -> OpenAIAgent:
    made = OpenAIAgent(model, run=asyncio.run, **settings)  # type: ignore[arg-type]
    made.start(TASK, seed=3)
    return made


def told(model: ScriptedModel, call: int = -1) -> list[tuple[Role, str]]:
    return [(message.role, message.text) for message in model.requests[call].messages]


# ------------------------------------------------------------------ the prompts


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_example_of_a_prompt_reads_as_edits_in_its_dialect(dialect: Dialect) -> None:
    example = system_prompt(dialect).partition("# How to reply")[2]
    begin, end = {
        Dialect.BOLT: ("<boltArtifact", "Write contents"),
        Dialect.SEARCH_REPLACE: ("index.html\n", "The text to search"),
        Dialect.UNIFIED_DIFF: ("```diff", "Lines of context"),
        Dialect.TOOL_CALLS: ("[\n", "write_file(path"),
    }[dialect]
    shown = example[example.index(begin) : example.index(end)]
    reply = read(shown)
    assert (reply.faults, reply.dialect) == ((), dialect)
    assert reply.edits[0].path == "index.html"


@pytest.mark.parametrize("dialect", [dialect for dialect in DIALECTS if dialect is not Dialect.TOOL_CALLS])
@pytest.mark.parametrize("control", Control)
def test_a_prompt_shows_each_control_word_as_it_is_read(dialect: Dialect, control: Control) -> None:
    (line,) = [line for line in system_prompt(dialect).splitlines() if line == f'<boltAction type="{control.value}"/>']
    assert read(line).control is control


@pytest.mark.parametrize("control", Control)
def test_the_tools_that_are_listed_exist(control: Control) -> None:
    assert f"{control.value}()" in system_prompt(Dialect.TOOL_CALLS)
    assert read(f'[{{"name": "{control.value}", "arguments": {{}}}}]').control is control


def test_the_account_that_testers_use_is_told() -> None:
    assert {"admin", "admin123456", "admin@example.com"} <= set(re.findall(r"`([^`]+)`", system_prompt("bolt")))


def test_for_static_sites_no_word_is_lost_on_npm() -> None:
    assert "npm" in system_prompt("bolt")
    assert "npm" not in system_prompt("bolt", static=True)


def test_a_dialect_without_a_prompt_is_refused() -> None:
    with pytest.raises(UsageError, match="no reply dialect 'yaml'"):
        system_prompt("yaml")


# ------------------------------------------------------------------ the conversation


def test_the_first_question_is_the_instruction_alone() -> None:
    model = ScriptedModel(["hello"])
    agent(model).act(EMPTY)
    assert told(model) == [(Role.SYSTEM, system_prompt("bolt")), (Role.USER, "Build a tea shop.")]


def test_the_history_is_only_added_to() -> None:
    model = ScriptedModel(["one", "two", "three"])
    player = agent(model)
    for seen in (EMPTY, SHOWN, BETTER):
        player.act(seen)
    for before, after in zip(model.requests, model.requests[1:], strict=False):
        assert after.messages[: len(before.messages)] == before.messages
    assert told(model)[1:] == [
        (Role.USER, "Build a tea shop."),
        (Role.ASSISTANT, "one"),
        (Role.USER, SHOWN.feedback),
        (Role.ASSISTANT, "two"),
        (Role.USER, BETTER.feedback),
    ]


def test_going_back_takes_the_history_back() -> None:
    model = ScriptedModel(["one", "two", "three", "four"])
    player = agent(model)
    for seen in (EMPTY, SHOWN, BETTER):
        player.act(seen)
    again = replace(SHOWN, turn=3)
    player.go_back(again)
    player.act(again)
    assert model.requests[3].messages == model.requests[1].messages


def test_a_state_gone_back_to_is_asked_about_with_another_seed() -> None:
    model = ScriptedModel(["one", "two", "three"])
    player = agent(model)
    player.act(EMPTY)
    player.act(SHOWN)
    player.go_back(replace(SHOWN, turn=2))
    player.act(replace(SHOWN, turn=2))
    assert model.requests[1].seed != model.requests[2].seed


def test_a_site_that_the_model_did_not_write_is_shown_to_it_whole() -> None:
    model = ScriptedModel(["go on"])
    agent(model).act(replace(SHOWN, files={"index.html": b"<h1>Tea</h1>", "a.png": b"\x89PNG\xff"}))
    asked = model.requests[0].messages[-1].text
    assert "index.html\n```\n<h1>Tea</h1>\n```" in asked
    assert "a.png\n```\n(5 bytes that are no text)\n```" in asked
    assert asked.endswith(SHOWN.feedback)


@pytest.mark.parametrize("sees", [True, False])
def test_screenshots_go_to_models_that_see(sees: bool) -> None:
    model = ScriptedModel(["one", "two"])
    player = agent(model, sees=sees)
    player.act(EMPTY)
    player.act(replace(SHOWN, screenshot=PNG))
    (said,) = model.requests[1].messages[-1:]
    assert [picture.data for picture in said.images] == ([PNG] if sees else [])


def test_a_new_rollout_begins_a_new_conversation() -> None:
    model = ScriptedModel(["one", "two"])
    player = agent(model)
    player.act(EMPTY)
    player.start(TASK, seed=4)
    player.act(EMPTY)
    assert model.requests[0].messages == model.requests[1].messages
    assert model.requests[0].seed != model.requests[1].seed


def test_sampling_is_handed_on() -> None:
    model = ScriptedModel(["one"])
    agent(model, sampling=Sampling(temperature=0.0, max_tokens=99)).act(EMPTY)
    assert (model.requests[0].temperature, model.requests[0].max_tokens) == (0.0, 99)


def test_the_id_names_everything_that_the_replies_depend_on() -> None:
    ids = {
        agent(ScriptedModel(["x"]), **settings).id
        for settings in ({}, {"dialect": "tool_calls"}, {"sees": True}, {"static": True})
    }
    assert len(ids) == 4


def test_the_reply_is_not_touched() -> None:
    reply = write_bolt([WriteFile("index.html", b"<p>  \n")], title="t") + "  \n"
    assert agent(ScriptedModel([reply])).act(EMPTY) == reply


def test_the_last_message_before_a_reply_is_the_users() -> None:
    model = ScriptedModel(["one", "two"])
    player = agent(model)
    player.act(EMPTY)
    player.act(SHOWN)
    assert all(request.messages[-1].role is Role.USER for request in model.requests)
    assert isinstance(model.requests[0].messages[0], Message)
