"""How large things are: those of a GPU, and those of a dry run on a CPU. And the model that is measured."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from benchmarks.fixed_rollouts import Lengths
from webgen_gym.trainers.config import LoraSettings
from webgen_gym.trainers.loading import with_lora
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.units import Row


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a Qwen2 whose head is not tied to the embedding."""

    hidden: int
    intermediate: int
    layers: int
    heads: int
    key_heads: int
    vocabulary: int

    def layer_weights(self) -> int:
        """The weights of the linear maps of one layer."""
        keys = self.hidden * self.key_heads // self.heads
        return self.hidden * (2 * self.hidden + 2 * keys + 3 * self.intermediate)

    def update_flops(self, rows: Sequence[Row], kept: int) -> float:
        """Of an update of adapters: weights that are frozen have no gradient.

        A layer is gone through forward, backward for what flows through it, and forward again unless it is one of the
        ``kept`` ones, whose activations stay; attention costs twice as much backward. The head is on trained tokens.
        """
        tokens, trained = sum(map(len, rows)), sum(int(row.trained.sum()) for row in rows)
        linear = 2.0 * self.layer_weights() * tokens
        attention = 2.0 * self.hidden * sum(len(row) ** 2 for row in rows)
        again = self.layers - kept
        body = self.layers * (2 * linear + 3 * attention) + again * (linear + attention)
        return body + 3 * 2.0 * self.hidden * self.vocabulary * trained


@dataclass(frozen=True, slots=True)
class Scale:
    """``kept`` are the numbers of layers without checkpointing that are tried. Lengths are in tokens.

    ``row`` is a row of the update, of which there are ``rows``; ``ragged`` those of the comparison with TRL, which
    reads ``trl_rows`` of them at once. ``prompt`` is the shortest and the longest prompt of the generation; ``answer``
    is how long answers are, ``short`` where a step takes long. ``paged`` bounds the cache of continuous batching.
    """

    device: str
    dtype: torch.dtype
    shape: Shape
    rank: int
    matmul: int
    copied_mib: int
    rows: int
    row: Lengths
    ragged: Lengths
    trl_rows: int
    kept: tuple[int, ...]
    compiler: str
    slots: int
    context: int
    prompt: tuple[int, int]
    answer: int
    short: int
    paged: Mapping[str, int]


FULL = Scale(
    device="cuda",
    dtype=torch.bfloat16,
    shape=Shape(hidden=3584, intermediate=18944, layers=28, heads=28, key_heads=4, vocabulary=152064),
    rank=32,
    matmul=8192,
    copied_mib=4096,
    rows=4,
    # 4,092 tokens, 60 % of them replies.
    row=Lengths(prompt=696, reply=614, told=313, turns=4, spread=0.0),
    ragged=Lengths(prompt=512, reply=450, told=230, turns=4, spread=0.5),
    trl_rows=2,
    kept=(8, 20),
    compiler="inductor",
    slots=80,
    context=4096,
    prompt=(2816, 3328),
    answer=256,
    short=64,
    paged={},
)
TINY = Scale(
    device="cpu",
    dtype=torch.bfloat16,
    shape=Shape(hidden=64, intermediate=96, layers=2, heads=4, key_heads=2, vocabulary=512),
    rank=4,
    matmul=256,
    copied_mib=8,
    rows=4,
    row=Lengths(prompt=20, reply=15, told=8, turns=4, spread=0.0),
    ragged=Lengths(prompt=12, reply=11, told=6, turns=4, spread=0.5),
    trl_rows=2,
    kept=(1,),
    compiler="eager",
    slots=4,
    context=96,
    prompt=(40, 60),
    answer=16,
    short=8,
    # Otherwise it takes most of the memory of the machine.
    paged={"num_blocks": 16, "max_batch_tokens": 256},
)


@contextmanager
def as_peft_has_it(model: Any) -> Iterator[None]:
    """For others who compute with the model: adapters cast what they read, which ``Policy`` spares itself."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    layers = [layer for layer in model.modules() if isinstance(layer, BaseTunerLayer)]
    before = [layer.cast_input_dtype_enabled for layer in layers]
    for layer in layers:
        layer.cast_input_dtype_enabled = True
    try:
        yield
    finally:
        for layer, cast in zip(layers, before, strict=True):
            layer.cast_input_dtype_enabled = cast


@dataclass
class Bench:
    """What the parts share; it is made when the first of them asks for it."""

    scale: Scale
    device: torch.device = field(init=False)

    def __post_init__(self) -> None:
        self.device = torch.device(self.scale.device)

    @functools.cached_property
    def policy(self) -> Policy:
        """A model at random on the device, with adapters, all layers checkpointed."""
        shape = self.scale.shape
        config = Qwen2Config(
            vocab_size=shape.vocabulary,
            hidden_size=shape.hidden,
            intermediate_size=shape.intermediate,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            num_key_value_heads=shape.key_heads,
            tie_word_embeddings=False,
            bos_token_id=None,
            eos_token_id=None,
            pad_token_id=0,
        )
        torch.manual_seed(0)
        before = torch.get_default_dtype()
        torch.set_default_dtype(self.scale.dtype)
        try:
            with self.device:
                model = Qwen2ForCausalLM(config)
        finally:
            torch.set_default_dtype(before)
        model.requires_grad_(requires_grad=False)
        adapted = with_lora(model, LoraSettings(rank=self.scale.rank, alpha=2 * self.scale.rank))
        return Policy(adapted.eval(), checkpointing=True)

    @functools.cached_property
    def layers(self) -> list[Any]:
        """Of the decoder."""
        return list(self.policy.model.get_base_model().model.layers)

    @functools.cached_property
    def flops_per_s(self) -> float:
        """What products of large matrices reach here: the ceiling of what an update can."""
        from benchmarks.gpu.ceilings import matmul_flops_per_s

        return matmul_flops_per_s(self.scale, self.device)
