"""The objectives, token by token, against formulas written out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from webgen_gym.errors import UsageError
from webgen_gym.trainers.loss import ClippedRatio, Likelihood, Scores
from webgen_gym.trainers.packing import Pack


def pack(advantages: list[float], *, drawn: list[float] | None = None, steps: list[int] | None = None) -> Pack:
    count = len(advantages)
    empty = torch.zeros(count, dtype=torch.long)
    return Pack(
        tokens=empty[None],
        positions=empty[None],
        bounds=torch.tensor([0, count], dtype=torch.int32),
        longest=count,
        places=empty,
        targets=empty,
        logprobs=torch.tensor(drawn or [0.0] * count),
        advantages=torch.tensor(advantages),
        steps=torch.tensor(steps or [0] * count),
    )


def scores(new: list[float], old: list[float], reference: list[float] | None = None) -> Scores:
    entropy = torch.full((len(new),), 0.5)
    known = None if reference is None else torch.tensor(reference)
    return Scores(torch.tensor(new, requires_grad=True), entropy, torch.tensor(old), known)


def losses(objective: Any, said: Scores, of: Pack) -> list[float]:
    return [round(value, 5) for value in objective(said, of)[0].tolist()]


def ratios(*wanted: float) -> Scores:
    return scores([math.log(value) for value in wanted], [0.0] * len(wanted))


def test_on_policy_the_loss_is_minus_the_mean_advantage_and_nothing_is_clipped() -> None:
    found, watched = ClippedRatio()(scores([-1.0, -2.0], [-1.0, -2.0]), pack([0.7, -0.2]))
    assert found.tolist() == pytest.approx([-0.7, 0.2])
    assert watched["clipped"] == 0
    assert watched["kl"] == 0
    assert watched["ratio"] == 2


def test_on_policy_the_gradient_is_that_of_reinforce() -> None:
    said = scores([-1.0, -2.0], [-1.0, -2.0])
    ClippedRatio()(said, pack([0.7, -0.2]))[0].sum().backward()
    assert said.new.grad is not None
    assert said.new.grad.tolist() == pytest.approx([-0.7, 0.2])


def test_a_good_token_gains_nothing_beyond_the_upper_clip() -> None:
    said = ratios(1.1, 1.5, 0.5)
    found = ClippedRatio()(said, pack([1.0, 1.0, 1.0]))[0]
    assert found.tolist() == pytest.approx([-1.1, -1.2, -0.5])
    found.sum().backward()
    assert said.new.grad is not None
    assert said.new.grad[1] == 0


def test_a_bad_token_gains_nothing_beyond_the_lower_clip() -> None:
    assert losses(ClippedRatio(), ratios(0.9, 0.5, 1.5), pack([-1.0] * 3)) == [0.9, 0.8, 1.5]


def test_the_clip_may_be_wider_above_than_below() -> None:
    wide = ClippedRatio(clip_low=0.1, clip_high=0.4)
    assert losses(wide, ratios(1.6, 0.5), pack([1.0, -1.0])) == [-1.4, 0.9]


def test_dual_clip_bounds_the_loss_of_a_bad_token_that_became_likely() -> None:
    assert losses(ClippedRatio(dual_clip=3.0), ratios(9.0, 9.0), pack([-1.0, 1.0])) == [3.0, -1.2]


def test_without_dual_clip_that_loss_has_no_bound() -> None:
    assert losses(ClippedRatio(dual_clip=None), ratios(9.0), pack([-1.0])) == [9.0]


def test_one_ratio_for_a_step_is_the_geometric_mean_of_its_tokens() -> None:
    said = ratios(2.0, 0.5, 1.1)
    assert losses(ClippedRatio(ratio="step"), said, pack([1.0] * 3, steps=[4, 4, 7])) == [-1.0, -1.0, -1.1]


def test_the_ratio_of_a_step_moves_all_of_its_tokens_alike() -> None:
    said = ratios(1.0, 1.0, 1.0)
    ClippedRatio(ratio="step")(said, pack([1.0, 1.0, 5.0], steps=[4, 4, 7]))[0].sum().backward()
    assert said.new.grad is not None
    assert said.new.grad.tolist() == pytest.approx([-1.0, -1.0, -5.0])


def test_divergence_from_the_reference_is_never_negative_and_zero_where_equal() -> None:
    found = ClippedRatio(kl=0.5)(scores([-1.0, -1.0, -1.0], [-1.0] * 3, [-1.0, -2.0, 0.0]), pack([0.0] * 3))[0]
    assert found.tolist() == pytest.approx([0.0, 0.5 * (math.exp(-1) + 1 - 1), 0.5 * (math.e - 1 - 1)])


def test_a_token_drawn_by_another_program_is_weighted_up_to_the_bound() -> None:
    weighted = ClippedRatio(truncate=2.0)
    of = pack([1.0, 1.0, 1.0], drawn=[-1.0, -1.0 - math.log(1.5), -9.0])
    assert losses(weighted, scores([-1.0] * 3, [-1.0] * 3), of) == [-1.0, -1.5, -2.0]


def test_mismatch_is_told_also_where_nothing_is_weighted() -> None:
    _, watched = ClippedRatio()(scores([-1.0], [-1.0]), pack([1.0], drawn=[-1.5]))
    assert watched["mismatch"].item() == pytest.approx(math.exp(0.5) - 0.5 - 1)


def test_entropy_is_rewarded() -> None:
    assert losses(ClippedRatio(entropy=0.1), ratios(1.0), pack([0.0])) == [-0.05]


def test_extreme_ratios_stay_finite() -> None:
    assert all(map(math.isfinite, losses(ClippedRatio(), scores([0.0, -500.0], [-500.0, 0.0]), pack([-1.0, 1.0]))))


def test_likelihood_is_the_mean_of_minus_log_p() -> None:
    assert losses(Likelihood(), scores([-1.5, -0.5], [0.0, 0.0]), pack([1.0, 1.0])) == [1.5, 0.5]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ratio": "word"}, "loss.ratio is 'word'"),
        ({"clip_low": 1.5}, "clip_low is 1.5"),
        ({"clip_high": -0.1}, "clip_high -0.1"),
        ({"dual_clip": 0.5}, "dual_clip is 0.5"),
        ({"truncate": 0.0}, "truncate is 0.0"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ClippedRatio(**wrong)
