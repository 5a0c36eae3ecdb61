"""The numbers of one iteration, from what was collected and what the update came to. Names are those of TensorBoard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from webgen_gym.trainers.learner import UpdateReport
from webgen_gym.trainers.rollouts import Collected
from webgen_gym.trainers.units import Group, Step
from webgen_gym.types import Outcome


def of_collected(collected: Collected) -> dict[str, float]:
    """Rewards, turns and time of what was collected; a mean over nothing is NaN."""
    groups = collected.groups
    steps = [step for group in groups for rollout in group.rollouts for step in rollout.steps]
    scored = [step for step in steps if step.reward is not None]
    firsts = [rollout.steps[0] for group in groups for rollout in group.rollouts if rollout.steps]
    lasts = [rollout.steps[-1] for group in groups for rollout in group.rollouts if rollout.steps]
    return {
        "reward/mean": _mean(_rewards(steps)),
        "reward/first_step": _mean(_rewards(firsts)),
        "reward/last_step": _mean(_rewards(lasts)),
        "reward/appearance": _mean(step.parts.get("appearance", 0.0) for step in scored),
        "reward/functionality": _mean(step.parts.get("functionality", 0.0) for step in scored),
        "turns/played": float(len(steps)),
        "turns/malformed": _share(steps, Outcome.MALFORMED),
        "turns/void": _share(steps, Outcome.VOID),
        "turns/left_out": 1.0 - len(scored) / len(steps) if steps else math.nan,
        "turns/too_long": float(collected.too_long),
        "turns/reply_tokens": _mean(len(step.tokens) for step in steps),
        "groups/zero_variance": _mean(float(_all_equal(group)) for group in groups),
        "seconds/generation": collected.generating_s,
        "seconds/environment": collected.environment_s,
        "tokens_per_s/generation": collected.generated / collected.generating_s if collected.generating_s else 0.0,
    }


def of_update(report: UpdateReport) -> dict[str, float]:
    """Loss, gradients and speed of an update."""
    watched = {f"update/{name}": value for name, value in report.means.items()}
    return {
        "update/loss": report.loss,
        "update/grad_norm": report.grad_norm,
        "update/tokens": float(report.tokens),
        "update/trained_tokens": float(report.trained),
        "update/packs": float(report.packs),
        "seconds/update": report.seconds,
        "tokens_per_s/update": report.tokens_per_s,
        **watched,
    }


def of_evaluation(collected: Collected) -> dict[str, float]:
    """The same rewards, of tasks that are not trained on."""
    found = of_collected(collected)
    names = {
        "reward": "reward/mean",
        "first_step": "reward/first_step",
        "last_step": "reward/last_step",
        "appearance": "reward/appearance",
        "functionality": "reward/functionality",
        "malformed": "turns/malformed",
    }
    return {f"evaluation/{name}": found[key] for name, key in names.items()}


def _rewards(steps: Iterable[Step]) -> list[float]:
    return [step.reward for step in steps if step.reward is not None]


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return math.fsum(known) / len(known) if known else math.nan


def _share(steps: Sequence[Step], outcome: Outcome) -> float:
    return _mean(float(step.outcome == outcome.value) for step in steps)


def _all_equal(group: Group) -> bool:
    rewards = [reward for rollout in group.rollouts for reward in _rewards(rollout.steps)]
    return len(set(rewards)) < 2
