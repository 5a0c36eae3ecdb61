"""What an update makes smaller, for each trained token of a pack.

An objective gives a loss for each token; the learner sums them over the whole batch and divides by one constant, so
that neither the way tokens are laid out in rows and packs nor the number of processes changes the gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch

from webgen_gym.errors import UsageError
from webgen_gym.trainers.packing import Pack

RATIOS = ("token", "step")
CLAMP = 20.0
"""Log-ratios beyond this are cut: their exponential would overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What models say of the N trained tokens of a pack; all (N,) float32.

    ``new`` and ``entropy`` are of the policy as it is, and carry gradients. ``old`` is of the policy before the batch,
    ``reference`` of the one that it should stay near (None where nothing asks for it).
    """

    new: torch.Tensor
    entropy: torch.Tensor
    old: torch.Tensor
    reference: torch.Tensor | None = None


class Objective(Protocol):
    """A loss for each token, and sums over tokens of what is worth watching."""

    @property
    def needs_reference(self) -> bool:
        """Whether ``Scores.reference`` is read."""
        ...

    def __call__(self, scores: Scores, pack: Pack) -> tuple[torch.Tensor, Mapping[str, torch.Tensor]]:
        """The loss (N,) and the sums, each of shape ()."""
        ...


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Supervised training: the negative log-likelihood, weighted by the advantage of the row (1 there)."""

    needs_reference = False

    def __call__(self, scores: Scores, pack: Pack) -> tuple[torch.Tensor, Mapping[str, torch.Tensor]]:
        """Loss −log π(token)."""
        return -scores.new * pack.advantages, {"entropy": scores.entropy.detach().sum()}


@dataclass(frozen=True, slots=True)
class ClippedRatio:
    """The clipped surrogate of PPO (arXiv 1707.06347) on the advantages of steps.

    With r = π/π_old, the loss of a token is −min(r A, clip(r, 1 − clip_low, 1 + clip_high) A).

    Args:
        clip_low, clip_high: how far r may go; different values as in DAPO (arXiv 2503.14476).
        dual_clip: where A < 0 the loss is at most −dual_clip · A (arXiv 1912.09729); None for no bound.
        ratio: ``token``, or ``step`` for one r for all tokens of a step, exp of the mean log-ratio (as GSPO, arXiv
            2507.18071, has it for sequences).
        kl: weight of the divergence from the reference policy, in the low-variance form
            exp(ref − new) − (ref − new) − 1 (k3).
        entropy: weight of the entropy that is added to the objective.
        truncate: weight tokens by min(π_old/μ, truncate), where μ is the distribution that they were drawn from: right
            wherever another program samples than trains (truncated importance sampling). None for no weight.

    Raises:
        UsageError: a number is out of its range.
    """

    clip_low: float = 0.2
    clip_high: float = 0.2
    dual_clip: float | None = 3.0
    ratio: str = "token"
    kl: float = 0.0
    entropy: float = 0.0
    truncate: float | None = None

    def __post_init__(self) -> None:
        if self.ratio not in RATIOS:
            raise UsageError(f"loss.ratio is '{self.ratio}'; it is one of {', '.join(RATIOS)}.")
        if not 0 <= self.clip_low < 1 or self.clip_high < 0:
            raise UsageError(
                f"loss.clip_low is {self.clip_low} and clip_high {self.clip_high}; low is at least 0 and below 1, high"
                " at least 0."
            )
        if self.dual_clip is not None and self.dual_clip <= 1:
            raise UsageError(f"loss.dual_clip is {self.dual_clip}; it must be above 1, or None.")
        if self.truncate is not None and self.truncate <= 0:
            raise UsageError(f"loss.truncate is {self.truncate}; it must be above 0, or None.")

    @property
    def needs_reference(self) -> bool:
        """Whether there is a weight on the divergence from the reference."""
        return self.kl != 0.0

    def __call__(self, scores: Scores, pack: Pack) -> tuple[torch.Tensor, Mapping[str, torch.Tensor]]:
        """The loss of each token. Of the sums, ``kl`` is new from old policy, ``mismatch`` the old one from μ."""
        log_ratio = (scores.new - scores.old).clamp(-CLAMP, CLAMP)
        ratio = (log_ratio if self.ratio == "token" else _step_means(log_ratio, pack.steps)).exp()
        gain, clipped = self._surrogate(ratio, pack.advantages)
        apart = (scores.old - pack.logprobs).clamp(-CLAMP, CLAMP)
        if self.truncate is not None:
            gain = gain * apart.exp().clamp(max=self.truncate)
        loss = -gain - self.entropy * scores.entropy
        watched = {
            "clipped": clipped.sum(),
            "kl": _k3(-log_ratio.detach()).sum(),
            "ratio": ratio.detach().sum(),
            "entropy": scores.entropy.detach().sum(),
            "mismatch": _k3(apart).sum(),
        }
        if scores.reference is not None:
            away = _k3((scores.reference - scores.new).clamp(-CLAMP, CLAMP))
            loss = loss + self.kl * away
            watched["kl_reference"] = away.detach().sum()
        return loss, watched

    def _surrogate(self, ratio: torch.Tensor, advantages: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What is gained with each token, and where the clip holds it back."""
        free = ratio * advantages
        held = ratio.clamp(1 - self.clip_low, 1 + self.clip_high) * advantages
        gain = torch.minimum(free, held)
        if self.dual_clip is not None:
            gain = torch.where(advantages < 0, torch.maximum(gain, self.dual_clip * advantages), gain)
        return gain, (held < free).detach()


def _k3(difference: torch.Tensor) -> torch.Tensor:
    """An estimate of KL(p‖q) that is never negative, from q − p in logarithms, for a token drawn from p."""
    return difference.exp() - difference - 1


def _step_means(values: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Each token's place taken by the mean of its step."""
    _, place = torch.unique(steps, return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0
    sums = values.new_zeros(count).index_add(0, place, values)
    sizes = values.new_zeros(count).index_add(0, place, torch.ones_like(values))
    return (sums / sizes)[place]
