"""A run spends no more than it may, and everything that was spent is counted."""

import asyncio

import pytest

from webgen_gym.errors import ModelFailed, ModelFailure, UsageError
from webgen_gym.llm import Budget, Message, OpenAIModel, Price, Request, ScriptedModel, Usage
from webgen_gym.llm.clock import ManualClock
from webgen_gym.llm.testing import Fault, fault_server
from webgen_gym.llm.testing.server import Script

HELLO = Request((Message.user("Hello, how are you?"),))  # 5 tokens; "Fine." is 2


async def spend(script: Script, budget: Budget, calls: int, price: Price | None = None) -> tuple[list[str], int]:
    """How each of so many calls, one after the other, ended; and how many requests the server saw."""
    ends = []
    with fault_server(script) as server:
        async with OpenAIModel("m", base_url=server.url, budget=budget, price=price, clock=ManualClock()) as model:
            for _ in range(calls):
                try:
                    ends.append((await model.complete(HELLO)).text)
                except ModelFailed as error:
                    ends.append(error.reason)
    return ends, len(server.requests)


async def test_a_spent_budget_of_calls_refuses_the_next_before_it_is_made() -> None:
    assert await spend(["Fine."], Budget(calls=2), 3) == (["Fine.", "Fine.", ModelFailure.BUDGET], 2)


async def test_a_spent_budget_of_tokens_refuses_the_next_call() -> None:
    assert await spend(["Fine."], Budget(tokens=14), 3) == (["Fine.", "Fine.", ModelFailure.BUDGET], 2)


async def test_a_spent_budget_of_money_refuses_the_next_call() -> None:
    budget, price = Budget(cost=0.00002), Price(prompt=1.0, completion=4.0)
    assert await spend(["Fine."], budget, 3, price) == (["Fine.", "Fine.", ModelFailure.BUDGET], 2)
    assert budget.spent.cost == pytest.approx(2 * (5 * 1.0 + 2 * 4.0) / 1_000_000)


async def test_an_answer_that_cannot_be_used_is_paid_for() -> None:
    assert await spend([Fault.LENGTH], Budget(tokens=8), 2) == ([ModelFailure.TRUNCATED, ModelFailure.BUDGET], 1)


async def test_retries_are_paid_for_and_end_with_the_budget() -> None:
    budget = Budget(calls=3)
    assert await spend([Fault.SERVER_ERROR], budget, 1) == ([ModelFailure.BUDGET], 3)
    assert budget.spent.calls == 3


async def test_calls_under_way_together_do_not_exceed_the_budget_of_calls() -> None:
    budget = Budget(calls=3)
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url, budget=budget) as model:
            ends = await asyncio.gather(*(model.complete(HELLO) for _ in range(8)), return_exceptions=True)
    assert (len(server.requests), sum(isinstance(end, ModelFailed) for end in ends)) == (3, 5)


async def test_two_models_share_one_budget() -> None:
    budget = Budget(calls=1)
    assert await spend(["Fine."], budget, 1) == (["Fine."], 1)
    assert await spend(["Fine."], budget, 1) == ([ModelFailure.BUDGET], 0)


async def test_a_spent_budget_is_told_with_what_was_spent_and_the_setting() -> None:
    budget = Budget(calls=0)
    with fault_server() as server:
        async with OpenAIModel("m", base_url=server.url, budget=budget) as model:
            with pytest.raises(ModelFailed, match=r"has spent 0 of its budget of 0 \(Budget.calls\)"):
                await model.complete(HELLO)


def test_what_an_earlier_part_of_a_run_spent_can_be_restored() -> None:
    budget = Budget(tokens=100)
    budget.charge(Usage(calls=4, prompt_tokens=90, completion_tokens=10))
    assert budget.admit() is not None


def test_a_limit_on_cost_needs_a_price() -> None:
    with pytest.raises(UsageError, match="price"):
        OpenAIModel("m", base_url="http://host/v1", budget=Budget(cost=1.0))


@pytest.mark.parametrize("limits", [{"calls": -1}, {"tokens": -1}, {"cost": -0.5}])
def test_a_budget_below_zero_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="0 or more"):
        Budget(**limits)


def test_usage_adds_up() -> None:
    one, two = Usage(1, 10, 5, 0.5), Usage(2, 1, 1, 0.25, estimated=True)
    assert one + two == Usage(3, 11, 6, 0.75, estimated=True)


# ------------------------------------------------------------------ the scripted model


async def test_a_scripted_model_plays_its_texts_and_then_the_last_one() -> None:
    model = ScriptedModel(["one", "two"])
    assert [(await model.complete(HELLO)).text for _ in range(3)] == ["one", "two", "two"]


async def test_a_scripted_model_asks_its_function() -> None:
    model = ScriptedModel(lambda request: request.messages[-1].text.upper())
    assert (await model.complete(HELLO)).text == "HELLO, HOW ARE YOU?"


async def test_a_scripted_model_raises_what_it_is_told_to() -> None:
    model = ScriptedModel([ModelFailed("The server is away.", ModelFailure.SERVER), "back"])
    with pytest.raises(ModelFailed):
        await model.complete(HELLO)
    assert (await model.complete(HELLO)).text == "back"


async def test_a_scripted_model_estimates_its_usage() -> None:
    completion = await ScriptedModel(["Fine."]).complete(HELLO)
    assert completion.usage == Usage(1, 5, 2, 0.0, estimated=True)


async def test_a_scripted_model_keeps_what_it_was_asked() -> None:
    model = ScriptedModel(["Fine."])
    await model.complete(HELLO)
    assert model.requests == [HELLO]


def test_a_scripted_model_without_replies_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one reply"):
        ScriptedModel([])
