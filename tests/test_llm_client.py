"""What the client sends, whom it serves at once, what it learns, and how it ends."""

import asyncio
import io
import subprocess
import sys
import threading

import pytest
from PIL import Image

from webgen_gym.errors import ModelFailed, UsageError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import (
    Budget,
    ImagePart,
    Integer,
    JsonSchema,
    Message,
    Object,
    OpenAIModel,
    Request,
    Text,
    TextPart,
)
from webgen_gym.llm.clock import ManualClock, SystemClock
from webgen_gym.llm.testing import Fault, SeenRequest, fault_server

HELLO = Request((Message.user("Hello, how are you?"),))
GRADE = JsonSchema("grade", Object({"analysis": Text(), "grade": Integer(0, 5)}))
GOOD = '{"analysis": "Clean.", "grade": 4}'


def picture(kind: str) -> ImagePart:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, kind)
    return ImagePart(file.getvalue())


# ------------------------------------------------------------------ what is sent


async def test_an_answer_is_text_with_usage() -> None:
    with fault_server(["I am fine."]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            completion = await model.complete(HELLO)
    assert (completion.text, completion.finish_reason, completion.model) == ("I am fine.", "stop", "m")
    assert (completion.usage.calls, completion.usage.prompt_tokens, completion.usage.completion_tokens) == (1, 5, 3)


async def test_only_what_is_set_is_sent() -> None:
    full = Request(HELLO.messages, temperature=0.0, max_tokens=9, seed=3, stop=("END",))
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            await model.complete(HELLO)
            await model.complete(full)
    bare, sent = (dict(seen.body) for seen in server.requests)
    assert set(bare) == {"model", "messages"}
    assert {name: sent[name] for name in set(sent) - set(bare)} == {
        "temperature": 0.0,
        "max_tokens": 9,
        "seed": 3,
        "stop": ["END"],
    }


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_is_sent_with_its_true_media_type(kind: str) -> None:
    part = picture(kind)
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            await model.complete(Request((Message.user("Look:", part),)))
    assert server.requests[0].images == [(f"image/{kind.lower()}", part.data)]


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"BM\x00\x00", b"RIFF\x00\x00\x00\x00WAVE", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="PNG, JPEG, WebP or GIF"):
        ImagePart(data)


async def test_text_and_pictures_keep_their_order() -> None:
    message = Message.user("before", picture("PNG"), TextPart("after"))
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            await model.complete(Request((Message.system("Be brief."), message, Message.assistant("ok"))))
    content = server.requests[0].body["messages"][1]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "text"]
    assert server.requests[0].roles == ["system", "user", "assistant"]


async def test_half_of_a_surrogate_pair_does_not_stop_a_message() -> None:
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            await model.complete(Request((Message.user("a \ud83d b"),)))
    assert server.requests[0].texts == ["a ? b"]


# ------------------------------------------------------------------ structured answers


async def test_a_shape_is_asked_for_as_a_strict_schema_and_parsed() -> None:
    with fault_server([GOOD]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            completion = await model.complete(Request(HELLO.messages, schema=GRADE))
    assert server.requests[0].body["response_format"]["json_schema"] == {
        "name": "grade",
        "schema": GRADE.document(),
        "strict": True,
    }
    assert completion.parsed == {"analysis": "Clean.", "grade": 4}


async def test_a_malformed_answer_is_asked_for_once_more_and_paid_for_twice() -> None:
    with fault_server(["Grade: 4", GOOD]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            completion = await model.complete(Request(HELLO.messages, schema=GRADE))
    assert completion.parsed == {"analysis": "Clean.", "grade": 4}
    assert server.requests[1].roles == ["user", "assistant", "user"]
    assert completion.usage.calls == 2


async def test_a_fault_during_the_re_ask_carries_the_cost_of_the_first_answer_too() -> None:
    with fault_server(["Grade: 4", Fault.BAD_REQUEST]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            with pytest.raises(ModelFailed) as caught:
                await model.complete(Request(HELLO.messages, schema=GRADE))
    assert caught.value.usage is not None
    assert (caught.value.usage.calls, caught.value.usage.prompt_tokens) == (2, 5)


def without_schemas(request: SeenRequest) -> str | Fault:
    return Fault.NO_SCHEMA if "response_format" in request.body else GOOD


async def test_a_server_that_refuses_schemas_is_told_the_shape_in_words_from_then_on() -> None:
    asked = Request(HELLO.messages, schema=GRADE)
    with fault_server(without_schemas) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            first, second = await model.complete(asked), await model.complete(asked)
    assert ["response_format" in seen.body for seen in server.requests] == [True, False, False]
    assert "JSON Schema" in server.requests[2].texts[-1]
    assert server.requests[2].roles == ["user"]
    assert (first.usage.calls, second.usage.calls) == (2, 1)


async def test_a_server_that_refuses_max_tokens_gets_max_completion_tokens_from_then_on() -> None:
    asked = Request(HELLO.messages, max_tokens=9)
    with fault_server([Fault.NO_MAX_TOKENS]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            await model.complete(asked)
            await model.complete(asked)
    sent = [seen.body.get("max_completion_tokens") for seen in server.requests]
    assert sent == [None, 9, 9]


async def test_a_bad_request_about_something_else_teaches_nothing() -> None:
    with fault_server([Fault.BAD_REQUEST]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            with pytest.raises(ModelFailed):
                await model.complete(Request(HELLO.messages, schema=GRADE))
    assert len(server.requests) == 1


# ------------------------------------------------------------------ answers that are not whole


@pytest.mark.parametrize(
    ("fault", "text", "finish_reason"),
    [
        (Fault.LENGTH, "An ans", "length"),
        (Fault.EMPTY_TEXT, " \n", "stop"),
        (Fault.CONTENT_FILTER, "", "content_filter"),
        (Fault.REFUSAL, "I can't help with that.", "stop"),
    ],
)
async def test_a_policy_gets_its_bad_answer_as_it_is(fault: Fault, text: str, finish_reason: str) -> None:
    with fault_server([fault]) as server:
        async with OpenAIModel("m", base_url=server.url) as model:
            completion = await model.complete(Request(HELLO.messages, whole=False))
    assert (completion.text, completion.finish_reason) == (text, finish_reason)


# ------------------------------------------------------------------ many callers, and the end


async def test_no_more_calls_than_the_limit_are_under_way() -> None:
    loop, three_arrived, gate, budget = asyncio.get_running_loop(), asyncio.Event(), threading.Event(), Budget()

    async def hold(request: SeenRequest) -> str:
        if len(server.requests) == 3:
            loop.call_soon_threadsafe(three_arrived.set)
        await asyncio.to_thread(gate.wait)
        return "Fine."

    with fault_server(hold) as server:
        async with OpenAIModel("m", base_url=server.url, limits=ModelLimits(concurrency=3), budget=budget) as model:
            calls = [asyncio.create_task(model.complete(HELLO)) for _ in range(9)]
            await three_arrived.wait()
            under_way = budget.spent.calls
            gate.set()
            await asyncio.gather(*calls)
    assert (under_way, server.most_at_once, len(server.requests)) == (3, 3, 9)


async def test_a_cancelled_call_leaves_no_task_and_is_paid_for() -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    budget = Budget()

    def hang(request: SeenRequest) -> Fault:
        loop.call_soon_threadsafe(arrived.set)
        return Fault.HANG

    before = asyncio.all_tasks()
    with fault_server(hang) as server:
        async with OpenAIModel("m", base_url=server.url, budget=budget) as model:
            call = asyncio.create_task(model.complete(HELLO))
            await arrived.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
    assert asyncio.all_tasks() == before
    assert (budget.spent.calls, budget.spent.prompt_tokens, budget.spent.estimated) == (1, 5, True)


async def test_a_slot_is_free_again_after_a_failure() -> None:
    with fault_server([Fault.BAD_REQUEST, "Fine."]) as server:
        async with OpenAIModel("m", base_url=server.url, limits=ModelLimits(concurrency=1)) as model:
            with pytest.raises(ModelFailed):
                await model.complete(HELLO)
            assert (await model.complete(HELLO)).text == "Fine."


async def test_a_closed_model_says_so() -> None:
    with fault_server() as server:
        model = OpenAIModel("m", base_url=server.url)
        await model.close()
        await model.close()
        with pytest.raises(UsageError, match="is closed"):
            await model.complete(HELLO)


def test_a_model_is_not_taken_to_another_event_loop() -> None:
    with fault_server() as server:
        model = OpenAIModel("m", base_url=server.url)

        async def use_and_close() -> None:
            await model.complete(HELLO)
            await model._endpoint.close()

        asyncio.run(use_and_close())
        with pytest.raises(UsageError, match="event loop"):
            asyncio.run(model.complete(HELLO))


def test_a_jittered_wait_stays_below_its_ceiling() -> None:
    drawn = [SystemClock().draw(8.0) for _ in range(200)]
    assert (all(0 <= wait <= 8 for wait in drawn), len(set(drawn)) > 100) == (True, True)


async def test_the_manual_clock_moves_only_by_sleeping() -> None:
    clock = ManualClock()
    await clock.sleep(30.0)
    assert (clock.now(), clock.sleeps) == (30.0, [30.0])


def test_importing_the_package_does_not_load_the_client_library() -> None:
    script = "import sys, webgen_gym.llm; print({'openai', 'httpx2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_the_client_library_the_extra_is_named() -> None:
    script = (
        "import sys; sys.modules['openai'] = None\n"
        "from webgen_gym.llm import OpenAIModel\n"
        "OpenAIModel('m', base_url='http://host/v1')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "MissingTool: Python package 'openai' is not installed" in done.stderr
    assert "pip install 'webgen-gym[llm]'" in done.stderr
