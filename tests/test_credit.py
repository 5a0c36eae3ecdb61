"""Credit beside slow references that follow the formulas word for word."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webgen_gym.errors import UsageError
from webgen_gym.trainers import credit
from webgen_gym.trainers.credit import EPSILON, Advantages, Rewards

Step = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 3.5, 7.25, 10.0]))
Groups = st.lists(st.lists(Step, max_size=6), max_size=6)


# ------------------------------------------------------------------ slow references


def z(values: list[float], value: float) -> float:
    if len(values) < 2 or len(set(values)) == 1:
        return 0.0
    return (value - statistics.fmean(values)) / (statistics.stdev(values) + EPSILON)


def slow_step_grpo(rewards: Rewards) -> Advantages:
    pool = [reward for rollout in rewards for reward in rollout if reward is not None]
    return [[0.0 if reward is None else z(pool, reward) for reward in rollout] for rollout in rewards]


def slow_grpo(rewards: Rewards) -> Advantages:
    outcomes = []
    for rollout in rewards:
        known = [reward for reward in rollout if reward is not None]
        outcomes.append(max(known) if known else None)
    pool = [outcome for outcome in outcomes if outcome is not None]
    advantages = []
    for rollout, outcome in zip(rewards, outcomes, strict=True):
        advantages.append([0.0 if reward is None or outcome is None else z(pool, outcome) for reward in rollout])
    return advantages


def slow_cumulative(rewards: Rewards) -> Advantages:
    single = slow_step_grpo(rewards)
    advantages: Advantages = []
    for number, rollout in enumerate(rewards):
        row = []
        for step, reward in enumerate(rollout):
            total = 0.0
            for later in range(step, len(rollout)):
                total += single[number][later]
            row.append(0.0 if reward is None else total)
        advantages.append(row)
    return advantages


def slow_turn_index(rewards: Rewards) -> Advantages:
    advantages: Advantages = [[0.0] * len(rollout) for rollout in rewards]
    for step in range(max((len(rollout) for rollout in rewards), default=0)):
        there = {number: rollout[step] for number, rollout in enumerate(rewards) if step < len(rollout)}
        pool = [reward for reward in there.values() if reward is not None]
        for number, reward in there.items():
            if reward is not None:
                advantages[number][step] = z(pool, reward)
    return advantages


def slow_leave_one_out(rewards: Rewards) -> Advantages:
    known = {(n, t): r for n, rollout in enumerate(rewards) for t, r in enumerate(rollout) if r is not None}
    advantages: Advantages = [[0.0] * len(rollout) for rollout in rewards]
    for (number, step), reward in known.items():
        others = [other for place, other in known.items() if place != (number, step)]
        if others:
            advantages[number][step] = reward - statistics.fmean(others)
    return advantages


def slow_discounted(rewards: Rewards) -> Advantages:
    returns: list[list[float | None]] = []
    for rollout in rewards:
        row: list[float | None] = []
        for step, reward in enumerate(rollout):
            ahead = sum(0.4 ** (later - step) * (rollout[later] or 0.0) for later in range(step, len(rollout)))
            row.append(None if reward is None else ahead)
        returns.append(row)
    return slow_step_grpo(returns)


@pytest.mark.parametrize(
    ("name", "slow"),
    [
        ("step_grpo", slow_step_grpo),
        ("grpo", slow_grpo),
        ("cumulative", slow_cumulative),
        ("turn_index", slow_turn_index),
        ("leave_one_out", slow_leave_one_out),
        ("discounted(0.4)", slow_discounted),
    ],
)
@given(rewards=Groups)
def test_it_is_what_its_formula_says(name: str, slow: Callable[[Rewards], Advantages], rewards: Rewards) -> None:
    found, expected = credit.make(name)(rewards), slow(rewards)
    assert [len(row) for row in found] == [len(row) for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert row == pytest.approx(wanted, abs=1e-9)


# ------------------------------------------------------------------ what all have in common

ALL = [*credit.NAMED, "discounted(0.9)"]
STEPS = [name for name in ALL if name != "branch"]


@pytest.mark.parametrize("name", STEPS)
@given(rewards=Groups)
def test_a_step_without_a_reward_has_no_advantage_and_nothing_is_infinite(name: str, rewards: Rewards) -> None:
    for row, found in zip(rewards, credit.make(name)(rewards), strict=True):
        for reward, advantage in zip(row, found, strict=True):
            assert math.isfinite(advantage)
            if reward is None:
                assert advantage == 0.0


@pytest.mark.parametrize("name", ["step_grpo", "turn_index", "leave_one_out"])
@given(rewards=Groups, where=st.integers(0, 5))
def test_a_step_without_a_reward_changes_nobody_elses(name: str, rewards: Rewards, where: int) -> None:
    longer = [[*row, None] for row in rewards]
    found = credit.make(name)(longer)
    assert [row[:-1] for row in found] == credit.make(name)(rewards)


# Returns differ with the steps that are left even where rewards do not.
SINGLE: list[tuple[str, Rewards]] = [(name, [[3.0, 3.0], [3.0]]) for name in STEPS if not name.startswith("discounted")]
NOTHING: list[Rewards] = [[], [[]], [[None], [None, None]], [[4.0]]]


@pytest.mark.parametrize(("name", "rewards"), [*SINGLE, *((name, rewards) for name in STEPS for rewards in NOTHING)])
def test_where_nothing_can_be_compared_there_is_no_advantage(name: str, rewards: Rewards) -> None:
    assert all(advantage == 0.0 for row in credit.make(name)(rewards) for advantage in row)


def test_the_papers_pool_holds_all_steps_of_all_rollouts() -> None:
    found = credit.step_grpo([[1.0, 5.0], [3.0]])
    assert found == [pytest.approx([-1.0, 1.0]), pytest.approx([0.0])]


def test_a_rollout_is_worth_its_best_step_in_grpo() -> None:
    found = credit.grpo([[9.0, 1.0], [5.0, 5.0]])
    assert found[0][0] == found[0][1] > 0 > found[1][0]


def test_the_sum_of_what_is_to_come_stays_in_its_rollout() -> None:
    single = credit.step_grpo([[1.0, 2.0], [8.0]])
    found = credit.cumulative([[1.0, 2.0], [8.0]])
    assert found[0][0] == pytest.approx(single[0][0] + single[0][1])
    assert found[1][0] == pytest.approx(single[1][0])


def test_late_turns_are_not_praised_for_being_late() -> None:
    rising = [[1.0, 5.0, 9.0], [2.0, 6.0, 8.0]]
    pooled, by_turn = credit.step_grpo(rising), credit.turn_index(rising)
    assert pooled[1][2] > 0
    assert by_turn[1][2] < 0


def test_branching_compares_replies_to_one_state_and_refuses_longer_rollouts() -> None:
    assert credit.branch([[1.0], [3.0]]) == credit.step_grpo([[1.0], [3.0]])
    with pytest.raises(UsageError, match="has 2 steps"):
        credit.branch([[1.0], [3.0, 4.0]])


@pytest.mark.parametrize("name", ["", "ppo", "discounted", "discounted(a lot)", "discounted(1.5)"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        credit.make(name)


def test_a_function_of_ones_own_is_taken_as_it_is() -> None:
    def mine(rewards: Rewards) -> Advantages:
        return [[1.0] * len(row) for row in rewards]

    assert credit.make(mine)([[2.0]]) == [[1.0]]


def centred(rewards: credit.Rewards) -> credit.Advantages:
    """A function of a user's own."""
    return [[(reward or 0.0) - 1.0 for reward in rollout] for rollout in rewards]


def test_a_function_of_ones_own_is_found_by_the_name_of_its_module() -> None:
    assert credit.make("tests.test_credit:centred")([[2.0]]) == [[1.0]]


@pytest.mark.parametrize("name", ["tests.test_credit:nothing", "no.such.module:f", "tests.test_credit:pytest"])
def test_a_name_that_leads_to_no_function_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"The credit '{name}'"):
        credit.make(name)
