"""What tests of the trainer share: small models at random, and steps that were never sampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests import small_policies
from tests.small_policies import VOCABULARY
from webgen_gym.agents.generators import Floats, Tokens
from webgen_gym.trainers.units import NO_STEP, Row, Step

SPECIAL = ("<pad>", "<unk>", "<end>", "<asked>", "<answer>")


def small_model(
    *, seed: int = 0, heads: int = 4, shared: int = 2, tied: bool = True, layers: int = 2, vocabulary: int = VOCABULARY
) -> Any:
    """A Qwen2 of some thousand weights at random, all of which are trained."""
    return small_policies.small_model(
        heads=heads,
        key_heads=shared,
        seed=seed,
        tie_word_embeddings=tied,
        num_hidden_layers=layers,
        vocab_size=vocabulary,
        max_position_embeddings=512,
        # An embedding of its own for filling would get no gradient.
        pad_token_id=None,
    )


def tokens(rng: np.random.Generator, count: int) -> Tokens:
    """So many tokens at random."""
    return rng.integers(0, VOCABULARY, count)


def noise(rng: np.random.Generator, count: int) -> Floats:
    """Small numbers at random."""
    return rng.normal(size=count).astype(np.float32)


def talk(rng: np.random.Generator, turns: int, *, rewards: list[float | None] | None = None) -> list[Step]:
    """The steps of a rollout whose prompts extend one another."""
    held = tokens(rng, int(rng.integers(3, 9)))
    steps = []
    for turn in range(turns):
        said = tokens(rng, int(rng.integers(2, 7)))
        reward = rewards[turn] if rewards else float(rng.normal())
        steps.append(Step(held, said, noise(rng, len(said)) * 0.1 - 4.0, reward))
        held = np.concatenate([held, said, tokens(rng, int(rng.integers(1, 5)))])
    return steps


def row_of_step(step: Step, advantage: float, number: int) -> Row:
    """One step in a row of its own."""
    said, length = len(step.tokens), len(step.prompt) + len(step.tokens)
    trained = np.arange(length) >= length - said
    if step.reward is None:
        trained[:] = False
    logprobs = np.concatenate([np.zeros(length - said, np.float32), step.logprobs])
    return Row(
        np.concatenate([step.prompt, step.tokens]),
        trained,
        np.where(trained, logprobs, 0).astype(np.float32),
        np.where(trained, advantage, 0).astype(np.float32),
        np.where(trained, number, NO_STEP),
    )


def word_tokenizer(words: Sequence[str]) -> Any:
    """A tokenizer with one token for each word, and a chat template that ends every message with the same token."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: place for place, word in enumerate((*SPECIAL, *words))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        unk_token="<unk>",
        eos_token="<end>",
        extra_special_tokens={"asked": "<asked>", "answer": "<answer>"},
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{{ '<answer>' if m['role'] == 'assistant' else '<asked>' }} {{ m['content'] }} <end> "
        "{% endfor %}{% if add_generation_prompt %}<answer> {% endif %}"
    )
    return tokenizer
