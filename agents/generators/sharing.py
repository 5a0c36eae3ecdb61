"""Prompts that begin alike are read once: the rollouts of a group share their prompt, and all share the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webgen_gym.agents.generators.base import Tokens

# Copying fewer tokens than these is not worth the wait for whoever reads them.
_SHORT = 32


class Start(NamedTuple):
    """How a prompt begins: ``known`` tokens need not be read.

    The first ``held`` of them lie in its slot, the rest is copied from the slot of the prompt ``source``.
    """

    prompt: int
    source: int | None
    held: int
    known: int


def waves(prompts: Sequence[Tokens], held: Sequence[int]) -> list[list[Start]]:
    """All prompts, in waves: what a wave copies was read by those before it. ``held`` counts what is in each slot."""
    found: list[list[Start]] = []
    wave_of: list[int] = []
    for number in range(len(prompts)):
        start = _start(number, prompts, held[number])
        wave = 0 if start.source is None else wave_of[start.source] + 1
        if wave == len(found):
            found.append([])
        found[wave].append(start)
        wave_of.append(wave)
    return found


def _start(number: int, prompts: Sequence[Tokens], held: int) -> Start:
    prompt = prompts[number]
    best = Start(number, None, held, held)
    if len(prompt) - held <= _SHORT:
        return best
    for earlier in range(number):
        common = _common(prompt, prompts[earlier])
        if common >= held + _SHORT and common > best.known:
            best = Start(number, earlier, held, common)
    return best


def _common(prompt: Tokens, other: Tokens) -> int:
    """How many tokens both begin with; never all of the prompt, whose last token must be read."""
    most = min(len(prompt) - 1, len(other))
    differs = prompt[:most] != other[:most]
    return int(differs.argmax()) if differs.any() else most
