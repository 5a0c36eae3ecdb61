"""Continuous batching: an answer that is over makes room for the next prompt."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.decoding import Drawn
from webgen_gym.agents.generators.drawing import uniforms
from webgen_gym.agents.generators.engine import Engine
from webgen_gym.agents.generators.lanes import Ended, Lanes
from webgen_gym.agents.generators.prefill import Unread
from webgen_gym.agents.generators.sharing import waves
from webgen_gym.agents.generators.slots import Place, SlotBook

# New prompts are read once this share of the slots is free: one alone fills a pass badly.
_SHARE = 8


class Batch:
    """The answers to some prompts, from the first token to the last.

    Args:
        engine: reads prompts and takes steps.
        book: which slot holds what; all slots are free.
        prompts: each leaves room for a token.
        limits: the longest answer to each prompt.
        seeds: one for each.
        sampling: how tokens are drawn.
        eos: the tokens that end an answer.
    """

    def __init__(
        self,
        engine: Engine,
        book: SlotBook,
        prompts: Sequence[Tokens],
        limits: Sequence[int],
        seeds: Sequence[int],
        sampling: Sampling,
        eos: frozenset[int],
    ) -> None:
        self._engine = engine
        self._book = book
        self._prompts = prompts
        self._limits = limits
        self._seeds = seeds
        self._sampling = sampling
        self._waiting = deque(range(len(prompts)))
        self._lanes = Lanes(book.slots, max(limits, default=0), engine.decoder.stride, eos)
        self._answers: dict[int, Sampled] = {}

    def answers(self) -> list[Sampled]:
        """The answer to each prompt, in their order."""
        while self._waiting or len(self._lanes):
            if self._waiting and self._book.free >= min(len(self._waiting), max(1, self._book.slots // _SHARE)):
                self._begin()
            if len(self._lanes):
                self._go_on()
        return [self._answers[number] for number in range(len(self._prompts))]

    def _begin(self) -> None:
        """Read as many prompts as there are free slots, and draw their first tokens."""
        numbers = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._book.free))]
        places = sorted(self._book.take([self._prompts[number] for number in numbers]), key=lambda each: each.slot)
        for place in places:
            number = numbers[place.prompt]
            chances = uniforms(self._seeds[number], self._limits[number])
            self._lanes.open(number, place.slot, len(self._prompts[number]), chances)
        first = self._read([self._prompts[numbers[place.prompt]] for place in places], places)
        self._keep(self._lanes.record_first(first.tokens, first.logprobs))

    def _read(self, prompts: Sequence[Tokens], places: Sequence[Place]) -> Drawn:
        """Read prompts into their places and draw the first tokens, (1, N)."""
        chances = self._lanes.first_chances()
        first = Drawn(np.zeros((1, len(prompts)), dtype=np.int64), np.zeros((1, len(prompts)), dtype=np.float32))
        for wave in waves(prompts, [place.known for place in places]):
            for start in wave:
                if start.source is not None:
                    span = (start.held, start.known)
                    self._engine.copy(places[start.source].slot, places[start.prompt].slot, *span)
            mine = [start.prompt for start in wave]
            unread = [Unread(places[each.prompt].slot, prompts[each.prompt], each.known) for each in wave]
            drawn = self._engine.read(unread, chances[mine], self._sampling)
            first.tokens[:, mine], first.logprobs[:, mine] = drawn.tokens, drawn.logprobs
        return first

    def _go_on(self) -> None:
        """Some steps for all answers under way."""
        decoder = self._engine.decoder
        drawn = decoder.steps(self._lanes.due(min(decoder.stride, self._lanes.remaining)), self._sampling)
        self._keep(self._lanes.record(drawn.tokens, drawn.logprobs))

    def _keep(self, over: Iterable[Ended]) -> None:
        for ended in over:
            self._answers[ended.prompt] = ended.sampled
            # The last token was drawn, but not read.
            read = np.concatenate([self._prompts[ended.prompt], ended.sampled.tokens[:-1]])
            self._book.give_back(ended.slot, read)
