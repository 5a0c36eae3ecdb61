"""However steps are laid out in rows and packs, log-probabilities and gradients are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from tests.small_policies import VOCABULARY
from tests.trained import row_of_step, small_model, talk
from webgen_gym.errors import UsageError
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.loss import ClippedRatio, Scores
from webgen_gym.trainers.packing import Pack, joined, nothing, pack
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.units import Group, Rollout, Row, rows_of


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    rng = np.random.default_rng(3)
    made = [[talk(rng, turns) for turns in (3, 1, 4)] for _ in range(2)]
    made[0][0] = talk(rng, 3, rewards=[1.0, None, 2.0])
    return [Group("t", tuple(Rollout(tuple(steps)) for steps in group)) for group in made]


@pytest.fixture(scope="module")
def merged(groups: list[Group]) -> list[Row]:
    return [row for rows in rows_of(groups, step_grpo) for row in rows]


@pytest.fixture(scope="module")
def by_step(groups: list[Group]) -> list[Row]:
    rows, number = [], 0
    for group in groups:
        advantages = step_grpo([rollout.rewards for rollout in group.rollouts])
        for rollout, worth in zip(group.rollouts, advantages, strict=True):
            for step, advantage in zip(rollout.steps, worth, strict=True):
                rows.append(row_of_step(step, advantage, number))
                number += 1
    return [row for row in rows if row.trained.any()]


def gradient(packs: Sequence[Pack], *, checkpointing: bool = False, chunk_tokens: int = 512) -> torch.Tensor:
    """Of the summed loss over all packs, with log-probabilities of sampling that differ from the policy's."""
    policy = Policy(small_model(), checkpointing=checkpointing, chunk_tokens=chunk_tokens)
    objective = ClippedRatio(clip_low=0.9, clip_high=9.0, entropy=0.1)
    for each in packs:
        new, entropy = policy(each)
        objective(Scores(new, entropy, each.logprobs), each)[0].sum().backward()
    return torch.cat([value.grad.flatten() for value in policy.trained().values() if value.grad is not None])


def padded(rows: Sequence[Row]) -> torch.Tensor:
    """The gradient that transformers itself gives: rows filled up to one length, with a mask."""
    model = small_model()
    longest = max(map(len, rows))
    read = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(read)
    for place, row in enumerate(rows):
        read[place, : len(row)] = torch.from_numpy(row.tokens)
        mask[place, : len(row)] = 1
    log_p = torch.log_softmax(model(input_ids=read, attention_mask=mask).logits, dim=-1)
    entropy = -(log_p.exp() * log_p).sum(-1)
    objective = ClippedRatio(clip_low=0.9, clip_high=9.0, entropy=0.1)
    for place, row in enumerate(rows):
        one = joined([row])
        new = log_p[place, one.places, one.targets]
        objective(Scores(new, entropy[place, one.places], one.logprobs), one)[0].sum().backward(retain_graph=True)
    return torch.cat([value.grad.flatten() for value in model.parameters() if value.grad is not None])


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())


def test_a_pack_of_all_rows_gives_the_gradient_of_padded_rows(merged: list[Row]) -> None:
    assert apart(gradient([joined(merged)]), padded(merged)) < 1e-5


def test_one_row_for_each_step_gives_the_gradient_of_merged_rows(merged: list[Row], by_step: list[Row]) -> None:
    assert sum(map(len, by_step)) > 1.5 * sum(map(len, merged))
    assert apart(gradient([joined(by_step)]), gradient([joined(merged)])) < 1e-5


@pytest.mark.parametrize("budget", [40, 60, 1000])
def test_the_size_of_packs_does_not_change_the_gradient(merged: list[Row], budget: int) -> None:
    assert apart(gradient(pack(merged, budget)), padded(merged)) < 1e-5


def test_a_pack_for_each_row_gives_the_same_gradient(merged: list[Row]) -> None:
    assert apart(gradient([joined([row]) for row in merged]), padded(merged)) < 1e-5


def test_checkpointing_does_not_change_the_gradient(merged: list[Row]) -> None:
    assert apart(gradient([joined(merged)], checkpointing=True), padded(merged)) < 1e-5


def test_with_checkpointing_every_layer_is_computed_twice(merged: list[Row]) -> None:
    model, computed = small_model(layers=3), []
    for layer in model.model.layers:
        layer.self_attn.register_forward_pre_hook(lambda *_: computed.append(1))
    policy = Policy(model, checkpointing=True)
    policy(joined(merged))[0].sum().backward()
    assert len(computed) == 2 * 3


def test_chunks_of_the_head_do_not_change_the_gradient(merged: list[Row]) -> None:
    assert apart(gradient([joined(merged)], chunk_tokens=3), padded(merged)) < 1e-5


def test_a_row_sees_nothing_of_its_neighbours(merged: list[Row]) -> None:
    policy = Policy(small_model())
    alone = torch.cat([policy(joined([row]))[0] for row in merged])
    assert torch.allclose(policy(joined(merged))[0], alone, atol=1e-5)


def test_a_pack_without_a_trained_token_has_a_gradient_of_zero() -> None:
    assert gradient([nothing()]).abs().max() == 0


def test_a_longer_window_than_the_row_changes_nothing(merged: list[Row]) -> None:
    model: Any = small_model()
    free = Policy(model)(joined(merged))[0]
    for layer in model.model.layers:
        layer.self_attn.sliding_window = 500
    assert torch.allclose(Policy(model)(joined(merged))[0], free, atol=1e-5)


def test_a_short_window_hides_what_is_far_back(merged: list[Row]) -> None:
    model: Any = small_model(layers=1)
    model.model.layers[0].self_attn.sliding_window = 2
    row = max(merged, key=len)
    other = Row((row.tokens + np.eye(len(row), dtype=np.int64)[0]) % VOCABULARY, *_rest(row))
    one, two = (Policy(model)(joined([each]))[0] for each in (row, other))
    assert torch.equal(one[-1:], two[-1:])


def test_packs_hold_every_row_once_and_keep_to_the_budget(merged: list[Row]) -> None:
    packs = pack(merged, 50)
    assert sum(len(each.targets) for each in packs) == sum(int(row.trained.sum()) for row in merged)
    assert all(each.tokens.shape[1] <= 50 for each in packs)


def test_a_row_beyond_the_budget_is_refused_with_both_numbers(merged: list[Row]) -> None:
    with pytest.raises(UsageError, match=r"A row has \d+ tokens and a pack holds 4 "):
        pack(merged, 4)


def test_the_first_token_of_a_row_cannot_be_trained_on(merged: list[Row]) -> None:
    row = merged[0]
    with pytest.raises(UsageError, match="first token"):
        joined([row, Row(row.tokens, np.ones_like(row.trained), row.logprobs, row.advantages, row.steps)])


def _rest(row: Row) -> tuple[Any, ...]:
    return row.trained, row.logprobs, row.advantages, row.steps
