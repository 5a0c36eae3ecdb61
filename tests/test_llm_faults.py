"""Every fault of the fault server ends as specified: how many tries, which waits, what it cost, and never a zero."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import Budget, Completion, Message, OpenAIModel, Request
from webgen_gym.llm.clock import ManualClock
from webgen_gym.llm.testing import Fault, HttpReply, fault_server
from webgen_gym.llm.testing.server import Script

HELLO = Request((Message.user("Hello, how are you?"),))
PROMPT_TOKENS = 5
KEY = "sk-test-0123456789"
BACKOFF = [0.5, 1.0, 2.0]

# Retried until the tries are used up: the reason, the waits, and whether the tokens of each try are charged.
RETRIED = {
    Fault.RATE_LIMITED: (ModelFailure.RATE_LIMITED, BACKOFF, False),
    Fault.RATE_LIMITED_WITH_WAIT: (ModelFailure.RATE_LIMITED, [7.0, 7.0, 7.0], False),
    Fault.SERVER_ERROR: (ModelFailure.SERVER, BACKOFF, False),
    Fault.BAD_GATEWAY: (ModelFailure.SERVER, BACKOFF, False),
    Fault.UNAVAILABLE: (ModelFailure.SERVER, BACKOFF, False),
    Fault.GATEWAY_TIMEOUT: (ModelFailure.SERVER, BACKOFF, False),
    Fault.REQUEST_TIMEOUT: (ModelFailure.SERVER, BACKOFF, False),
    Fault.CONFLICT: (ModelFailure.SERVER, BACKOFF, False),
    Fault.RESET: (ModelFailure.TRANSPORT, BACKOFF, True),
}
# Tried once: the reason and the tokens that are charged, (prompt, completion).
GIVEN_UP = {
    Fault.TRICKLE: (ModelFailure.TIMEOUT, (PROMPT_TOKENS, 0)),
    Fault.HANG: (ModelFailure.TIMEOUT, (PROMPT_TOKENS, 0)),
    Fault.INVALID_JSON: (ModelFailure.MALFORMED, (PROMPT_TOKENS, 0)),
    Fault.HTML_PAGE: (ModelFailure.MALFORMED, (PROMPT_TOKENS, 0)),
    Fault.GZIP_BOMB: (ModelFailure.MALFORMED, (PROMPT_TOKENS, 0)),
    Fault.EMPTY_CHOICES: (ModelFailure.EMPTY, (PROMPT_TOKENS, 0)),
    Fault.BAD_REQUEST: (ModelFailure.BAD_REQUEST, (0, 0)),
    Fault.PAYLOAD_TOO_LARGE: (ModelFailure.BAD_REQUEST, (0, 0)),
    Fault.NO_VISION: (ModelFailure.BAD_REQUEST, (0, 0)),
    Fault.CONTEXT_OVERFLOW: (ModelFailure.CONTEXT, (0, 0)),
    Fault.REFUSAL: (ModelFailure.REFUSED, (PROMPT_TOKENS, 3)),
    Fault.CONTENT_FILTER: (ModelFailure.FILTERED, (PROMPT_TOKENS, 3)),
    Fault.LENGTH: (ModelFailure.TRUNCATED, (PROMPT_TOKENS, 3)),
    Fault.TOOL_CALL: (ModelFailure.MALFORMED, (PROMPT_TOKENS, 3)),
}
# Refused for every call alike: the setting that the message names.
STOPPING = {
    Fault.UNAUTHORIZED: "OPENAI_API_KEY",
    Fault.FORBIDDEN: "WEBGEN_MODEL",
    Fault.QUOTA: "quota",
}
TRAPS = {
    Fault.EMPTY_TEXT: (ModelFailure.EMPTY, (PROMPT_TOKENS, 3)),
    Fault.FLOOD: (ModelFailure.TOO_LARGE, (PROMPT_TOKENS, 0)),
}


def limits_for(fault: Fault) -> ModelLimits:
    """A short deadline only where nothing but the deadline ends the call."""
    return ModelLimits(call_s=0.5) if fault in (Fault.TRICKLE, Fault.HANG) else ModelLimits()


@dataclass
class Ended:
    """How one call ended."""

    result: Completion | ModelFailed | ModelRefused
    seen: int
    sleeps: list[float]
    budget: Budget

    @property
    def spent(self) -> tuple[int, int, int]:
        spent = self.budget.spent
        return spent.calls, spent.prompt_tokens, spent.completion_tokens


async def call(script: Script, limits: ModelLimits = ModelLimits(), clock: ManualClock | None = None) -> Ended:  # noqa: B008
    clock, budget = clock or ManualClock(), Budget()
    with fault_server(script) as server:
        async with OpenAIModel(
            "m", base_url=server.url, api_key=KEY, limits=limits, budget=budget, clock=clock
        ) as model:
            result: Completion | ModelFailed | ModelRefused
            try:
                result = await model.complete(HELLO)
            except (ModelFailed, ModelRefused) as error:
                result = error
        return Ended(result, len(server.requests), clock.sleeps, budget)


def test_the_first_26_faults_are_specified() -> None:
    specified = {*RETRIED, *GIVEN_UP, *STOPPING}
    assert (specified, len(specified)) == (set(list(Fault)[:26]), 26)


@pytest.mark.parametrize("fault", RETRIED)
async def test_a_passing_fault_is_tried_again(fault: Fault) -> None:
    ended = await call([fault, "Fine."])
    assert isinstance(ended.result, Completion)
    assert (ended.result.text, ended.seen, ended.sleeps) == ("Fine.", 2, RETRIED[fault][1][:1])


@pytest.mark.parametrize("fault", RETRIED)
async def test_a_lasting_fault_ends_the_call_after_four_tries(fault: Fault) -> None:
    reason, waits, charged = RETRIED[fault]
    ended = await call([fault])
    assert isinstance(ended.result, ModelFailed)
    assert (ended.result.reason, ended.seen, ended.sleeps) == (reason, 4, waits)
    assert ended.spent == (4, 4 * PROMPT_TOKENS if charged else 0, 0)


@pytest.mark.parametrize("fault", [*GIVEN_UP, *TRAPS])
async def test_a_fault_that_another_try_would_not_mend_ends_the_call(fault: Fault) -> None:
    reason, tokens = (GIVEN_UP | TRAPS)[fault]
    ended = await call([fault, "Fine."], limits_for(fault))
    assert isinstance(ended.result, ModelFailed)
    assert (ended.result.reason, ended.sleeps, ended.spent) == (reason, [], (1, *tokens))


@pytest.mark.parametrize("fault", STOPPING)
async def test_a_fault_of_the_account_stops_the_run_and_names_the_setting(fault: Fault) -> None:
    ended = await call([fault, "Fine."])
    assert isinstance(ended.result, ModelRefused)
    assert STOPPING[fault] in ended.result.message
    assert (ended.seen, ended.sleeps) == (1, [])


@pytest.mark.parametrize("fault", [*RETRIED, *GIVEN_UP])
async def test_the_error_of_a_call_carries_all_that_it_cost(fault: Fault) -> None:
    ended = await call([fault], limits_for(fault))
    assert isinstance(ended.result, ModelFailed)
    assert ended.result.usage == ended.budget.spent


async def test_an_unknown_model_stops_the_run() -> None:
    ended = await call([Fault.NO_SUCH_MODEL])
    assert isinstance(ended.result, ModelRefused)
    assert "WEBGEN_MODEL" in ended.result.message


async def test_a_redirect_is_not_followed() -> None:
    ended = await call([Fault.REDIRECT])
    assert isinstance(ended.result, ModelRefused)
    assert "answered 307; set base_url (OPENAI_BASE_URL)" in ended.result.message


async def test_a_compressed_body_is_refused_before_it_is_unpacked() -> None:
    ended = await call([Fault.GZIP_BOMB])
    assert isinstance(ended.result, ModelFailed)
    assert "compressed with 'gzip' that was not asked for" in ended.result.message


async def test_an_error_of_the_server_behind_the_server_is_tried_again() -> None:
    ended = await call([Fault.ERROR_WITH_200, "Fine."])
    assert isinstance(ended.result, Completion)
    assert (ended.result.text, ended.sleeps) == ("Fine.", [0.5])


async def test_missing_usage_is_estimated_and_said_to_be() -> None:
    ended = await call([Fault.NO_USAGE])
    assert isinstance(ended.result, Completion)
    assert (ended.result.usage.tokens, ended.result.usage.estimated) == (PROMPT_TOKENS + 3, True)


async def test_told_usage_is_not_said_to_be_estimated() -> None:
    ended = await call(["Fine."])
    assert isinstance(ended.result, Completion)
    assert not ended.result.usage.estimated


async def test_a_date_to_wait_for_is_honoured() -> None:
    clock = ManualClock(datetime(2026, 10, 21, 7, 27, 48, tzinfo=UTC))
    busy = HttpReply(503, b"", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})
    ended = await call([busy, "Fine."], clock=clock)
    assert ended.sleeps == [12.0]


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "inf", "1e400", "", "Wed, 99 Oct"])
async def test_an_unreadable_wait_falls_back_to_our_own(value: str) -> None:
    ended = await call([HttpReply(429, b"", {"Retry-After": value}), "Fine."])
    assert ended.sleeps == [0.5]


async def test_a_date_in_the_past_means_no_wait() -> None:
    busy = HttpReply(503, b"", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert (await call([busy, "Fine."])).sleeps == [0.0]


async def test_a_wait_beyond_the_deadline_ends_the_call_at_once() -> None:
    ended = await call([HttpReply(429, b"", {"Retry-After": "3600"}), "Fine."])
    assert isinstance(ended.result, ModelFailed)
    assert (ended.result.reason, ended.sleeps) == (ModelFailure.RATE_LIMITED, [])
    assert "wait 3600 s, beyond the deadline of 120 s (ModelLimits.call_s)" in ended.result.message


async def test_waits_add_up_to_no_more_than_the_deadline() -> None:
    ended = await call([HttpReply(503, b"", {"Retry-After": "50"})])
    assert (ended.sleeps, ended.seen) == ([50.0, 50.0], 3)


async def test_the_ceiling_of_a_wait_stops_doubling() -> None:
    ended = await call([Fault.SERVER_ERROR], ModelLimits(tries=6, backoff_cap_s=3.0))
    assert ended.sleeps == [0.5, 1.0, 2.0, 3.0, 3.0]


async def test_an_error_page_quotes_the_server_in_part_only() -> None:
    ended = await call([HttpReply(400, b"x" * 5000)])
    assert isinstance(ended.result, ModelFailed)
    assert ended.result.message.count("x") == ModelLimits().quoted_chars


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound but not listening: nobody else can take it, and connecting is refused
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def failing_at(address: str) -> tuple[ModelFailed, list[float]]:
    clock = ManualClock()
    async with OpenAIModel("m", base_url=address, clock=clock) as model:
        with pytest.raises(ModelFailed) as caught:
            await model.complete(HELLO)
    return caught.value, clock.sleeps


async def test_a_refused_connection_is_tried_again_and_costs_no_tokens(closed_port: int) -> None:
    error, sleeps = await failing_at(f"http://127.0.0.1:{closed_port}/v1")
    assert error.usage is not None
    assert (error.reason, sleeps, error.usage.calls, error.usage.tokens) == (ModelFailure.TRANSPORT, BACKOFF, 4, 0)


async def test_a_name_that_does_not_resolve_is_a_fault_of_transport() -> None:
    error, sleeps = await failing_at("http://model.invalid/v1")
    assert (error.reason, sleeps) == (ModelFailure.TRANSPORT, BACKOFF)


async def test_a_server_without_tls_is_a_fault_of_transport() -> None:
    with fault_server() as server:
        error, sleeps = await failing_at(server.url.replace("http:", "https:"))
    assert (error.reason, sleeps) == (ModelFailure.TRANSPORT, BACKOFF)
