"""A model, its cache, and the two ways of going through it: reading prompts and taking steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from webgen_gym.agents.generators.attention_cached import Reads
from webgen_gym.agents.generators.base import Sampling
from webgen_gym.agents.generators.decoding import Decoder, Drawn, PlainDecoder, logits_of
from webgen_gym.agents.generators.drawing import draw
from webgen_gym.agents.generators.flash_reads import FlashReads, Spans, Varlen
from webgen_gym.agents.generators.graphs import GraphDecoder
from webgen_gym.agents.generators.kv_cache import SlotCache
from webgen_gym.agents.generators.padded_reads import PaddedReads
from webgen_gym.agents.generators.prefill import Pass, Unread, passes

# Without a kernel every token of a pass has a row of the mask, as long as the context that is in use.
_PADDED_TOKENS = 1024


class Engine:
    """What holds memory on the device. Used within ``cached_attention``.

    With a ``kernel`` prompts and steps go through it, and on CUDA steps are captured; without one they are padded.
    """

    def __init__(self, model: Any, slots: int, context: int, prefill_tokens: int, kernel: Varlen | None) -> None:
        self._model = model
        self._device: torch.device = model.device
        self._prefill_tokens = min(prefill_tokens, _PADDED_TOKENS) if kernel is None else prefill_tokens
        self._cache = SlotCache(slots, context)
        self._kernel = kernel
        self.decoder: Decoder = (
            PlainDecoder(model, self._cache, self._device)
            if kernel is None
            else GraphDecoder(model, self._cache, self._device, kernel=kernel, shared=_shared(model.config))
        )

    def read(self, prompts: Sequence[Unread], chances: NDArray[np.float64], sampling: Sampling) -> Drawn:
        """Read prompts into their slots and draw the first token of each answer, (1, N)."""
        tokens, logprobs = [], []
        for one in passes(prompts, self._prefill_tokens, self._cache.context):
            logits = self._pass(one)
            if not len(one.lasts):
                continue
            mine, chances = chances[: len(one.lasts)], chances[len(one.lasts) :]
            drawn = draw(logits, self._there(mine), sampling.temperature, sampling.top_p)
            tokens.append(drawn[0].cpu().numpy())
            logprobs.append(drawn[1].cpu().numpy())
        return Drawn(np.concatenate(tokens)[None], np.concatenate(logprobs)[None])

    def copy(self, source: int, target: int, begin: int, end: int) -> None:
        """Take the keys and values of the positions from ``begin`` to before ``end`` over from another slot."""
        self._cache.copy(source, target, begin, end)

    def _pass(self, one: Pass) -> torch.Tensor:
        self._cache.write_to(self._there(one.rows))
        tokens, positions, lasts = self._there(one.tokens), self._there(one.positions), self._there(one.lasts)
        return logits_of(self._model, self._cache, tokens, positions, self._reads(one), lasts)

    def _reads(self, one: Pass) -> Reads:
        context = self._cache.context
        if self._kernel is None:
            return PaddedReads(one.slots, one.new, one.used, context, self._device)
        # The last number is no start; the kernel wants one more than there are sequences.
        starts = np.append(one.slots, 0) * context
        begins = np.append(0, one.new.cumsum())
        spans = Spans(
            new=self._there(begins.astype(np.int32)),
            starts=self._there(starts.astype(np.int32)),
            used=self._there(one.used.astype(np.int32)),
            most_new=int(one.new.max()),
            most_used=context,
        )
        return FlashReads(self._kernel, spans)

    def _there(self, values: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(values).to(self._device)


def head_width(config: Any) -> int:
    """How many numbers the key of a head has."""
    return int(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)


def _shared(config: Any) -> int:
    """How many query heads share a key head."""
    heads = config.num_attention_heads
    return int(heads // (getattr(config, "num_key_value_heads", None) or heads))
