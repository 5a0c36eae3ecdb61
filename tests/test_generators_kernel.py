"""What goes through a varlen kernel: a slow one anywhere, the real one and CUDA graphs on a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[local]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[local]'")

import torch

from tests.small_policies import CONTEXT, likelihoods, prompts_of, small_model, with_adapter, words
from webgen_gym.agents.generators import Sampled, Sampling
from webgen_gym.agents.generators.attention_cached import cached_attention
from webgen_gym.agents.generators.batch import Batch
from webgen_gym.agents.generators.engine import Engine
from webgen_gym.agents.generators.flash_reads import Spans
from webgen_gym.agents.generators.graphs import sizes_up_to
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.agents.generators.slots import SlotBook

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")
on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


LENGTHS = (5, 9, 1, 7, 30, 12)
SEEDS = range(100, 100 + len(LENGTHS))
FREE = Sampling(max_tokens=20)


def slow_kernel(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, spans: Spans, scale: float, causal: bool
) -> torch.Tensor:
    """What a varlen kernel computes, one sequence after the other."""
    assert {tensor.dtype for tensor in (spans.new, spans.starts, spans.used)} == {torch.int32}
    out = torch.full_like(query, torch.nan)
    shared = query.shape[1] // keys.shape[1]
    for begin, end, start, used in zip(spans.new, spans.new[1:], spans.starts, spans.used, strict=False):
        assert end - begin <= spans.most_new
        assert used <= spans.most_used
        read = slice(int(start), int(start + used))
        key, value = (each[read].repeat_interleave(shared, dim=1).transpose(0, 1) for each in (keys, values))
        scores = query[begin:end].transpose(0, 1) @ key.transpose(1, 2) * scale
        if causal:
            tokens = torch.arange(int(end - begin))[:, None] + (used - (end - begin))
            scores = scores.masked_fill(torch.arange(int(used)) > tokens, -torch.inf)
        out[begin:end] = (scores.softmax(dim=-1) @ value).transpose(0, 1)
    return out


def kernel_answers(model: Any, sampling: Sampling, *, slots: int, budget: int = 16) -> list[Sampled]:
    engine, book = Engine(model, slots, CONTEXT, budget, slow_kernel), SlotBook(slots, CONTEXT)
    limits = [min(sampling.max_tokens, CONTEXT - length) for length in LENGTHS]
    with cached_attention(model):
        return Batch(engine, book, prompts_of(*LENGTHS), limits, SEEDS, sampling, frozenset({3, 4})).answers()


@pytest.mark.parametrize(
    ("key_heads", "slots", "sampling"), [(4, 3, FREE), (2, 8, FREE), (1, 8, Sampling(0.7, 0.9, max_tokens=33))]
)
def test_a_varlen_kernel_gives_the_answers_that_padding_gives(key_heads: int, slots: int, sampling: Sampling) -> None:
    model = small_model(key_heads=key_heads)
    padded = LocalGenerator(model, slots=8, context=CONTEXT, eos=[3, 4])
    expected = padded.generate(prompts_of(*LENGTHS), sampling, SEEDS)
    found = kernel_answers(model, sampling, slots=slots)
    assert words(found) == words(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.logprobs, other.logprobs, atol=1e-5)


@pytest.mark.parametrize(
    ("most", "sizes"),
    [(1, [1]), (6, [1, 2, 4, 6]), (64, [1, 2, 4, 8, 16, 24, 32, 48, 64])],
)
def test_captured_sizes_end_with_all_slots(most: int, sizes: list[int]) -> None:
    assert sizes_up_to(most) == sizes


@pytest.mark.parametrize("most", [128, 129, 192, 200, 300])
def test_captured_sizes_ascend_in_bounded_steps(most: int) -> None:
    sizes = sizes_up_to(most)
    assert sizes[-1] == most
    assert all(0 < larger - smaller <= 64 for smaller, larger in zip(sizes, sizes[1:], strict=False))


# ------------------------------------------------------------------ on a GPU


def gpu_model(**more: Any) -> Any:
    return small_model(**more).to("cuda", torch.bfloat16)


def gpu_likelihoods(model: Any, prompt: Any, answer: Any) -> Any:
    """In the model's precision, by a plain forward pass on the GPU."""
    with torch.inference_mode():
        tokens = torch.from_numpy(np.concatenate([prompt, answer])).cuda()
        logprobs = model(tokens[None]).logits[0].float().log_softmax(dim=-1)[len(prompt) - 1 : -1]
    return logprobs.gather(1, torch.from_numpy(answer).cuda()[:, None])[:, 0].cpu().numpy()


@on_gpu
@pytest.mark.parametrize("key_heads", [1, 2, 4])
def test_on_a_gpu_what_was_drawn_is_as_likely_as_a_plain_forward_pass_says(key_heads: int) -> None:
    model, prompts = gpu_model(key_heads=key_heads), prompts_of(*LENGTHS)
    for slots in (2, 8):
        answers = LocalGenerator(model, slots=slots, context=CONTEXT, eos=[3]).generate(prompts, FREE, SEEDS)
        for prompt, answer in zip(prompts, answers, strict=True):
            # bfloat16 has 8 bits: two orders of summation differ by some hundredths.
            np.testing.assert_allclose(answer.logprobs, gpu_likelihoods(model, prompt, answer.tokens), atol=0.15)


@on_gpu
def test_on_a_gpu_every_step_is_captured(caplog: pytest.LogCaptureFixture) -> None:
    LocalGenerator(gpu_model(), slots=8, context=CONTEXT, eos=[3]).generate(prompts_of(*LENGTHS), FREE, SEEDS)
    assert caplog.records == []


@on_gpu
def test_on_a_gpu_in_float32_it_is_as_exact_as_on_a_processor() -> None:
    model, prompts = small_model(), prompts_of(*LENGTHS)
    answers = LocalGenerator(model.cuda(), slots=8, context=CONTEXT, eos=[3]).generate(prompts, FREE, SEEDS)
    for prompt, answer in zip(prompts, answers, strict=True):
        np.testing.assert_allclose(answer.logprobs, likelihoods(small_model(), prompt, answer.tokens), atol=1e-4)


@on_gpu
@pytest.mark.parametrize("adapted", [False, True])
def test_on_a_gpu_captured_steps_see_what_an_optimiser_writes(adapted: bool) -> None:
    model = with_adapter(small_model()).to("cuda", torch.bfloat16) if adapted else gpu_model()
    made = LocalGenerator(model, slots=8, context=CONTEXT, eos=[])
    optimiser = torch.optim.SGD([each for each in model.parameters() if each.requires_grad], lr=0.3)
    prompts = prompts_of(*LENGTHS)
    for _ in range(3):
        for prompt, answer in zip(prompts, made.generate(prompts, FREE, SEEDS), strict=True):
            np.testing.assert_allclose(answer.logprobs, gpu_likelihoods(model, prompt, answer.tokens), atol=0.15)
        model(torch.ones(1, 5, dtype=torch.int64, device="cuda")).logits.float().square().mean().backward()
        optimiser.step()
