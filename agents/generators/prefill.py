"""Reading prompts: as many tokens in one pass as a budget allows, of one prompt or of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webgen_gym.agents.generators.base import Tokens

Ints = NDArray[np.int64]


class Unread(NamedTuple):
    """What is to be read of a prompt: ``tokens`` are all of it, those from ``known`` on are not yet in ``slot``."""

    slot: int
    tokens: Tokens
    known: int


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """Tokens that go through the model at once: pieces of prompts, one for each of ``slots`` (N,).

    ``tokens``, ``positions`` and ``rows`` are (T,); ``new`` (N,) is how long each piece is, ``used`` (N,) how much of
    its prompt is in the slot with it. ``lasts`` (M,) are the places in the pass where a prompt ends.
    """

    slots: Ints
    tokens: Tokens
    positions: Ints
    rows: Ints
    new: Ints
    used: Ints
    lasts: Ints


class _Piece(NamedTuple):
    slot: int
    tokens: Tokens
    begin: int
    whole: bool


def passes(prompts: Sequence[Unread], budget: int, context: int) -> Iterator[Pass]:
    """The passes that read the prompts, in their order; a prompt ends once, in the order of the prompts."""
    waiting: list[_Piece] = []
    room = budget
    for slot, tokens, known in prompts:
        begin = known
        while begin < len(tokens):
            end = min(len(tokens), begin + room)
            waiting.append(_Piece(slot, tokens[begin:end], begin, end == len(tokens)))
            room -= end - begin
            begin = end
            if not room:
                yield _pass(waiting, context)
                waiting, room = [], budget
    if waiting:
        yield _pass(waiting, context)


def _pass(pieces: list[_Piece], context: int) -> Pass:
    slots = np.array([piece.slot for piece in pieces])
    new = np.array([len(piece.tokens) for piece in pieces])
    begins = np.array([piece.begin for piece in pieces])
    ends = new.cumsum()
    positions = np.arange(ends[-1]) + np.repeat(begins - ends + new, new)
    return Pass(
        slots=slots,
        tokens=np.concatenate([piece.tokens for piece in pieces]),
        positions=positions,
        rows=positions + np.repeat(slots * context, new),
        new=new,
        used=begins + new,
        lasts=ends[[piece.whole for piece in pieces]] - 1,
    )
