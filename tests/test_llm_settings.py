"""Where model, server and key come from, and that the key goes nowhere else."""

import logging
import pickle
import traceback

import pytest

from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused, UsageError
from webgen_gym.llm import Message, OpenAIModel, Request
from webgen_gym.llm.settings import Settings, settings
from webgen_gym.llm.testing import Fault, fault_server

HELLO = Request((Message.user("Hello, how are you?"),))
KEY = "sk-test-0123456789"


def test_the_environment_names_model_server_and_key() -> None:
    environment = {"WEBGEN_MODEL": "m", "OPENAI_BASE_URL": "http://host/v1", "OPENAI_API_KEY": "key"}
    assert settings(environment=environment) == Settings("m", "http://host/v1", "key")


def test_an_argument_goes_before_the_environment() -> None:
    environment = {"WEBGEN_MODEL": "m", "OPENAI_BASE_URL": "http://host/v1", "OPENAI_API_KEY": "key"}
    assert settings("n", "http://other/v1", "lock", environment) == Settings("n", "http://other/v1", "lock")


async def test_the_client_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with fault_server() as server:
        monkeypatch.setenv("WEBGEN_MODEL", "from-environment")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        async with OpenAIModel() as model:
            await model.complete(HELLO)
    assert (server.requests[0].model, server.requests[0].key) == ("from-environment", KEY)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((None, "http://host/v1", None), "WEBGEN_MODEL"),
        (("m", None, None), "OPENAI_API_KEY"),
        (("m", "host:8000", None), "OPENAI_BASE_URL"),
        (("m", "http://", None), "OPENAI_BASE_URL"),
        (("m", "http://[half", None), "OPENAI_BASE_URL"),
        (("m", "http://host:port/v1", None), "OPENAI_BASE_URL"),
        (("m", None, "sk-\u2026"), "OPENAI_API_KEY"),
        (("m", None, "sk-a\nb"), "OPENAI_API_KEY"),
    ],
)
def test_what_is_missing_or_wrong_is_named(arguments: tuple[str | None, str | None, str | None], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings(*arguments, environment={})


def test_no_repr_shows_the_key_or_a_password() -> None:
    model = OpenAIModel("m", base_url="http://user:hunter2@host:8000/v1?token=hunter3", api_key=KEY)
    shown = repr(model) + repr(settings("m", "http://host/v1", KEY))
    assert "http://host:8000/v1" in shown
    assert not any(secret in shown for secret in (KEY, "hunter"))


async def test_an_error_that_quotes_the_key_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with fault_server([Fault.UNAUTHORIZED]) as server:
        async with OpenAIModel("m", base_url=server.url, api_key=KEY) as model:
            with pytest.raises(ModelRefused) as caught:
                await model.complete(HELLO)
    assert server.requests[0].key == KEY
    assert "Incorrect API key provided: [key]" in caught.value.message
    assert KEY not in "".join(traceback.format_exception(caught.value)) + caplog.text


async def test_an_answer_that_quotes_the_key_does_not_show_it() -> None:
    with fault_server([f"Your key is {KEY}."]) as server:
        async with OpenAIModel("m", base_url=server.url, api_key=KEY) as model:
            assert (await model.complete(HELLO)).text == "Your key is [key]."


async def test_a_failure_keeps_reason_and_usage_across_processes() -> None:
    with fault_server([Fault.LENGTH]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            with pytest.raises(ModelFailed) as caught:
                await model.complete(HELLO)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.reason, copy.usage, str(copy)) == (ModelFailure.TRUNCATED, caught.value.usage, str(caught.value))
