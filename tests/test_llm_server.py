"""The fault server speaks the API: clients that nobody here wrote understand it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest

from webgen_gym.errors import UsageError
from webgen_gym.llm.testing import Fault, SeenRequest, fault_server
from webgen_gym.llm.testing.__main__ import read_script


@pytest.fixture
def client() -> Iterator[openai.OpenAI]:
    with (
        fault_server(["A longer answer, in several pieces."]) as server,
        openai.OpenAI(base_url=server.url, api_key="none", max_retries=0) as client,
    ):
        yield client


def test_a_plain_answer_is_understood(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}])
    assert done.choices[0].message.content == "A longer answer, in several pieces."


def test_a_streamed_answer_is_understood(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": "Hello"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    texts = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    assert "".join(texts) == "A longer answer, in several pieces."
    assert len(chunks) > 3
    assert chunks[-1].usage is not None


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names == ["scripted", *(f"fault:{fault}" for fault in Fault)]


def test_the_name_of_a_model_chooses_its_fault(client: openai.OpenAI) -> None:
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="fault:rate_limited", messages=[{"role": "user", "content": "Hello"}])


def test_one_connection_serves_many_requests(client: openai.OpenAI) -> None:
    asked = [client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}]) for _ in range(3)]
    assert len(asked) == 3


def test_a_path_that_is_not_there_is_404(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="m", input="x")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"messages": 3}', b"\xff"])
def test_a_body_that_is_no_request_is_400(body: bytes) -> None:
    with fault_server() as server:
        answer = httpx2.post(f"{server.url}/chat/completions", content=body)
    assert (answer.status_code, server.requests) == (400, [])


def test_a_function_answers_by_the_request() -> None:
    def echo(request: SeenRequest) -> str:
        return request.texts[-1]

    with fault_server(echo) as server, openai.OpenAI(base_url=server.url, api_key="none") as client:
        done = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}])
    assert done.choices[0].message.content == "Hello"


def test_a_server_without_replies_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one reply"), fault_server([]):
        pass


def test_the_server_runs_as_a_program_with_a_file_of_replies(tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    replies.write_text('"Hello from a file."\n\n{"fault": "unavailable"}\n')
    command = [sys.executable, "-m", "webgen_gym.llm.testing", "--replies", str(replies)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().strip()
            body = json.dumps({"model": "m", "messages": []}).encode()
            with urllib.request.urlopen(f"{url}/chat/completions", data=body) as answer:
                said = json.load(answer)["choices"][0]["message"]["content"]
        finally:
            program.terminate()
    assert said == "Hello from a file."


def test_a_file_of_replies_mixes_texts_and_faults(tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    replies.write_text('"Hello"\n{"fault": "unavailable"}\n')
    assert read_script(replies) == ["Hello", Fault.UNAVAILABLE]


@pytest.mark.parametrize("line", ["Hello", "3", '{"fault": "nonsense"}', "{}", "[]"])
def test_a_line_that_is_no_reply_is_named(tmp_path: Path, line: str) -> None:
    replies = tmp_path / "replies.jsonl"
    replies.write_text(f'"Hello"\n{line}\n')
    with pytest.raises(UsageError, match=r"replies\.jsonl:2"):
        read_script(replies)
