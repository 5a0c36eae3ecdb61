"""The chunked head against log-softmax over everything at once."""

from __future__ import annotations

import pytest
import torch

from webgen_gym.trainers.logprobs import token_logprobs

COUNT, WIDTH, WORDS = 37, 16, 53


@pytest.fixture
def inputs() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    hidden = torch.randn(COUNT, WIDTH, requires_grad=True)
    head = torch.randn(WORDS, WIDTH, requires_grad=True)
    return hidden, head, torch.randint(WORDS, (COUNT,))


def whole(hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor, temperature: float) -> list[torch.Tensor]:
    log_p = torch.log_softmax(hidden @ head.t() / temperature, dim=1)
    return [log_p[torch.arange(len(targets)), targets], -(log_p.exp() * log_p).sum(1)]


@pytest.mark.parametrize("chunk", [1, 5, 37, 512])
@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_chunks_give_what_log_softmax_gives(inputs: tuple[torch.Tensor, ...], chunk: int, temperature: float) -> None:
    found = token_logprobs(*inputs, temperature=temperature, chunk_tokens=chunk)
    for mine, theirs in zip(found, whole(inputs[0], inputs[1], inputs[2], temperature), strict=True):
        assert torch.allclose(mine, theirs, atol=1e-5)


@pytest.mark.parametrize("chunk", [1, 5, 512])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_gradients_for_hidden_states_and_head_are_those_of_autograd(
    inputs: tuple[torch.Tensor, ...], chunk: int, temperature: float
) -> None:
    hidden, head, targets = inputs
    weights = torch.randn(2, COUNT)
    mine = torch.stack(token_logprobs(hidden, head, targets, temperature=temperature, chunk_tokens=chunk))
    theirs = torch.stack(whole(hidden, head, targets, temperature))
    for one, other in zip(
        torch.autograd.grad((mine * weights).sum(), (hidden, head)),
        torch.autograd.grad((theirs * weights).sum(), (hidden, head)),
        strict=True,
    ):
        assert torch.allclose(one, other, atol=1e-4)


def test_a_frozen_head_gets_no_gradient(inputs: tuple[torch.Tensor, ...]) -> None:
    hidden, head, targets = inputs
    token_logprobs(hidden, head.detach(), targets)[0].sum().backward()
    assert head.grad is None
    assert hidden.grad is not None


def test_no_tokens_have_no_logprobs(inputs: tuple[torch.Tensor, ...]) -> None:
    hidden, head, targets = inputs
    logprobs, entropy = token_logprobs(hidden[:0], head, targets[:0])
    assert logprobs.shape == entropy.shape == (0,)


def test_the_numbers_are_right_to_second_order(inputs: tuple[torch.Tensor, ...]) -> None:
    hidden, head, targets = (value.detach().double() if value.is_floating_point() else value for value in inputs)
    # float32 inside, so the check is of the formula and not of the last digits.
    assert torch.autograd.gradcheck(
        lambda h, w: token_logprobs(h, w, targets[:5], chunk_tokens=2)[0].double(),
        (hidden[:5].requires_grad_(), head.requires_grad_()),
        eps=1e-3,
        atol=1e-2,
    )


def test_sums_are_made_in_float32_for_weights_of_half_precision() -> None:
    torch.manual_seed(0)
    hidden, head = (
        torch.randn(900, WIDTH).bfloat16().requires_grad_(),
        torch.randn(WORDS, WIDTH).bfloat16().requires_grad_(),
    )
    targets = torch.zeros(900, dtype=torch.long)
    (mine,) = torch.autograd.grad(token_logprobs(hidden, head, targets, chunk_tokens=4)[0].sum(), (head,))
    exact = torch.autograd.grad(whole(hidden.float(), head.float(), targets, 1.0)[0].sum(), (head,))[0]
    assert float((mine.float() - exact).norm() / exact.norm()) < 4e-3
