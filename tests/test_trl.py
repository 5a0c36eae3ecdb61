"""Our update beside that of TRL's GRPOTrainer, on the same rollouts of several turns: the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.trained import small_model, talk
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loss import ClippedRatio, Scores
from webgen_gym.trainers.packing import joined
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.units import Group, Rollout, Row, rows_of

pytestmark = [
    # TRL 1.16 speaks to transformers 5 by older names, and calls the way in that is used here experimental.
    pytest.mark.filterwarnings("ignore:.*is deprecated and will be removed in v6:FutureWarning"),
    pytest.mark.filterwarnings("ignore:You are using 'rollout_func':UserWarning"),
]
Trainer = Callable[..., Any]


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    """Of 2 to 4 turns; some steps have no reward."""
    rng = np.random.default_rng(5)
    turns: list[tuple[int, list[float | None] | None]] = [(3, None), (2, [1.0, None]), (4, None)]
    return [
        Group(str(number), tuple(Rollout(tuple(talk(rng, count, rewards=given))) for count, given in turns))
        for number in range(3)
    ]


@pytest.fixture
def trainer(groups: list[Group], tmp_path: Path) -> Trainer:
    from benchmarks.trl_baseline import step_trainer

    def made(**settings: Any) -> Any:
        return step_trainer(small_model(), groups, tmp_path, **settings)

    return made


def merged(groups: list[Group]) -> list[Row]:
    return [row for rows in rows_of(groups, step_grpo) for row in rows]


def gradient(model: Any) -> torch.Tensor:
    return torch.cat([each.grad.flatten() for each in model.parameters()])


def weights(model: Any) -> torch.Tensor:
    return torch.cat([each.detach().flatten() for each in model.parameters()])


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())


def test_every_token_has_the_same_advantage(groups: list[Group], trainer: Trainer) -> None:
    theirs = trainer()
    batch = theirs._generate_and_score_completions(theirs.batch())
    trained = (batch["completion_mask"] * batch["tool_mask"]).bool()
    rows = merged(groups)
    for place, row in enumerate(rows):
        assert torch.equal(batch["completion_ids"][place][trained[place]], torch.from_numpy(row.tokens[row.trained]))
        advantages = torch.from_numpy(row.advantages[row.trained])
        assert torch.allclose(batch["advantages"][place][trained[place]], advantages, rtol=1e-5, atol=1e-6)
    assert len(rows) == len(trained)


@pytest.mark.parametrize("rows", [9, 3])
def test_the_first_update_has_the_same_loss_and_gradient(groups: list[Group], trainer: Trainer, rows: int) -> None:
    theirs = trainer(rows=rows)
    prompts = theirs.batch()
    loss = sum(float(theirs.training_step(theirs.model, prompts, None)) for _ in range(theirs.passes))
    ours = Learner(Policy(small_model()), ClippedRatio(), UpdateSettings(max_grad_norm=1e9, token_budget=64))
    report = ours.update(rows_of(groups, step_grpo))
    # The ratio is 1: what is left of advantages that cancel each other out.
    assert report.loss == pytest.approx(loss, abs=1e-6)
    assert apart(gradient(ours.policy.model), gradient(theirs.model)) < 1e-5


@pytest.mark.parametrize("bound", [None, 1.5])
def test_a_policy_that_has_moved_on_is_clipped_alike(
    groups: list[Group], trainer: Trainer, bound: float | None
) -> None:
    theirs = trainer(delta=bound)
    batch = theirs._prepare_inputs(theirs.batch())
    batch["old_per_token_logps"] = batch["sampling_per_token_logps"]
    loss = theirs.compute_loss(theirs.model, batch)
    loss.backward()
    policy, pack = Policy(small_model()), joined(merged(groups))
    new, entropy = policy(pack)
    losses, watched = ClippedRatio(dual_clip=bound)(Scores(new, entropy, pack.logprobs), pack)
    mean = losses.mean()
    mean.backward()
    assert watched["clipped"] > 0.2 * len(losses)
    assert mean.item() == pytest.approx(loss.item(), rel=1e-5)
    assert apart(gradient(policy.model), gradient(theirs.model)) < 1e-5


def test_going_through_a_batch_twice_ends_at_the_same_weights(groups: list[Group], trainer: Trainer) -> None:
    from benchmarks.trl_baseline import optimiser_step

    # TRL leaves norms and biases out of the decay of weights.
    theirs = trainer(num_iterations=2, learning_rate=1e-2, weight_decay=0.0)
    theirs.create_optimizer()
    prompts, before = theirs.batch(), weights(theirs.model)
    for _ in range(2):
        optimiser_step(theirs, prompts)
    settings = UpdateSettings(learning_rate=1e-2, weight_decay=0.0, epochs=2)
    ours = Learner(Policy(small_model()), ClippedRatio(dual_clip=None), settings)
    report = ours.update(rows_of(groups, step_grpo))
    assert report.means["clipped"] > 0.05
    assert apart(weights(ours.policy.model) - before, weights(theirs.model) - before) < 1e-5
