"""Attention to a slot cache by a varlen kernel, which copies nothing: flash attention, on CUDA."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

_WIDEST_HEAD = 256


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Where the sequences of a pass lie; the tensors are int32.

    Sequence ``b`` has the tokens ``new[b]`` to ``new[b + 1]`` of the pass, at most ``most_new``, and reads ``used[b]``
    rows of the cache, at most ``most_used``, from row ``starts[b]`` on. The starts need not ascend. ``new`` and
    ``starts`` are (N + 1,), ``used`` is (N,).
    """

    new: torch.Tensor
    starts: torch.Tensor
    used: torch.Tensor
    most_new: int
    most_used: int


Varlen = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, Spans, float, bool], torch.Tensor]
"""From ``query`` (tokens, heads, width), ``keys`` and ``values`` (rows, fewer heads, width), the spans, the scale and
whether it is causal: (tokens, heads, width). Where it is causal, the tokens of a sequence are the last of its rows and
see none after them; elsewhere they see all rows."""


@dataclass(frozen=True, slots=True, eq=False)
class FlashReads:
    """Sequences of several new tokens."""

    kernel: Varlen
    spans: Spans

    def attend(self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float) -> torch.Tensor:
        """See Reads."""
        return self.kernel(query.contiguous(), keys, values, self.spans, scale, True)


@dataclass(frozen=True, slots=True, eq=False)
class FlashStep:
    """Sequences of one new token.

    The query heads that share a key head become the tokens of one sequence, and the spans count by them, so that keys
    and values are read once for all of these heads.
    """

    kernel: Varlen
    spans: Spans

    def attend(self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float) -> torch.Tensor:
        """See Reads."""
        tokens, heads, width = query.shape
        shared = self.spans.most_new
        folded = query.reshape(tokens, -1, shared, width).transpose(1, 2).reshape(tokens * shared, -1, width)
        out = self.kernel(folded, keys, values, self.spans, scale, False)
        return out.view(tokens, shared, -1, width).transpose(1, 2).reshape(tokens, heads, width)


def flash_kernel(device: torch.device, dtype: torch.dtype, width: int) -> Varlen | None:
    """Flash attention, where it is to be had for heads of this width."""
    if device.type != "cuda" or dtype not in (torch.bfloat16, torch.float16) or width % 8 or width > _WIDEST_HEAD:
        return None
    return _by_function if _VARLEN is not None else _by_operator


def _public_varlen() -> Any:
    """``varlen_attn`` where it can do what is needed: that of torch 2.10 takes no ``seqused_k``."""
    try:
        from torch.nn.attention.varlen import varlen_attn
    except ImportError:
        return None
    needed = {"seqused_k", "enable_gqa", "window_size", "scale"}
    return varlen_attn if needed <= inspect.signature(varlen_attn).parameters.keys() else None


_VARLEN = _public_varlen()


def _by_function(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, spans: Spans, scale: float, causal: bool
) -> torch.Tensor:
    out: torch.Tensor = _VARLEN(
        query,
        keys,
        values,
        spans.new,
        spans.starts,
        spans.most_new,
        spans.most_used,
        scale=scale,
        window_size=(-1, 0) if causal else (-1, -1),
        enable_gqa=query.shape[1] != keys.shape[1],
        seqused_k=spans.used,
    )
    return out


def _by_operator(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, spans: Spans, scale: float, causal: bool
) -> torch.Tensor:
    lengths = (spans.new, spans.starts, spans.most_new, spans.most_used)
    flash: Any = torch.ops.aten._flash_attention_forward
    out: torch.Tensor = flash(query, keys, values, *lengths, 0.0, causal, False, scale=scale, seqused_k=spans.used)[0]
    return out
