"""Attention within the rows of a pack: no row sees another, and no mask of T x T is ever made.

On a GPU in half precision this is the variable-length flash kernel that torch brings; elsewhere each row is a call of
``scaled_dot_product_attention`` of its own, which is exact in float32. Registered with transformers under a name, so
that its models are used as they are.
"""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch.nn.attention.varlen import varlen_attn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

NAME = "webgen_packed"
# Whether heads of key and value may be shared, which the kernel must be told from torch 2.12 on and cannot before.
_SHARING = {"enable_gqa": True} if "enable_gqa" in inspect.signature(varlen_attn).parameters else {}


def read_packs(model: Any) -> None:
    """From now on a transformers model reads packs; it must be called with ``bounds`` and ``longest``.

    It stays so, because gradient checkpointing calls the layers again in the backward pass.
    """
    if model.config._attn_implementation == NAME:
        return
    AttentionInterface.register(NAME, _packed)
    AttentionMaskInterface.register(NAME, _no_mask)
    model.set_attn_implementation(NAME)


def _no_mask(*_: Any, **__: Any) -> None:
    return None


def _packed(  # noqa: PLR0913 - what transformers calls attention with
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: None,
    *,
    bounds: torch.Tensor,
    longest: int,
    scaling: float | None = None,
    sliding_window: int | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """(1, heads, T, D) each, heads of key and value dividing those of query, to (1, T, heads, D)."""
    if query.is_cuda and query.dtype in (torch.bfloat16, torch.float16):
        return _flash(query, key, value, bounds, longest, scaling, sliding_window), None
    return _by_rows(query, key, value, bounds, scaling, sliding_window), None


def _flash(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    bounds: torch.Tensor,
    longest: int,
    scaling: float | None,
    sliding_window: int | None,
) -> torch.Tensor:
    q, k, v = (tensor[0].transpose(0, 1) for tensor in (query, key, value))
    window = (-1 if sliding_window is None else sliding_window - 1, 0)
    if not _SHARING and k.shape[1] != q.shape[1]:
        k, v = (tensor.repeat_interleave(q.shape[1] // tensor.shape[1], dim=1) for tensor in (k, v))
    out = varlen_attn(q, k, v, bounds, bounds, longest, longest, scale=scaling, window_size=window, **_SHARING)
    return out[None]


def _by_rows(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    bounds: torch.Tensor,
    scaling: float | None,
    sliding_window: int | None,
) -> torch.Tensor:
    lengths = bounds.diff().tolist()
    rows = [
        scaled_dot_product_attention(
            q, k, v, _window(q, sliding_window), is_causal=sliding_window is None, scale=scaling, enable_gqa=True
        )
        for q, k, v in zip(*(tensor.split(lengths, dim=2) for tensor in (query, key, value)), strict=True)
    ]
    return torch.cat(rows, dim=2).transpose(1, 2)


def _window(query: torch.Tensor, sliding_window: int | None) -> torch.Tensor | None:
    if sliding_window is None:
        return None
    places = torch.arange(query.shape[2], device=query.device)
    back = places[:, None] - places[None, :]
    return (back >= 0) & (back < sliding_window)
