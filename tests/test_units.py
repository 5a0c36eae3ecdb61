"""Rows beside the steps that they are made of: what is read, what is trained on, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.agents.generators.base import Tokens
from webgen_gym.errors import UsageError
from webgen_gym.trainers.credit import Advantages, Rewards, step_grpo
from webgen_gym.trainers.units import NO_STEP, Group, Rollout, Row, Step, row_of_texts, rows_of


def tokens(*values: int) -> Tokens:
    return np.array(values, dtype=np.int64)


def step(prompt: Sequence[int], answer: Sequence[int], reward: float | None = 1.0, logprob: float = -0.5) -> Step:
    return Step(tokens(*prompt), tokens(*answer), np.full(len(answer), logprob, dtype=np.float32), reward)


def group(*rollouts: Sequence[Step]) -> Group:
    return Group("task", tuple(Rollout(tuple(steps)) for steps in rollouts))


def as_given(rewards: Rewards) -> Advantages:
    """A credit that makes advantages of rewards themselves."""
    return [[0.0 if reward is None else reward for reward in rollout] for rollout in rewards]


def rows(*groups: Group) -> list[Row]:
    return [row for some in rows_of(groups, as_given) for row in some]


# ------------------------------------------------------------------ which steps share a row


def test_a_step_whose_prompt_extends_what_came_before_shares_its_row() -> None:
    (row,) = rows(group([step([1, 2], [3, 4]), step([1, 2, 3, 4, 5], [6])]))
    assert row.tokens.tolist() == [1, 2, 3, 4, 5, 6]
    assert row.trained.tolist() == [False, False, True, True, False, True]


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param([1, 2, 9, 4, 5], id="an answer that reads otherwise"),
        pytest.param([1, 2, 3], id="an answer cut off"),
        pytest.param([1, 2, 3, 4], id="nothing new"),
        pytest.param([7], id="something else"),
    ],
)
def test_a_step_whose_prompt_is_no_extension_begins_a_new_row(prompt: list[int]) -> None:
    first, second = rows(group([step([1, 2], [3, 4]), step(prompt, [6])]))
    assert first.tokens.tolist() == [1, 2, 3, 4]
    assert second.tokens.tolist() == [*prompt, 6]


def test_after_a_new_row_has_begun_steps_extend_that_one() -> None:
    steps = [step([1], [2]), step([5], [6]), step([5, 6, 7], [8])]
    assert [row.tokens.tolist() for row in rows(group(steps))] == [[1, 2], [5, 6, 7, 8]]


def test_steps_of_two_rollouts_never_share_a_row() -> None:
    assert len(rows(group([step([1], [2])], [step([1, 2, 3], [4])]))) == 2


# ------------------------------------------------------------------ what is trained on


def test_a_step_without_a_reward_is_read_and_not_trained_on() -> None:
    (row,) = rows(group([step([1], [2], None), step([1, 2, 3], [4])]))
    assert row.tokens.tolist() == [1, 2, 3, 4]
    assert row.trained.tolist() == [False, False, False, True]
    assert row.steps.tolist() == [NO_STEP, NO_STEP, NO_STEP, 1]
    assert row.logprobs[:3].tolist() == row.advantages[:3].tolist() == [0.0, 0.0, 0.0]


def test_a_row_without_a_trained_token_is_left_out() -> None:
    kept = rows(group([step([1], [2], None), step([5], [6])], [step([1], [2], None)]))
    assert [row.tokens.tolist() for row in kept] == [[5, 6]]


def test_a_step_whose_advantage_is_zero_is_trained_on_all_the_same() -> None:
    (row,) = rows(group([step([1], [2], 0.0)]))
    assert row.trained.tolist() == [False, True]


def test_each_step_carries_its_own_advantage_and_logprobs() -> None:
    (row,) = rows(group([step([1], [2, 3], 0.25, -1.0), step([1, 2, 3, 4], [5], -2.0, -3.0)]))
    assert row.advantages.tolist() == [0.0, 0.25, 0.25, 0.0, -2.0]
    assert row.logprobs.tolist() == [0.0, -1.0, -1.0, 0.0, -3.0]


def test_credit_is_given_the_rewards_of_a_group_and_of_no_other() -> None:
    asked: list[list[list[float | None]]] = []

    def credit(rewards: Rewards) -> Advantages:
        asked.append([list(rollout) for rollout in rewards])
        return as_given(rewards)

    groups = [group([step([1], [2], 3.0), step([1, 2, 4], [5], None)], [step([1], [2], -1.0)]), group([step([1], [2])])]
    rows_of(groups, credit)
    assert asked == [[[3.0, None], [-1.0]], [[1.0]]]


def test_steps_are_numbered_over_all_groups_and_rollouts() -> None:
    first = group([step([1], [2]), step([1, 2, 3], [4])], [step([1], [2], None)])
    second = group([step([1], [2])])
    assert [row.steps[row.trained].tolist() for row in rows(first, second)] == [[0, 1], [3]]


def test_rows_stay_with_their_group() -> None:
    made = rows_of([group(), group([step([1], [2])], [step([5], [6])])], as_given)
    assert [len(some) for some in made] == [0, 2]


# ------------------------------------------------------------------ all of it at once


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """Rollouts whose prompts extend what came before, or do not, at random; every logprob is another one."""
    few = st.lists(st.integers(0, 2), min_size=1, max_size=3)
    logprob = 0
    rollouts = []
    for _ in range(draw(st.integers(0, 3))):
        steps: list[Step] = []
        held: list[int] = []
        for _ in range(draw(st.integers(0, 4))):
            prompt = held + draw(few) if draw(st.booleans()) else draw(few)
            answer = draw(few)
            values = -np.arange(logprob + 1, logprob + 1 + len(answer), dtype=np.float32)
            logprob += len(answer)
            reward = draw(st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 4.5, 9.0])))
            steps.append(Step(tokens(*prompt), tokens(*answer), values, reward))
            held = prompt + answer
        rollouts.append(steps)
    return group(*rollouts)


@settings(deadline=None)
@given(st.lists(groups(), max_size=3))
def test_every_token_of_every_rewarded_step_is_trained_on_once_with_its_own_values(many: list[Group]) -> None:
    expected = []
    number = 0
    for some in many:
        worth = step_grpo([rollout.rewards for rollout in some.rollouts])
        for rollout, advantages in zip(some.rollouts, worth, strict=True):
            for each, advantage in zip(rollout.steps, advantages, strict=True):
                if each.reward is not None:
                    for token, logprob in zip(each.tokens.tolist(), each.logprobs.tolist(), strict=True):
                        expected.append((number, token, logprob, float(np.float32(advantage))))
                number += 1
    found = []
    for row in (row for some in rows_of(many, step_grpo) for row in some):
        where = np.flatnonzero(row.trained)
        columns = (row.steps, row.tokens, row.logprobs, row.advantages)
        found += list(zip(*(column[where].tolist() for column in columns), strict=True))
    assert sorted(found) == sorted(expected)


@settings(deadline=None)
@given(groups())
def test_every_trained_token_is_read_behind_the_prompt_that_it_was_sampled_from(some: Group) -> None:
    steps = [step for rollout in some.rollouts for step in rollout.steps]
    for row in rows(some):
        for number in np.unique(row.steps[row.trained]):
            first = int(np.flatnonzero(row.steps == number)[0])
            assert row.tokens[:first].tolist() == steps[number].prompt.tolist()


@settings(deadline=None)
@given(groups())
def test_what_is_not_trained_on_carries_nothing(some: Group) -> None:
    for row in rows(some):
        rest = ~row.trained
        assert not row.logprobs[rest].any()
        assert not row.advantages[rest].any()
        assert (row.steps[rest] == NO_STEP).all()


# ------------------------------------------------------------------ steps and texts


def test_a_step_has_one_logprob_for_each_token() -> None:
    with pytest.raises(UsageError, match="2 tokens and 1 log-probabilities"):
        Step(tokens(1), tokens(2, 3), np.zeros(1, dtype=np.float32), 1.0)


def test_a_step_has_a_token() -> None:
    with pytest.raises(UsageError, match="no tokens"):
        step([1], [])


def test_a_step_has_a_prompt() -> None:
    with pytest.raises(UsageError, match="empty prompt"):
        step([], [2])


def test_texts_are_trained_on_where_they_are_to_be_learned() -> None:
    row = row_of_texts([([1, 2], False), ([3, 4], True), ([5], False), ([6], True)])
    assert row.tokens.tolist() == [1, 2, 3, 4, 5, 6]
    assert row.trained.tolist() == [False, False, True, True, False, True]
    assert row.advantages.tolist() == [0, 0, 1, 1, 0, 1]
    assert row.steps.tolist() == [NO_STEP, NO_STEP, 0, 0, NO_STEP, 0]


def test_the_first_token_of_a_text_is_not_trained_on() -> None:
    assert row_of_texts([([1, 2], True)]).trained.tolist() == [False, True]


def test_no_text_is_a_row_without_tokens() -> None:
    assert len(row_of_texts([])) == 0
