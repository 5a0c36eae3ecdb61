"""What all processes collected, in each of them, so that all see the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from webgen_gym.trainers.processes import everywhere
from webgen_gym.trainers.rollouts import Collected
from webgen_gym.trainers.units import Group, Rollout, Step


def gathered(mine: Collected) -> Collected:
    """The groups of all processes, as far as ``metrics`` needs them: without turns, and without what was read.

    Seconds are those of the slowest, for which the others waited. Every process must call this.
    """
    parts = everywhere(replace(mine, groups=tuple(_light(mine.groups)), turns=()))
    if len(parts) == 1:
        return mine
    return Collected(
        groups=tuple(group for part in parts for group in part.groups),
        turns=(),
        too_long=sum(part.too_long for part in parts),
        generated=sum(part.generated for part in parts),
        generating_s=max(part.generating_s for part in parts),
        environment_s=max(part.environment_s for part in parts),
    )


def _light(groups: Iterable[Group]) -> Iterator[Group]:
    for group in groups:
        yield Group(group.task, tuple(Rollout(tuple(map(_without_prompt, each.steps))) for each in group.rollouts))


def _without_prompt(step: Step) -> Step:
    # A view of a mapping cannot be sent.
    return replace(step, prompt=step.prompt[-1:].copy(), parts=dict(step.parts))
