"""Log-probabilities of chosen tokens from hidden states, some tokens at a time: the logits are never there as a whole.

With a vocabulary of 152,000 the logits of 32,000 tokens would take 20 GB in float32. Here they are made for a few
hundred tokens at a time, in the forward pass and once more in the backward pass. Whatever is summed is summed in
float32: rounding each piece of the head's gradient to bfloat16 biases training (Hugging Face TRL, pull request 7244).
"""

from __future__ import annotations

from typing import Any

import torch

CHUNK_TOKENS = 512


def token_logprobs(
    hidden: torch.Tensor,
    head: torch.Tensor,
    targets: torch.Tensor,
    *,
    temperature: float = 1.0,
    chunk_tokens: int = CHUNK_TOKENS,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log p(target) and the entropy of p in nats, p = softmax(hidden · headᵀ / temperature); both (N,) float32.

    ``hidden`` (N, H), ``head`` (V, H), ``targets`` (N,). Both results can be differentiated with respect to ``hidden``
    and ``head``.
    """
    logprobs, entropy = _Chunked.apply(hidden, head, targets, temperature, chunk_tokens)
    return logprobs, entropy


class _Chunked(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor, temperature: float, chunk: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        ctx.save_for_backward(hidden, head, targets)
        ctx.temperature, ctx.chunk = temperature, chunk
        logprobs = hidden.new_empty(len(targets), dtype=torch.float32)
        entropy = torch.empty_like(logprobs)
        for span in _spans(len(targets), chunk):
            log_p = _log_p(hidden[span], head, temperature)
            logprobs[span] = log_p.gather(1, targets[span, None])[:, 0]
            entropy[span] = -(log_p.exp() * log_p).sum(1)
        return logprobs, entropy

    @staticmethod
    def backward(ctx: Any, of_logprobs: torch.Tensor, of_entropy: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        hidden, head, targets = ctx.saved_tensors
        for_hidden = torch.zeros_like(hidden) if ctx.needs_input_grad[0] else None
        for_head = torch.zeros_like(head, dtype=torch.float32) if ctx.needs_input_grad[1] else None
        for span in _spans(len(targets), ctx.chunk):
            log_p = _log_p(hidden[span], head, ctx.temperature)
            p = log_p.exp()
            # d log p(t) / dz = 1(t) - p, and d H / dz = -p (log p + H), z the logits after temperature.
            of_logits = p * -of_logprobs[span, None]
            of_logits.scatter_add_(1, targets[span, None], of_logprobs[span, None])
            if of_entropy.any():
                entropy = -(p * log_p).sum(1, keepdim=True)
                of_logits -= of_entropy[span, None] * p * (log_p + entropy)
            of_logits = (of_logits / ctx.temperature).to(hidden.dtype)
            if for_hidden is not None:
                for_hidden[span] = of_logits @ head
            if for_head is not None:
                for_head += _product(of_logits.t(), hidden[span].t())
        return for_hidden, None if for_head is None else for_head.to(head.dtype), None, None, None


def _spans(count: int, chunk: int) -> list[slice]:
    return [slice(at, at + chunk) for at in range(0, count, chunk)]


def _log_p(hidden: torch.Tensor, head: torch.Tensor, temperature: float) -> torch.Tensor:
    logits = _product(hidden, head)
    return torch.log_softmax(logits if temperature == 1.0 else logits / temperature, dim=1)


def _product(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The product left · rightᵀ in float32; half-precision factors are summed in float32 and not rounded afterwards."""
    if left.dtype is torch.float32:
        return left @ right.t()
    if left.is_cuda:
        return torch.mm(left, right.t(), out_dtype=torch.float32)
    return left.float() @ right.float().t()
