"""The training ablation of arXiv 2509.22644: what is rewarded, and which step is given credit for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

WARM = "warm"
STEP, NAIVE = "step-grpo", "naive"


@dataclass(frozen=True, slots=True)
class Variant:
    """``credit`` is a name of ``webgen_gym.trainers.credit``; ``parts`` are those of the reward, None for all."""

    label: str
    credit: str
    parts: tuple[str, ...] | None = None


VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        NAIVE: Variant("Naive GRPO", "grpo"),
        "cumulative": Variant("Cumulative", "cumulative"),
        "screenshot": Variant("Screenshot only", "step_grpo", ("appearance",)),
        "gui": Variant("GUI only", "step_grpo", ("functionality",)),
        STEP: Variant("Step-GRPO", "step_grpo"),
    }
)


def label_of(name: str) -> str:
    """What a variant, or the warm start, is called in tables."""
    return "Warm start" if name == WARM else VARIANTS[name].label
