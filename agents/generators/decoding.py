"""Steps of one token for every answer under way."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
import torch

from webgen_gym.agents.generators.attention_cached import Reads
from webgen_gym.agents.generators.base import Floats, Sampling, Tokens
from webgen_gym.agents.generators.drawing import draw
from webgen_gym.agents.generators.kv_cache import SlotCache
from webgen_gym.agents.generators.lanes import Due
from webgen_gym.agents.generators.padded_reads import PaddedReads


class Drawn(NamedTuple):
    """What some steps drew: tokens and their log-probabilities, (steps, N)."""

    tokens: Tokens
    logprobs: Floats


class Decoder(Protocol):
    """Draws the next tokens of answers; each step reads the token that the one before drew."""

    stride: int
    """How many steps it should be asked for together."""

    def steps(self, due: Due, sampling: Sampling) -> Drawn:
        """As many steps as ``due.chances`` has rows. An answer that is over meanwhile goes on and stays in its slot."""
        ...

    def forget(self) -> None:
        """The model has other parameters, not only other numbers in the same ones."""
        ...


def logits_of(
    model: Any, cache: SlotCache, tokens: torch.Tensor, positions: torch.Tensor, reads: Reads, keep: torch.Tensor | int
) -> torch.Tensor:
    """What the model says after the tokens ``keep`` of a pass, (kept, V); ``tokens`` and ``positions`` are (T,).

    Where their keys and values go must have been told to the cache.
    """
    said = model(
        input_ids=tokens[None],
        position_ids=positions[None],
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=keep,
        reads=reads,
    )
    logits: torch.Tensor = said.logits[0]
    return logits


class PlainDecoder:
    """Step by step, on any device: each step ends with a look at what was drawn."""

    stride = 1

    def __init__(self, model: Any, cache: SlotCache, device: torch.device) -> None:
        self._model = model
        self._cache = cache
        self._device = device
        self._ones = np.ones(cache.slots, dtype=np.int64)

    def steps(self, due: Due, sampling: Sampling) -> Drawn:
        """See Decoder."""
        tokens, positions = due.tokens, due.positions
        drawn = []
        for chances in due.chances:
            drawn.append(self._step(tokens, due.slots, positions, chances, sampling))
            tokens, positions = drawn[-1][0], np.minimum(positions + 1, self._cache.context - 1)
        return Drawn(np.stack([tokens for tokens, _ in drawn]), np.stack([logprobs for _, logprobs in drawn]))

    def forget(self) -> None:
        """See Decoder."""

    def _step(
        self, tokens: Tokens, slots: Tokens, positions: Tokens, chances: Any, sampling: Sampling
    ) -> tuple[Tokens, Floats]:
        context = self._cache.context
        self._cache.write_to(self._there(slots * context + positions))
        reads = PaddedReads(slots, self._ones[: len(slots)], positions + 1, context, self._device)
        logits = logits_of(self._model, self._cache, self._there(tokens), self._there(positions), reads, 0)
        drawn, logprobs = draw(logits, self._there(chances), sampling.temperature, sampling.top_p)
        return drawn.cpu().numpy(), logprobs.cpu().numpy()

    def _there(self, values: Any) -> torch.Tensor:
        return torch.from_numpy(values).to(self._device)
