"""Causal models of a few thousand weights, made on the spot at random, and how likely they find what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from webgen_gym.agents.generators import Floats, Sampled, Tokens

VOCABULARY = 61
CONTEXT = 96


def small_model(family: str = "Qwen2", *, heads: int = 4, key_heads: int = 2, seed: int = 0, **changed: Any) -> Any:
    """A model of a family of transformers in float32; its weights are large enough that it prefers some tokens.

    ``changed`` are settings of its configuration.
    """
    import torch
    import transformers

    torch.manual_seed(seed)
    settings: dict[str, Any] = {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": heads,
        "num_key_value_heads": key_heads,
        "head_dim": 8,
        "max_position_embeddings": CONTEXT,
        # Larger than usual, so that a wrong place or a wrong neighbour changes a lot.
        "initializer_range": 0.2,
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": 0,
    }
    config = getattr(transformers, f"{family}Config")(**settings | changed)
    return getattr(transformers, f"{family}ForCausalLM")(config).eval()


def with_adapter(model: Any) -> Any:
    """The model with a LoRA adapter that says something: both of its halves are random."""
    import torch
    from peft import LoraConfig, get_peft_model

    adapted = get_peft_model(model, LoraConfig(r=2, lora_alpha=8, target_modules="all-linear", init_lora_weights=False))
    assert any(float(each.detach().abs().sum()) > 0 for name, each in adapted.named_parameters() if "lora_B" in name)
    return adapted.to(torch.float32).eval()


def prompts_of(*lengths: int, seed: int = 0) -> list[Tokens]:
    """Random prompts of these lengths."""
    rng = np.random.default_rng(seed)
    return [rng.integers(1, VOCABULARY, length) for length in lengths]


def likelihoods(model: Any, prompt: Tokens, answer: Tokens, temperature: float = 1.0) -> Floats:
    """The log-probability of each token of an answer, from one plain forward pass over everything."""
    import torch

    with torch.inference_mode():
        logits = model(torch.from_numpy(np.concatenate([prompt, answer]))[None]).logits[0].float()
    logprobs = (logits / temperature).log_softmax(dim=-1)[len(prompt) - 1 : -1]
    found: Floats = logprobs.gather(1, torch.from_numpy(answer)[:, None])[:, 0].numpy()
    return found


def words(sampled: Sequence[Sampled]) -> list[list[int]]:
    """The tokens of answers, to compare."""
    return [each.tokens.tolist() for each in sampled]
