"""Sampling from a transformers model in this process, with the weights that a trainer is changing.

Reading order: ``slots``, ``sharing`` (what lies in the cache) → ``lanes`` (the answers under way) → ``prefill`` (how
prompts are cut into passes) → ``drawing`` → ``kv_cache``, ``attention_cached``, ``padded_reads``, ``flash_reads`` →
``decoding``, ``graphs`` (steps) → ``engine`` → ``batch`` → this module.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import torch

from webgen_gym.agents.generators.attention_cached import cached_attention
from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.batch import Batch
from webgen_gym.agents.generators.checks import check_prompts
from webgen_gym.agents.generators.engine import Engine, head_width
from webgen_gym.agents.generators.flash_reads import flash_kernel
from webgen_gym.agents.generators.slots import SlotBook
from webgen_gym.agents.generators.weights import Weights
from webgen_gym.errors import UsageError

_ATTENTION = frozenset({"full_attention", "sliding_attention"})


class LocalGenerator:
    """A ``Generator`` on a causal language model of transformers, which may carry PEFT adapters; those stay active.

    Keys and values of up to ``slots`` sequences stay on the device between calls: of a prompt that goes on from an
    earlier one only what is new is read. They are dropped when the weights change. On CUDA in bfloat16 or float16
    attention is flash attention and the steps are CUDA graphs; anywhere else both are plain torch. A prompt for which
    no slot is free waits for one. Belongs to one thread at a time, and the model is not trained meanwhile.

    Args:
        model: Llama, Qwen2, Qwen3 or one that attends as they do.
        slots: how many answers are under way at once.
        context: how many tokens a prompt and its answer have together at most. The cache holds keys and values of
            ``slots * context`` tokens.
        eos: the tokens that end an answer.
        prefill_tokens: how many tokens of prompts go through the model at once.

    Raises:
        UsageError: a number is out of its range, or the model attends in a way that is not done here.
    """

    def __init__(
        self, model: Any, *, slots: int, context: int, eos: Collection[int], prefill_tokens: int = 8192
    ) -> None:
        self._model = _without_wrapper(model)
        _check_sizes(slots, context, prefill_tokens)
        _check_model(self._model.config, context)
        self._slots = slots
        self._context = context
        self._eos = frozenset(eos)
        self._prefill_tokens = prefill_tokens
        self._book = SlotBook(slots, context)
        self._weights: Weights | None = None
        self._engine: Engine | None = None

    @property
    def shares_weights(self) -> bool:
        """Yes: it samples from the model that it was given."""
        return True

    @property
    def context(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        return self._context

    def generate(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        """An answer to each prompt. See ``Generator``; at temperature 0 log-probabilities are those of temperature 1.

        Raises:
            UsageError: a prompt is empty or leaves no room for a token, there is not one seed (0 or more) for each, or
                the GPU's memory does not hold what ``slots`` and ``context`` ask for.
        """
        check_prompts(prompts, seeds, self._context)
        engine = self._current_engine()
        limits = [min(sampling.max_tokens, self._context - len(prompt)) for prompt in prompts]
        try:
            with cached_attention(self._model):
                return Batch(engine, self._book, prompts, limits, seeds, sampling, self._eos).answers()
        except torch.cuda.OutOfMemoryError as error:
            self.close()
            raise UsageError(
                f"The GPU's memory does not hold {self._slots} slots of {self._context} tokens beside the model, read"
                f" {self._prefill_tokens} tokens at once; lower slots, context or prefill_tokens. {error}"
            ) from error
        except BaseException:
            # Nobody knows any more what lies in the slots.
            self._book.forget()
            raise

    def changed(self) -> None:
        """Forget what the weights made, where they were written to through ``.data``, which torch does not count."""
        self._book.forget()

    def load(self, adapter: Path, version: int) -> None:
        """The weights are the trainer's own, so nothing is loaded; what the old ones made is forgotten."""
        self.changed()

    def close(self) -> None:
        """Free the cache. A later ``generate`` makes another."""
        self._book.forget()
        self._engine = None

    def _current_engine(self) -> Engine:
        """The engine; what does not fit to the weights of this moment is forgotten."""
        now, before = Weights.of(self._model), self._weights
        self._weights = now
        if now != before:
            self._book.forget()
        if self._engine is None:
            kernel = flash_kernel(self._model.device, self._model.dtype, head_width(self._model.config))
            self._engine = Engine(self._model, self._slots, self._context, self._prefill_tokens, kernel)
        elif before is None or now.places != before.places:
            self._engine.decoder.forget()
        return self._engine


def _without_wrapper(model: Any) -> Any:
    """The model itself: PEFT puts its adapters into the layers, and needs no part in a forward pass."""
    configs = getattr(model, "peft_config", {})
    if any(config.is_prompt_learning for config in configs.values()):
        raise UsageError("LocalGenerator does not do prompt learning; take an adapter in the layers, such as LoRA.")
    return model.get_base_model() if configs else model


def _check_sizes(slots: int, context: int, prefill_tokens: int) -> None:
    for name, value, least in (("slots", slots, 1), ("context", context, 2), ("prefill_tokens", prefill_tokens, 1)):
        if value < least:
            raise UsageError(f"LocalGenerator.{name} is {value}; it must be {least} or more.")


def _check_model(config: Any, context: int) -> None:
    longest = getattr(config, "max_position_embeddings", None)
    if longest is not None and context > longest:
        raise UsageError(f"LocalGenerator.context is {context}; the model takes at most {longest} tokens.")
    kinds = set(getattr(config, "layer_types", None) or ())
    if not kinds <= _ATTENTION:
        raise UsageError(f"LocalGenerator does not do the model's layers of {', '.join(sorted(kinds - _ATTENTION))}.")
    window = getattr(config, "sliding_window", None)
    if "sliding_attention" in kinds and window is not None and window < context:
        raise UsageError(f"LocalGenerator.context is {context}; the model attends to {window} tokens at most.")
