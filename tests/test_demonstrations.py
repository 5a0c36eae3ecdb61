"""Conversations to learn from: files of them, and the best of what was played."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import BACKTRACK, FINISH, MALFORMED, VALIDATE, page
from webgen_gym.agents.base import Agent
from webgen_gym.agents.conversation import Conversation
from webgen_gym.agents.prompts import system_prompt
from webgen_gym.agents.run import Plan, Progress, run
from webgen_gym.agents.template import TemplateAgent
from webgen_gym.envs import Backtracking, WebGenEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import BadRun, InfraFault, UsageError
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.llm.base import ImagePart, Message, Role
from webgen_gym.records.run_folder import RunFolder, observation_hash
from webgen_gym.trainers.demonstrations import Demonstration, Selection, chats, read_chats, read_run
from webgen_gym.trainers.voice import PlainVoice
from webgen_gym.types import Observation, Task

TALK = (Message.system("Build."), Message.user("A shop."), Message.assistant("<one>"))
LONGER = (*TALK, Message.user("Too dark."), Message.assistant("<two>"))


def spelled(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [{"role": message.role.value, "content": message.text} for message in messages]


def file_of(folder: Path, *rows: object) -> Path:
    path = folder / "talks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


# ------------------------------------------------------------------ a demonstration


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ((), "no message of the assistant"),
        (TALK[:2], "no message of the assistant"),
        (TALK[2:], "begins with an answer"),
        ((*TALK, Message.user("And?")), "goes on after the last answer"),
        ((TALK[1], TALK[0], TALK[2]), "message 2 is the system's"),
        ((*TALK, TALK[2]), "messages 3 and 4 are both the assistant's"),
        ((Message.user("See:", ImagePart(b"\x89PNG\r\n\x1a\n")), TALK[2]), "message 1 holds a picture"),
    ],
)
def test_what_cannot_be_imitated_is_no_demonstration(messages: tuple[Message, ...], said: str) -> None:
    with pytest.raises(UsageError, match=rf"^here: .*{said}"):
        Demonstration(messages, "here")


def test_a_demonstration_is_cut_after_each_answer() -> None:
    exchanges = Demonstration(LONGER, "here").exchanges
    assert exchanges == ((LONGER[:2], "<one>"), (LONGER[3:4], "<two>"))


# ------------------------------------------------------------------ files of conversations


def test_messages_of_a_chat_file_are_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"messages": spelled(TALK)}, {"messages": spelled(LONGER), "instruction": "A shop."})
    assert [talk.messages for talk in read_chats(path)] == [TALK, LONGER]


def test_a_demonstration_says_in_which_line_it_was_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"messages": spelled(TALK)}, {"messages": spelled(LONGER)})
    assert [talk.source for talk in read_chats(path)] == [f"{path}, line 1", f"{path}, line 2"]


def test_conversations_in_the_words_of_sharegpt_are_read(tmp_path: Path) -> None:
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    said = [{"from": names[message.role.value], "value": message.text} for message in LONGER]
    beside = {"conversations": said[1:], "system": "Build."}
    assert [talk.messages for talk in read_chats(file_of(tmp_path, {"conversations": said}, beside))] == [LONGER] * 2


def test_the_published_demonstrations_of_webgen_agent_are_read_up_to_the_last_answer(tmp_path: Path) -> None:
    logged = [{**message, "info": {"screenshot_grade": 4}} for message in spelled(LONGER)]
    feedback = {"role": "user", "content": "Starting the service was successful.", "info": {"feedback": {}}}
    assert read_chats(file_of(tmp_path, {"messages": [*logged, feedback]}))[0].messages == LONGER


def test_parts_of_text_are_put_one_below_the_other(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "A shop."}, {"type": "text", "text": "In blue."}]
    row = {"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "<one>"}]}
    assert read_chats(file_of(tmp_path, row))[0].messages[0] == Message.user("A shop.\nIn blue.")


def test_a_byte_order_mark_and_blank_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n  \r\n" + json.dumps({"messages": spelled(TALK)}).encode() + b"\r\n\n")
    assert [talk.source for talk in read_chats(path)] == [f"{path}, line 3"]


def told(*messages: object) -> str:
    return json.dumps({"messages": messages})


ASKED = {"role": "user", "content": "A shop."}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON at column 2"),
        ('{"messages": ' + "[" * 100_000, "not JSON that can be read"),
        ("[]", r"expected a JSON object, found \[\]"),
        ('{"text": "A shop."}', r"has neither 'messages' nor 'conversations'; its keys are \['text'\]"),
        ('{"messages": "A shop."}', "'messages' must be a list of messages, found 'A shop.'"),
        (told("A shop."), "message 1: expected an object with 'role' and 'content', found 'A shop.'"),
        (told({"content": "A shop."}), "message 1: 'role' is None; it must be one of system, user, assistant"),
        (told(ASKED, {"role": "tool", "content": "x"}), "message 2: 'role' is 'tool'"),
        (told({"from": "human", "value": "A shop."}), "message 1: 'role' is None"),
        (told({"role": "user", "content": 7}), "message 1, 'content': expected text, found 7"),
        (told({"role": "user"}), "message 1, 'content': expected text, found None"),
        (told({"role": "user", "content": "\ud800"}), "half of a surrogate pair"),
        (told({"role": "user", "content": [{"type": "image_url"}]}), "part 1: expected a part of text"),
        (told(ASKED, {"role": "assistant", "content": " \n"}), "message 2: the assistant says nothing"),
        (told(ASKED), "no message of the assistant"),
        (told(), "no message of the assistant"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_read(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps({"messages": spelled(TALK)}) + "\n" + line + "\n")
    with pytest.raises(UsageError, match=rf"^{path}, line 2\b.*{said}"):
        read_chats(path)


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_bytes(json.dumps({"messages": spelled(TALK)}).encode() + b'\n{"messages": "\xff"}\n')
    with pytest.raises(UsageError, match=rf"^{path}, line 2: not UTF-8 at byte 14"):
        read_chats(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_conversation_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=rf"^{path} holds no conversation"):
        read_chats(path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="talks.jsonl cannot be read: No such file"):
        read_chats(tmp_path / "talks.jsonl")


def test_rows_of_a_dataset_are_read_and_bad_ones_named_by_number() -> None:
    rows = [{"messages": spelled(TALK)}, {"messages": []}]
    assert chats(rows[:1], "hub")[0] == Demonstration(TALK, "hub, row 1")
    with pytest.raises(UsageError, match=r"^hub, row 2: "):
        chats(rows, "hub")


texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: bool(text.strip()))
talks = st.lists(st.tuples(texts, texts), min_size=1, max_size=3)


@settings(deadline=None)
@given(st.lists(talks, min_size=1, max_size=3))
def test_what_was_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, talks: list[Any]) -> None:
    said = [[message for u, a in talk for message in (Message.user(u), Message.assistant(a))] for talk in talks]
    path = file_of(tmp_path_factory.mktemp("talks"), *({"messages": spelled(talk)} for talk in said))
    assert [list(talk.messages) for talk in read_chats(path)] == said


# ------------------------------------------------------------------ run folders


TASKS = [Task("shop", "Build a shop with a search."), Task("blog", "Build a blog with comments.")]
ONE, TWO, THREE = page("<h1>one</h1>"), page("<h1>two</h1>"), page("<h1>three</h1>")


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    runtime = shared_runtime()
    runtime.engine(Limits(), None)
    yield
    runtime.leave()


class Remembers:
    """Plays what another agent says, and holds the conversation that a policy would have held with it."""

    def __init__(self, inner: Agent, *, static: bool = True) -> None:
        self._inner = inner
        self.talk = Conversation(system_prompt("bolt", static=static))
        self.id = inner.id

    def start(self, task: Task, seed: int) -> None:
        self._inner.start(task, seed)

    def act(self, observation: Observation) -> str:
        self.talk.tell(observation)
        reply = self._inner.act(observation)
        self.talk.say(reply)
        return reply

    def go_back(self, observation: Observation) -> None:
        self._inner.go_back(observation)
        self.talk.go_back(observation)


class Says:
    """Says its replies one after the other."""

    id = "says/1"

    def __init__(self, *replies: str) -> None:
        self._replies = list(replies)

    def start(self, task: Task, seed: int) -> None:
        pass

    def act(self, observation: Observation) -> str:
        return self._replies.pop(0)

    def go_back(self, observation: Observation) -> None:
        pass


VOICE = PlainVoice(static=True)


def played(folder: Path, *replies: str, looks: Sequence[Any] = (4.0,), works: float = 3.0, after: int = 0) -> Remembers:
    """One rollout of these replies in a run folder; going back after so many errors, if any."""
    agent = Remembers(Says(*replies))

    def make() -> gym.Env[Any, str]:
        judges: dict[str, Any] = {"judge": ScriptedAppearance(*looks), "gui": ScriptedFunctionality(works)}
        env: gym.Env[Any, str] = WebGenEnv(tasks=TASKS, run_dir=folder, static_only=True, cache=False, **judges)
        return Backtracking(env, after=after) if after else env

    run(Plan(TASKS[:1], make, lambda: agent), folder, Progress())
    return agent


def answers(talk: Demonstration) -> list[str]:
    return [message.text for message in talk.messages if message.role is Role.ASSISTANT]


def test_a_real_episode_gives_the_conversation_that_the_policy_would_have_been_in(tmp_path: Path) -> None:
    agent = Remembers(TemplateAgent())

    def make() -> gym.Env[Any, str]:
        return gym.make("WebGenStatic-v0", tasks=TASKS, run_dir=tmp_path / "run", disable_env_checker=True)

    run(Plan(TASKS[:1], make, lambda: agent), tmp_path / "run", Progress())
    (talk,) = read_run(tmp_path / "run", VOICE)
    assert len(answers(talk)) >= 3
    assert talk.messages == agent.talk.messages
    assert 'type="finish"' in answers(talk)[-1]
    assert talk.source == f"{tmp_path / 'run'}, rollout shop"


def test_the_conversation_ends_with_the_turn_that_was_chosen(tmp_path: Path) -> None:
    agent = played(tmp_path, ONE, VALIDATE, TWO, VALIDATE, FINISH, looks=(4.5, 3.0))
    (talk,) = read_run(tmp_path, VOICE)
    assert answers(talk) == [ONE, VALIDATE]
    assert talk.messages == agent.talk.messages[: len(talk.messages)]


def test_a_test_that_the_policy_did_not_ask_for_is_left_out(tmp_path: Path) -> None:
    agent = played(tmp_path, ONE, FINISH)
    assert [row.outcome for row in RunFolder.read(tmp_path).turns()] == ["started", "shown", "finished", "validated"]
    assert read_run(tmp_path, VOICE)[0].messages == agent.talk.messages


def test_what_came_before_going_back_is_forgotten(tmp_path: Path) -> None:
    agent = played(tmp_path, ONE, TWO, THREE, FINISH, looks=(4.0, 1.0, 5.0), after=1)
    (talk,) = read_run(tmp_path, VOICE)
    assert answers(talk) == [ONE, THREE, FINISH]
    assert talk.messages == agent.talk.messages


def test_going_back_that_the_policy_asked_for_is_remembered(tmp_path: Path) -> None:
    agent = played(tmp_path, ONE, TWO, BACKTRACK, THREE, FINISH, looks=(4.0, 3.5, 5.0))
    (talk,) = read_run(tmp_path, VOICE)
    assert answers(talk) == [ONE, TWO, BACKTRACK, THREE, FINISH]
    assert talk.messages == agent.talk.messages


@pytest.mark.parametrize(("kept", "expected"), [(True, [ONE, MALFORMED, FINISH]), (False, [ONE, FINISH])])
def test_malformed_turns_are_kept_where_that_is_asked_for(tmp_path: Path, kept: bool, expected: list[str]) -> None:
    played(tmp_path, ONE, MALFORMED, FINISH)
    (talk,) = read_run(tmp_path, VOICE, Selection(malformed=kept))
    assert answers(talk) == expected


def test_what_was_said_of_a_malformed_reply_is_left_out_with_it(tmp_path: Path) -> None:
    agent = played(tmp_path, ONE, MALFORMED, FINISH)
    (talk,) = read_run(tmp_path, VOICE)
    assert talk.messages == (*agent.talk.messages[:4], agent.talk.messages[-1])


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        (Selection(appearance=4.0, functionality=3.0), True),
        (Selection(appearance=4.1, functionality=3.0), False),
        (Selection(appearance=4.0, functionality=3.1), False),
    ],
)
def test_a_rollout_is_taken_for_the_scores_of_its_chosen_turn(
    tmp_path: Path, selection: Selection, taken: bool
) -> None:
    played(tmp_path, ONE, VALIDATE, FINISH)
    if taken:
        assert len(read_run(tmp_path, VOICE, selection)) == 1
    else:
        with pytest.raises(UsageError, match=r"None of the 1 finished rollouts.*the best has 4 and 3"):
            read_run(tmp_path, VOICE, selection)


def test_a_void_rollout_is_left_out(tmp_path: Path) -> None:
    lost = InfraFault("the lights went out")
    played(tmp_path, ONE, TWO, looks=(4.0, lost))
    with pytest.raises(UsageError, match=r"None of the 1 finished rollouts.*1 are void"):
        read_run(tmp_path, VOICE)


def test_a_rollout_that_goes_on_after_a_void_turn_is_told_without_it(tmp_path: Path) -> None:
    lost = InfraFault("the lights went out")
    played(tmp_path, ONE, TWO, looks=(4.0, lost))
    played(tmp_path, THREE, VALIDATE, FINISH)
    assert answers(read_run(tmp_path, VOICE)[0]) == [ONE, THREE, VALIDATE, FINISH]


def test_a_run_without_a_finished_rollout_teaches_nothing(tmp_path: Path) -> None:
    played(tmp_path, ONE, FINISH)
    (tmp_path / "results.jsonl").unlink()
    with pytest.raises(UsageError, match="has no finished rollout to learn from"):
        read_run(tmp_path, VOICE)


def test_a_run_whose_chosen_turn_is_gone_is_damaged(tmp_path: Path) -> None:
    played(tmp_path, ONE, VALIDATE, FINISH)
    first = (tmp_path / "turns.jsonl").read_text().splitlines()[0]
    (tmp_path / "turns.jsonl").write_text(first + "\n")
    with pytest.raises(BadRun, match="chosen turn of rollout shop is not in"):
        read_run(tmp_path, VOICE)


@pytest.mark.parametrize("least", [-1.5, 5.5, float("nan")])
def test_a_least_score_out_of_range_is_refused(least: float) -> None:
    with pytest.raises(UsageError, match="it must be between"):
        Selection(appearance=least)


class Hears:
    """A voice that notes what it is given to tell."""

    def __init__(self) -> None:
        self.heard: list[Observation] = []

    def first(self, observation: Observation) -> list[Message]:
        return self.next(observation)

    def next(self, observation: Observation) -> list[Message]:
        self.heard.append(observation)
        return [Message.user("Go on.")]

    def reply(self, text: str, observation: Observation) -> str:
        return text


def test_a_voice_is_given_the_observations_that_were_made(tmp_path: Path) -> None:
    played(tmp_path, ONE, MALFORMED, TWO, VALIDATE, FINISH)
    voice = Hears()
    read_run(tmp_path, voice, Selection(malformed=True))
    recorded = [row.observation_hash for row in RunFolder.read(tmp_path).turns()]
    assert [observation_hash(seen) for seen in voice.heard] == recorded[:-1]


class Shouts(Hears):
    """A voice whose policy writes in a form of its own."""

    def reply(self, text: str, observation: Observation) -> str:
        return text.upper()


def test_a_voice_with_a_form_of_its_own_is_refused(tmp_path: Path) -> None:
    played(tmp_path, ONE, FINISH)
    with pytest.raises(UsageError, match=r"The voice Shouts writes replies in a form of its own.*turn 1 of shop"):
        read_run(tmp_path, Shouts())
