"""Answers to long prompts: ours with and without CUDA graphs, and the two ways of transformers, on the same prompts.

What is timed is answering with one token and with several: the first is the reading of prompts, the difference steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import torch

from benchmarks.gpu.findings import Figures, Findings, forget_peak, peak_gib, timed
from benchmarks.gpu.scale import Bench, as_peft_has_it
from webgen_gym.agents.generators import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.trainers.packing import joined
from webgen_gym.trainers.policy import causal_lm
from webgen_gym.trainers.units import Row

_SCORED = 4


def generation(bench: Bench, findings: Findings) -> None:
    """All of them, with the adapters on; no answer ends early."""
    scale = bench.scale
    rng = np.random.default_rng(0)
    lengths = rng.integers(*scale.prompt, scale.slots)
    prompts = [rng.integers(1, scale.shape.vocabulary, length) for length in lengths]
    findings.measure("ours", lambda: _ours(bench, prompts, scale.answer))
    with _uncaptured():
        findings.measure("ours, without CUDA graphs", lambda: _ours(bench, prompts, scale.short))
    findings.measure("ours, beside the policy that is trained", lambda: _agreement(bench, prompts))
    findings.measure("generate of transformers", lambda: _speeds(bench, prompts, scale.short, _plain(bench, prompts)))
    findings.measure(
        "continuous batching of transformers",
        lambda: _speeds(bench, prompts, scale.short, _continuous(bench, prompts)),
    )


# ------------------------------------------------------------------ inside


def _speeds(bench: Bench, prompts: Sequence[Tokens], answer: int, run: Callable[[int], object]) -> Figures:
    """``run`` answers all prompts with so many tokens, and has read none of them before."""
    forget_peak(bench.device)
    device, count = bench.device, len(prompts)
    reading = timed(lambda: run(1), device)
    step = max(timed(lambda: run(answer), device) - reading, 1e-9) / (answer - 1)
    long = bench.scale.answer
    return {
        "tokens/s": count / step,
        f"tokens/s with the reading of prompts, for {long} tokens each": count * long / (reading + (long - 1) * step),
        "tokens of prompts/s": sum(map(len, prompts)) / reading,
        "GiB at the peak": peak_gib(device),
    }


def _ours(bench: Bench, prompts: Sequence[Tokens], answer: int) -> Figures:
    generator = _generator(bench)

    def run(tokens: int) -> None:
        generator.changed()
        generator.generate(prompts, Sampling(max_tokens=tokens), range(len(prompts)))

    try:
        # Steps are captured where they are first taken.
        generator.generate([prompt[:8] for prompt in prompts], Sampling(max_tokens=3), range(len(prompts)))
        return _speeds(bench, prompts, answer, run)
    finally:
        generator.close()


def _agreement(bench: Bench, prompts: Sequence[Tokens]) -> Figures:
    """How far log-probabilities of sampled tokens are from those of the policy."""
    generator = _generator(bench)
    some = prompts[:_SCORED]
    answers = generator.generate(some, Sampling(max_tokens=bench.scale.answer), range(len(some)))
    generator.close()
    pack = joined([_row(prompt, answer) for prompt, answer in zip(some, answers, strict=True)]).to(bench.device)
    with torch.no_grad():
        apart = (bench.policy(pack)[0] - pack.logprobs).abs()
    return {"nats apart, mean": float(apart.mean()), "nats apart, at most": float(apart.max())}


def _plain(bench: Bench, prompts: Sequence[Tokens]) -> Callable[[int], object]:
    """Padded on the left, all at once, each token drawn from the whole distribution."""
    model = causal_lm(bench.policy.model)
    longest = max(map(len, prompts))
    padded = np.stack([np.pad(prompt, (longest - len(prompt), 0)) for prompt in prompts])
    there = torch.from_numpy(padded).to(bench.device)
    seen = (there != 0).long()

    def run(tokens: int) -> None:
        model.set_attn_implementation("sdpa")
        with as_peft_has_it(model), torch.inference_mode():
            model.generate(
                there, attention_mask=seen, max_new_tokens=tokens, do_sample=True, top_k=0, top_p=1.0, use_cache=True
            )

    return run


def _continuous(bench: Bench, prompts: Sequence[Tokens]) -> Callable[[int], object]:
    from transformers import ContinuousBatchingConfig, GenerationConfig

    cache = ContinuousBatchingConfig(**bench.scale.paged)
    model = causal_lm(bench.policy.model)
    inputs = [prompt.tolist() for prompt in prompts]

    def run(tokens: int) -> None:
        config = GenerationConfig(max_new_tokens=tokens, do_sample=True, top_k=0, eos_token_id=-1, pad_token_id=0)
        model.set_attn_implementation("sdpa")
        # Its own thread writes to tensors that are made here, which inference_mode forbids.
        with as_peft_has_it(model), torch.no_grad():
            answers = list(model.generate_batch(inputs, config, cache).values())
        if sum(len(answer.generated_tokens) for answer in answers) != tokens * len(inputs):
            raise RuntimeError(next((answer.error for answer in answers if answer.error), "Answers are missing."))

    return run


def _generator(bench: Bench) -> LocalGenerator:
    return LocalGenerator(bench.policy.model, slots=bench.scale.slots, context=bench.scale.context, eos=())


def _row(prompt: Tokens, answer: Sampled) -> Row:
    length = len(prompt) + len(answer.tokens)
    trained = np.arange(length) >= len(prompt)
    zeros = np.zeros(length, np.float32)
    logprobs = zeros.copy()
    logprobs[trained] = answer.logprobs
    return Row(np.concatenate([prompt, answer.tokens]), trained, logprobs, zeros, np.where(trained, 0, -1))


@contextmanager
def _uncaptured() -> Iterator[None]:
    """No step is captured; they are then run as they are, which is logged."""

    def refused(*_: object, **__: object) -> None:
        raise RuntimeError("This measurement is without CUDA graphs.")

    with patch("torch.cuda.graph", refused):
        yield
