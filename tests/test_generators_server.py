"""ServerGenerator over real HTTP: token ids in and out, adapters that come and go, and what goes wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("httpx2", reason="httpx2 is not installed: pip install 'webgen-gym[llm]'")

from tests.completions_server import END, Answer, CompletionsServer, Reply, completion, completions_server
from tests.conftest import Runner
from webgen_gym.agents.generators import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.server import LIMITS, ServerGenerator
from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused, UsageError
from webgen_gym.llm.clock import ManualClock

FREE = Sampling(temperature=0.8, top_p=0.9, max_tokens=12)


def prompts_of(*lengths: int) -> list[Tokens]:
    return [np.arange(3, 3 + length, dtype=np.int64) for length in lengths]


@contextmanager
def talking(
    run: Runner, answer: Answer | None = None, **limits: Any
) -> Iterator[tuple[ServerGenerator, CompletionsServer, ManualClock]]:
    """A generator, the server that it asks, and the clock by which it waits."""
    clock = ManualClock()
    with completions_server(answer or (lambda server, path, body: None)) as server:
        made = ServerGenerator(
            server.url,
            "policy",
            context=40,
            eos=[END],
            api_key="a-secret-key",
            limits=replace(LIMITS, **limits),
            clock=clock,
            run=run,
        )
        try:
            yield made, server, clock
        finally:
            made.close()


def choice_with(**changes: Any) -> Answer:
    """A server whose answers differ from good ones in these fields; a field of None is left out."""

    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> Reply:
        choice = completion(body)["choices"][0] | changes
        return Reply({"choices": [{name: value for name, value in choice.items() if value is not None}]})

    return answer


def asked_once(run: Runner, answer: Answer, **limits: Any) -> list[Sampled]:
    with talking(run, answer, **limits) as (made, _, _):
        return made.generate(prompts_of(4), FREE, [7])


# ------------------------------------------------------------------ what is asked and understood


def test_tokens_go_in_and_come_out_as_they_are(run: Runner) -> None:
    prompts = prompts_of(4, 9)
    with talking(run) as (made, server, _):
        answers = made.generate(prompts, FREE, [7, 8])
        asked = sorted(server.completions, key=lambda body: len(body["prompt"]))
    for prompt, answer, body in zip(prompts, answers, asked, strict=True):
        said = completion(body)["choices"][0]
        assert body["prompt"] == prompt.tolist()
        assert answer.tokens.tolist() == said["token_ids"]
        assert answer.logprobs.tolist() == pytest.approx(said["logprobs"]["token_logprobs"])
        assert answer.ended


def test_how_tokens_are_drawn_is_told_to_the_server(run: Runner) -> None:
    with talking(run) as (made, server, _):
        made.generate(prompts_of(4), FREE, [7])
        body = server.completions[0]
    told = {name: body[name] for name in ("temperature", "top_p", "max_tokens", "seed", "stop_token_ids", "top_k")}
    assert told == {
        "temperature": 0.8, "top_p": 0.9, "max_tokens": 12, "seed": 7, "stop_token_ids": [END], "top_k": -1,
    }  # fmt: skip


def test_an_answer_fits_into_the_context(run: Runner) -> None:
    with talking(run) as (made, server, _):
        answer = made.generate(prompts_of(37), FREE, [7])[0]
        assert server.completions[0]["max_tokens"] == 3
    assert (len(answer.tokens), answer.ended) == (3, False)


def test_ids_are_read_from_the_names_of_tokens_where_they_stand_nowhere_else(run: Runner) -> None:
    expected = asked_once(run, lambda server, path, body: None)[0]
    found = asked_once(run, choice_with(token_ids=None))[0]
    assert found.tokens.tolist() == expected.tokens.tolist()


def test_many_prompts_are_under_way_at_once(run: Runner) -> None:
    together = threading.Barrier(8)

    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> None:
        together.wait(timeout=30)

    with talking(run, answer) as (made, _, _):
        assert len(made.generate(prompts_of(*range(1, 9)), FREE, range(8))) == 8


def test_the_key_is_sent(run: Runner) -> None:
    with talking(run) as (made, server, _):
        made.generate(prompts_of(4), FREE, [7])
        assert server.keys == {"Bearer a-secret-key"}


# ------------------------------------------------------------------ adapters


def test_an_adapter_that_was_loaded_is_sampled_from(run: Runner, tmp_path: Path) -> None:
    with talking(run) as (made, server, _):
        made.load(tmp_path, 3)
        made.generate(prompts_of(4), FREE, [7])
        assert server.adapters == {server.completions[0]["model"]: str(tmp_path)}


def test_only_the_last_adapter_stays_loaded(run: Runner, tmp_path: Path) -> None:
    with talking(run) as (made, server, _):
        for version in range(3):
            made.load(tmp_path / str(version), version)
        assert list(server.adapters.values()) == [str(tmp_path / "2")]


def test_two_runs_on_one_server_do_not_share_the_names_of_adapters(run: Runner, tmp_path: Path) -> None:
    with talking(run) as (made, server, _):
        other = ServerGenerator(server.url, "policy", context=40, eos=[END], run=run)
        made.load(tmp_path, 1)
        other.load(tmp_path, 1)
        assert len(server.adapters) == 2
        other.close()


def test_closing_unloads_the_adapter_and_may_be_done_twice(run: Runner, tmp_path: Path) -> None:
    with talking(run) as (made, server, _):
        made.load(tmp_path, 1)
        made.close()
        made.close()
        assert server.adapters == {}


def test_a_server_that_loads_no_adapters_is_named(run: Runner, tmp_path: Path) -> None:
    with talking(run, lambda server, path, body: Reply("{}", 404)) as (made, _, _):
        with pytest.raises(UsageError, match="VLLM_ALLOW_RUNTIME_LORA_UPDATING"):
            made.load(tmp_path, 1)


def test_an_adapter_that_is_not_loaded_leaves_the_one_before_in_use(run: Runner, tmp_path: Path) -> None:
    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> Reply | None:
        return (
            Reply({"error": {"message": "rank too high"}}, 400) if str(body.get("lora_path")).endswith("bad") else None
        )

    with talking(run, answer) as (made, server, _):
        made.load(tmp_path / "good", 1)
        with pytest.raises(ModelFailed, match="rank too high"):
            made.load(tmp_path / "bad", 2)
        made.generate(prompts_of(4), FREE, [7])
        assert server.adapters == {server.completions[0]["model"]: str(tmp_path / "good")}


def test_an_adapter_that_is_not_unloaded_is_a_warning(
    run: Runner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> Reply | None:
        return Reply("{}", 404) if path.endswith("unload_lora_adapter") else None

    with caplog.at_level(logging.WARNING), talking(run, answer) as (made, _, _):
        made.load(tmp_path, 1)
        made.load(tmp_path, 2)
    assert "did not unload" in caplog.records[0].message


# ------------------------------------------------------------------ what goes wrong


def test_a_fault_of_the_server_is_tried_again(run: Runner) -> None:
    faults = iter([Reply("", 500), Reply("", 503, {"Retry-After": "9"})])
    with talking(run, lambda server, path, body: next(faults, None)) as (made, server, clock):
        assert len(made.generate(prompts_of(4), FREE, [7])) == 1
        assert len(server.completions) == 3
    assert clock.sleeps == [0.5, 9.0]


def test_a_server_that_stays_at_fault_is_given_up(run: Runner) -> None:
    with pytest.raises(ModelFailed, match="answered 500; 3 requests were sent") as caught:
        asked_once(run, lambda server, path, body: Reply("", 500), tries=3)
    assert caught.value.reason is ModelFailure.SERVER


def test_a_server_that_is_not_there_is_a_fault_of_transport(run: Runner) -> None:
    with completions_server() as server:
        url = server.url
    made = ServerGenerator(url, "policy", context=40, eos=[END], clock=ManualClock(), run=run)
    with pytest.raises(ModelFailed, match="could not be reached") as caught:
        made.generate(prompts_of(4), FREE, [7])
    made.close()
    assert caught.value.reason is ModelFailure.TRANSPORT


def test_a_server_that_says_nothing_is_given_up_at_the_deadline(run: Runner) -> None:
    over = threading.Event()

    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> None:
        over.wait(timeout=60)

    with talking(run, answer, call_s=0.3) as (made, _, _):
        with pytest.raises(ModelFailed, match=r"within 0.3 s \(ModelLimits.call_s\)") as caught:
            made.generate(prompts_of(4), FREE, [7])
        over.set()
    assert caught.value.reason is ModelFailure.TIMEOUT


def test_a_server_that_knows_no_such_model_stops_the_run(run: Runner) -> None:
    with pytest.raises(ModelRefused, match="answered 404"):
        asked_once(run, lambda server, path, body: Reply({"error": {"message": "no such model"}}, 404))


def test_an_endless_answer_is_not_read_to_its_end(run: Runner) -> None:
    with pytest.raises(ModelFailed, match="longer than 1000 bytes"):
        asked_once(run, lambda server, path, body: Reply("x" * 5000), response_bytes=1000)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"token_ids": None, "logprobs": {"tokens": ["a"], "token_logprobs": [-1.0]}}, "tells no token ids"),
        ({"token_ids": None, "logprobs": None}, "tells no token ids"),
        ({"logprobs": None}, "tells no log-probabilities"),
        ({"logprobs": {"token_logprobs": "many"}}, "tells no log-probabilities"),
    ],
)
def test_a_server_that_nothing_can_be_learned_from_is_refused(
    run: Runner, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        asked_once(run, choice_with(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"token_ids": [3, 4]}, "2 tokens and 8 log-probabilities"),
        ({"token_ids": [3], "logprobs": {"token_logprobs": [-1.0, -2.0]}}, "1 tokens and 2 log-probabilities"),
        ({"token_ids": [], "logprobs": {"tokens": [], "token_logprobs": []}}, "no token at all"),
        ({"token_ids": [-3], "logprobs": {"token_logprobs": [-1.0]}}, "not a whole number"),
        ({"token_ids": [True], "logprobs": {"token_logprobs": [-1.0]}}, "not a whole number"),
        ({"token_ids": ["3"], "logprobs": {"token_logprobs": [-1.0]}}, "not a whole number"),
        ({"token_ids": [3], "logprobs": {"token_logprobs": ["low"]}}, "log-probability that is not a number"),
        ({"token_ids": [3], "logprobs": {"token_logprobs": [float("nan")]}}, "log-probability that is not a number"),
        ({"token_ids": None, "logprobs": {"tokens": ["token_id:x"], "token_logprobs": [-1.0]}}, "not a whole number"),
    ],
)
def test_an_answer_that_does_not_fit_together_is_a_fault(run: Runner, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelFailed, match=message) as caught:
        asked_once(run, choice_with(**changes))
    assert caught.value.reason is ModelFailure.MALFORMED


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "{}", '{"choices": []}', '{"choices": [3]}', "[" * 10_000])
def test_a_body_that_is_no_answer_is_a_fault(run: Runner, body: str) -> None:
    with pytest.raises(ModelFailed, match="holds no choice"):
        asked_once(run, lambda server, path, _: Reply(body))


def test_one_fault_among_many_prompts_is_told(run: Runner) -> None:
    def answer(_: CompletionsServer, path: str, body: dict[str, Any]) -> Reply | None:
        return Reply("{}") if len(body["prompt"]) == 5 else None

    with talking(run, answer) as (made, _, _), pytest.raises(ModelFailed, match="no choice"):
        made.generate(prompts_of(4, 5, 6), FREE, [1, 2, 3])


def test_a_prompt_that_leaves_no_room_is_refused_before_it_is_sent(run: Runner) -> None:
    with talking(run) as (made, server, _):
        with pytest.raises(UsageError, match="Prompt 0 has 40 tokens"):
            made.generate(prompts_of(40), FREE, [7])
        assert server.asked == []
