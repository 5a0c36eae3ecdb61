"""From logits to tokens, each row by its own numbers, so that what it draws does not depend on its neighbours."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray


def uniforms(seed: int, count: int) -> NDArray[np.float64]:
    """The numbers in [0, 1) that the tokens of one answer are drawn by; a longer answer begins like a shorter one."""
    return np.random.default_rng(seed).random(count)


def draw(
    logits: torch.Tensor, chances: torch.Tensor, temperature: float, top_p: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """A token for each row of ``logits`` (N, V), and its log-probability in float32 under what it was drawn from.

    ``chances`` (N,) are float64 in [0, 1): the token at which the cumulated probability exceeds it is taken. At
    temperature 0 that is the likeliest token, with its log-probability at temperature 1. Waits for no GPU.
    """
    logits = logits.float()
    if temperature == 0:
        tokens = logits.argmax(dim=-1, keepdim=True)
        return tokens[:, 0], logits.log_softmax(dim=-1).gather(1, tokens)[:, 0]
    logprobs = (logits / temperature).log_softmax(dim=-1)
    if top_p < 1:
        logprobs = _nucleus(logprobs, top_p).log_softmax(dim=-1)
    # In float64, since a parallel sum in float32 may fall where it should stay, and a token without any probability
    # would be drawn there.
    cumulated = logprobs.exp().cumsum(dim=-1, dtype=torch.float64)
    tokens = torch.searchsorted(cumulated, chances[:, None] * cumulated[:, -1:], right=True)
    tokens = tokens.clamp_(max=logits.shape[-1] - 1)
    return tokens[:, 0], logprobs.gather(1, tokens)[:, 0]


def _nucleus(logprobs: torch.Tensor, top_p: float) -> torch.Tensor:
    """Minus infinity for all but the smallest set of likeliest tokens that has the probability ``top_p``."""
    ordered, order = logprobs.sort(dim=-1, descending=True, stable=True)
    before = ordered.exp().cumsum(dim=-1) - ordered.exp()
    dropped = torch.zeros_like(before, dtype=torch.bool).scatter_(1, order, before >= top_p)
    return logprobs.masked_fill(dropped, -torch.inf)
