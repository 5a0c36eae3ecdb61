"""From rows to weights: what an update does, and that nothing about its layout matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from tests.trained import small_model, talk
from webgen_gym.errors import UsageError
from webgen_gym.trainers.config import LoraSettings
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loading import with_lora
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.units import Group, Rollout, Row, rows_of

Rows = list[list[Row]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    rng = np.random.default_rng(5)
    groups = [Group("t", tuple(Rollout(tuple(talk(rng, turns))) for turns in (3, 2, 4))) for _ in range(4)]
    return rows_of(groups, step_grpo)


def learner(model: Any = None, objective: ClippedRatio = ClippedRatio(), **settings: Any) -> Learner:  # noqa: B008
    chosen = {"learning_rate": 1e-3, "weight_decay": 0.0, "token_budget": 512, **settings}
    return Learner(Policy(model or small_model()), objective, UpdateSettings(**chosen))


def weights(of: Learner) -> torch.Tensor:
    return torch.cat([value.detach().flatten().clone() for value in of.policy.trained().values()])


def moved(rows: Rows, **settings: Any) -> torch.Tensor:
    some = learner(**settings)
    before = weights(some)
    some.update(rows)
    return weights(some) - before


def test_the_first_update_has_ratio_one_and_nothing_clipped(rows: Rows) -> None:
    report = learner().update(rows)
    assert report.means["ratio"] == 1
    assert report.means["clipped"] == 0
    assert report.means["kl"] == 0


def test_adapters_change_nothing_before_they_are_trained(rows: Rows) -> None:
    adapted = with_lora(small_model(), LoraSettings(rank=4, alpha=8))
    report = learner(adapted, ClippedRatio(kl=0.1)).update(rows)
    assert report.means["kl_reference"] == 0


def test_an_update_makes_good_steps_likelier_and_bad_ones_less(rows: Rows) -> None:
    from webgen_gym.trainers.packing import joined

    some = learner()
    whole = joined([row for group in rows for row in group])
    before = some.policy(whole)[0].detach()
    some.update(rows)
    gained = (some.policy(whole)[0].detach() - before) * whole.advantages
    assert gained.mean() > 0


@pytest.mark.parametrize("budget", [64, 100, 4096])
def test_the_token_budget_does_not_change_an_update(rows: Rows, budget: int) -> None:
    # Adam's first step has the size of the rate whatever the gradient; its direction is what is compared.
    one, other = moved(rows, token_budget=budget), moved(rows)
    assert float((one - other).norm() / other.norm()) < 2e-3


def test_the_order_of_groups_does_not_change_an_update_of_all_at_once(rows: Rows) -> None:
    one, other = learner(), learner()
    one.update(rows)
    other.update(rows[::-1])
    assert float((weights(one) - weights(other)).abs().max()) < 1e-5


def test_mini_batches_are_counted_in_tasks(rows: Rows) -> None:
    some = learner(tasks=3)
    some.update(rows)
    assert some.updates == 2


def test_epochs_go_through_the_batch_again(rows: Rows) -> None:
    some = learner(tasks=2, epochs=3)
    some.update(rows)
    assert some.updates == 6


def test_later_mini_batches_are_compared_with_the_policy_before_the_batch(rows: Rows) -> None:
    report = learner(tasks=1, epochs=2, learning_rate=1e-2).update(rows)
    assert report.means["kl"] > 0
    assert report.means["ratio"] != 1


def test_the_seed_decides_the_order_of_mini_batches(rows: Rows) -> None:
    def trained(seed: int) -> torch.Tensor:
        some = learner(tasks=1)
        some.update(rows, seed=seed)
        return weights(some)

    assert torch.equal(trained(1), trained(1))
    assert not torch.equal(trained(1), trained(2))


def test_steps_may_count_alike_however_long_they_are(rows: Rows) -> None:
    def direction(normalise: str) -> torch.Tensor:
        return moved(rows, normalise=normalise)

    assert not torch.equal(direction("tokens"), direction("steps"))


def test_nothing_to_train_on_is_skipped_and_said(rows: Rows) -> None:
    some = learner()
    before = weights(some)
    report = some.update([[], []])
    assert (report.skipped, report.trained, some.updates) == (1, 0, 0)
    assert torch.equal(weights(some), before)


def test_a_part_of_the_learning_rate_can_be_given(rows: Rows) -> None:
    some = learner()
    some.update(rows, rate=0.25)
    assert some.optimizer.param_groups[0]["lr"] == pytest.approx(2.5e-4)


def test_gradients_are_clipped_by_their_norm(rows: Rows) -> None:
    loose = learner(max_grad_norm=1e9).update(rows).grad_norm
    assert learner(max_grad_norm=loose / 2).update(rows).grad_norm == pytest.approx(loose, rel=1e-4)


def test_a_reference_is_asked_for_where_the_whole_model_is_trained(rows: Rows) -> None:
    with pytest.raises(UsageError, match="there is no reference"):
        learner(objective=ClippedRatio(kl=0.1))


def test_a_reference_policy_may_be_given(rows: Rows) -> None:
    settings = UpdateSettings(learning_rate=1e-2, token_budget=512)
    reference = Policy(small_model())
    some = Learner(Policy(small_model()), ClippedRatio(kl=0.1), settings, reference=reference)
    assert some.update(rows).means["kl_reference"] == pytest.approx(0, abs=1e-9)
    assert some.update(rows).means["kl_reference"] > 0


def test_a_policy_without_a_trained_parameter_is_refused() -> None:
    frozen = small_model().requires_grad_(requires_grad=False)
    with pytest.raises(UsageError, match="no parameter that is trained"):
        learner(frozen)


def test_memory_that_runs_out_names_the_settings(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    some = learner()

    def full(*_: object, **__: object) -> Sequence[torch.Tensor]:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.00 GiB.")

    monkeypatch.setattr(some, "_scorer", full)
    with pytest.raises(UsageError, match=r"update.token_budget .* model.checkpointing"):
        some.update(rows)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"normalise": "rows"}, "update.normalise is 'rows'"),
        ({"learning_rate": 0.0}, "update.learning_rate is 0.0"),
        ({"tasks": 0}, "update.tasks is 0"),
        ({"epochs": 0}, "update.epochs is 0"),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        UpdateSettings(**wrong)
