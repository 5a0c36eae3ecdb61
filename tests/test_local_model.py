"""A model in this process: batches, shapes, pictures and what goes wrong, with tiny random weights."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image

from tests.tiny_models import CONTEXT, text_model, vision_model
from webgen_gym.errors import ModelFailed, ModelFailure, UsageError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import Budget, Completion, ImagePart, Integer, JsonSchema, Message, Object, Request
from webgen_gym.llm.local import LocalModel
from webgen_gym.llm.local.batching import Batcher

T = TypeVar("T")

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[local]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[local]'")

GRADE = JsonSchema("grade", Object({"grade": Integer(0, 5)}))


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vision_model(tmp_path_factory.mktemp("models") / "seeing")


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_model(tmp_path_factory.mktemp("models") / "blind")


def picture(red: int, size: tuple[int, int] = (40, 60)) -> ImagePart:
    file = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((red, 0, 0), (0, 0, 15, 30))
    image.save(file, "PNG")
    return ImagePart(file.getvalue())


def asked(*parts: str | ImagePart, **more: Any) -> Request:
    return Request((Message.user(*parts),), **{"max_tokens": 12, "whole": False} | more)


def answers(model: LocalModel, requests: Sequence[Request]) -> list[Completion]:
    """What a model answers to all of them at once."""

    async def work() -> list[Completion]:
        async with model:
            return await asyncio.gather(*map(model.complete, requests))

    return asyncio.run(work())


def fails(model: LocalModel, request: Request) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        answers(model, [request])
    return failed.value


def closing(model: LocalModel, work: Coroutine[Any, Any, T]) -> T:
    async def both() -> T:
        async with model:
            return await work

    return asyncio.run(both())


QUESTIONS = ("Hello", "What is on the page? " * 9, "The grade of the website is", "x")


def test_batched_answers_about_pictures_equal_single_ones(seeing: Path) -> None:
    requests = [asked(text, picture(60 * n, (30 + 9 * n, 50))) for n, text in enumerate(QUESTIONS)]
    together = answers(LocalModel(seeing, window_s=0.5), requests)
    alone = [answers(LocalModel(seeing, batch=1), [request])[0] for request in requests]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert len({answer.text for answer in alone}) > 1


def test_batched_answers_to_texts_equal_single_ones(blind: Path) -> None:
    requests = [asked(text) for text in QUESTIONS]
    together = answers(LocalModel(blind, window_s=0.5), requests)
    alone = [answers(LocalModel(blind, batch=1), [request])[0] for request in requests]
    assert together == alone


def test_an_answer_depends_on_the_picture(seeing: Path) -> None:
    first, second = answers(LocalModel(seeing), [asked("What is it?", picture(red)) for red in (0, 255)])
    assert first.text != second.text


def test_the_whole_conversation_is_read(blind: Path) -> None:
    short = Request((Message.user("Hello"),), max_tokens=12, whole=False)
    longer = Request((Message.system("Be kind."), *short.messages), max_tokens=12, whole=False)
    first, second = answers(LocalModel(blind), [short, longer])
    assert second.usage.prompt_tokens > first.usage.prompt_tokens


def test_a_seeded_draw_is_the_same_whoever_asks_beside_it(blind: Path) -> None:
    drawn = asked("Hello", temperature=1.5, seed=7)
    beside = [asked("Another", temperature=1.5, seed=8), drawn]
    model = LocalModel(blind, window_s=0.5)
    assert answers(model, beside)[1].text == answers(model, [drawn])[0].text


def test_what_is_spent_is_counted(blind: Path) -> None:
    budget = Budget()
    (answer,) = answers(LocalModel(blind, budget=budget), [asked("Hello")])
    assert answer.usage == budget.spent
    assert (budget.spent.calls, budget.spent.completion_tokens) == (1, 12)


def test_nonsense_where_a_shape_is_wanted_fails_after_one_reask(seeing: Path) -> None:
    failure = fails(LocalModel(seeing), asked("Grade it.", picture(9), schema=GRADE))
    assert failure.reason is ModelFailure.MALFORMED
    assert failure.usage is not None
    assert failure.usage.calls == 2


def test_an_answer_that_is_cut_off_fails_where_it_must_be_whole(blind: Path) -> None:
    assert fails(LocalModel(blind), asked("Hello", whole=True)).reason is ModelFailure.TRUNCATED


def test_a_prompt_that_is_too_long_fails_alone(blind: Path) -> None:
    async def work(model: LocalModel) -> list[Completion | BaseException]:
        requests = [asked("Hello"), asked("far too long " * CONTEXT)]
        return await asyncio.gather(*map(model.complete, requests), return_exceptions=True)

    model = LocalModel(blind, window_s=0.5)
    short, long = closing(model, work(model))
    assert isinstance(short, Completion)
    assert isinstance(long, ModelFailed)
    assert long.reason is ModelFailure.CONTEXT


def test_a_text_model_that_is_shown_a_picture_fails(blind: Path) -> None:
    assert fails(LocalModel(blind), asked("What is it?", picture(0))).reason is ModelFailure.BAD_REQUEST


def test_generation_ends_with_its_deadline(blind: Path) -> None:
    limits = ModelLimits(call_s=0.0)
    assert fails(LocalModel(blind, limits=limits), asked("Hello", max_tokens=500)).reason is ModelFailure.TIMEOUT


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="no/such/folder/here"):
        answers(LocalModel("no/such/folder/here"), [asked("Hello")])


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    folder = text_model(tmp_path / "base", template=None)
    with pytest.raises(UsageError, match="no chat template"):
        answers(LocalModel(folder), [asked("Hello")])


def test_a_folder_gives_its_name_and_not_its_place(blind: Path) -> None:
    assert LocalModel(blind).id == "blind"
    assert LocalModel(blind, id="policy-step-3").id == "policy-step-3"


# ------------------------------------------------------------------ batching, without a model


class Worker:
    """Notes the batches that it was given; negative numbers fail alone, an empty word fails all."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[str] = set()

    def __call__(self, jobs: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(jobs))
        self.threads.add(threading.current_thread().name)
        if 0 in jobs:
            raise ZeroDivisionError
        return [ValueError(job) if job < 0 else 10 * job for job in jobs]


def batched(jobs: Sequence[int], most: int = 8) -> tuple[Worker, list[int | BaseException]]:
    """Hand in jobs at once; even and odd ones are unlike."""
    worker = Worker()
    batcher: Batcher[int, int] = Batcher(worker, alike=lambda job: job % 2, most=most, window_s=0.5)
    futures = [batcher.submit(job) for job in jobs]
    batcher.close()
    return worker, [future.exception() or future.result() for future in futures]


def test_alike_jobs_are_done_together() -> None:
    worker, results = batched([1, 2, 3, 4])
    assert worker.batches == [[1, 3], [2, 4]]
    assert results == [10, 20, 30, 40]


def test_no_batch_is_larger_than_its_bound() -> None:
    worker, _ = batched([1, 3, 5, 7, 9], most=2)
    assert worker.batches == [[1, 3], [5, 7], [9]]


def test_one_job_may_fail_alone() -> None:
    _, results = batched([1, -1])
    assert results[0] == 10
    assert isinstance(results[1], ValueError)


def test_what_fails_a_batch_fails_each_of_its_jobs() -> None:
    _, results = batched([0, 2, 1])
    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError, int]


def test_a_job_that_nobody_waits_for_is_not_done() -> None:
    worker = Worker()
    batcher: Batcher[int, int] = Batcher(worker, alike=lambda job: 0, most=8, window_s=0.5)
    kept, dropped = batcher.submit(1), batcher.submit(2)
    dropped.cancel()
    batcher.close()
    assert (worker.batches, kept.result()) == ([[1]], 10)


def test_all_work_is_done_in_one_thread_that_is_not_ours() -> None:
    worker, _ = batched([1, 2, 3])
    assert worker.threads == {"local-model"}


def test_the_event_loop_runs_on_while_a_job_is_done() -> None:
    released = threading.Event()

    def work(jobs: Sequence[int]) -> list[int | Exception]:
        assert released.wait(timeout=30)
        return list(jobs)

    async def ask() -> int:
        batcher: Batcher[int, int] = Batcher(work, alike=lambda job: 0, most=1, window_s=0.0)
        asked = asyncio.wrap_future(batcher.submit(1))
        released.set()
        return await asked

    assert asyncio.run(ask()) == 1
