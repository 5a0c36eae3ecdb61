"""Attention of new tokens to a slot cache, registered with transformers under ``NAME``.

Each sequence has some new tokens, which are the last of those in its slot; a token sees those before it and itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

import torch
from transformers import AttentionInterface

from webgen_gym.errors import UsageError

NAME = "webgen_cached"

_UNSUPPORTED = ("softcap", "s_aux", "position_bias")


class Reads(Protocol):
    """Which rows of the cache the tokens of one pass read."""

    def attend(self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float) -> torch.Tensor:
        """From ``query`` (tokens, heads, width) and the buffers (rows, fewer heads, width): (tokens, heads, width)."""
        ...


@contextmanager
def cached_attention(model: Any) -> Iterator[None]:
    """The model attends to a slot cache, without dropout, in one precision, and is as it was afterwards."""
    before, training = model.config._attn_implementation, [part for part in model.modules() if part.training]
    model.config._attn_implementation = NAME
    model.eval()
    try:
        with torch.inference_mode(), _one_precision(model):
            yield
    finally:
        model.config._attn_implementation = before
        for part in training:
            part.training = True


def _one_precision(model: Any) -> AbstractContextManager[Any]:
    """Adapters are float32 beside weights of half precision; they compute in that of the weights, as in training."""
    half = model.dtype in (torch.bfloat16, torch.float16)
    if not half or all(each.dtype is model.dtype for each in model.parameters()):
        return nullcontext()
    # What was cast once must not be kept: a captured step would go on with the adapters of that moment.
    found: AbstractContextManager[Any] = torch.autocast(model.device.type, model.dtype, cache_enabled=False)
    return found


def _attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: None,
    *,
    scaling: float,
    reads: Reads,
    **more: Any,
) -> tuple[torch.Tensor, None]:
    """What transformers calls: ``query`` is (1, heads, tokens, width), ``key`` and ``value`` are the whole buffers."""
    if unsupported := [name for name in _UNSUPPORTED if more.get(name) is not None]:
        raise UsageError(f"LocalGenerator does not do the attention of this model ({unsupported[0]}).")
    return reads.attend(query[0].transpose(0, 1), key, value, scaling).unsqueeze(0), None


AttentionInterface.register(NAME, _attend)
