"""Updates of adapters: how fast, how far from the ceiling, in how much memory, and beside TRL on the same batch."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.fixed_rollouts import groups_of
from benchmarks.gpu.findings import Figures, Findings, forget_peak, peak_gib
from benchmarks.gpu.scale import Bench, as_peft_has_it
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.policy import causal_lm
from webgen_gym.trainers.units import Group, Row, rows_of


def updates(bench: Bench, findings: Findings) -> None:
    """One pack, all layers checkpointed, some not, and compiled."""
    scale = bench.scale
    groups = groups_of(scale.row, tasks=1, rollouts=scale.rows, vocabulary=scale.shape.vocabulary)
    rows = rows_of(groups, step_grpo)
    learner = _learner(bench, rows)

    def update(kept: int) -> Figures:
        forget_peak(bench.device)
        with _kept(bench, kept):
            spent = statistics.median(findings.times(lambda: learner.update(rows)))
        return {
            "tokens/s": sum(map(len, rows[0])) / spent,
            "of the ceiling": scale.shape.update_flops(rows[0], kept) / spent / bench.flops_per_s,
            "GiB at the peak": peak_gib(bench.device),
        }

    findings.measure("every layer checkpointed", partial(update, 0))
    for kept in scale.kept:
        findings.measure(f"{kept} of {scale.shape.layers} layers not checkpointed", partial(update, kept))
    with _compiled(bench, [part for layer in bench.layers for part in _without_attention(layer)]):
        findings.measure("norms and MLPs compiled", partial(update, 0))
    with _compiled(bench, bench.layers):
        findings.measure("layers compiled", partial(update, 0))


def beside_trl(bench: Bench, findings: Findings) -> None:
    """The same ragged rollouts through our update and through TRL's, one after the other in turn."""
    scale = bench.scale
    groups = groups_of(scale.ragged, tasks=2, rollouts=4, vocabulary=scale.shape.vocabulary)
    rows = rows_of(groups, step_grpo)
    tokens = sum(len(row) for group in rows for row in group)
    learner = _learner(bench, rows)

    def compare() -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            theirs = _their_update(bench, groups, Path(folder))
            spent = {"TRL": theirs, "ours": lambda: learner.update(rows)}
            found = {name: tokens / min(findings.times(work)) for name, work in spent.items()}
        return {
            "tokens/s, TRL": found["TRL"],
            "tokens/s, ours": found["ours"],
            "× TRL": found["ours"] / found["TRL"],
        }

    findings.measure(f"{tokens} tokens in rollouts of varying length", compare)


# ------------------------------------------------------------------ inside


def _learner(bench: Bench, rows: Sequence[Sequence[Row]]) -> Learner:
    budget = max(sum(map(len, group)) for group in rows)
    return Learner(bench.policy, ClippedRatio(), UpdateSettings(learning_rate=1e-5, token_budget=budget))


def _their_update(bench: Bench, groups: Sequence[Group], folder: Path) -> Callable[[], object]:
    from benchmarks.trl_baseline import optimiser_step, step_trainer

    trainer = step_trainer(
        bench.policy.model, groups, folder, rows=bench.scale.trl_rows, gradient_checkpointing=True, bf16=True
    )
    trainer.create_optimizer()
    prompts = trainer.batch()
    trainer.hold(prompts)

    def update() -> None:
        # Ours reads packs with an attention of its own; with padding this one is the fastest that torch brings.
        causal_lm(bench.policy.model).set_attn_implementation("sdpa")
        with as_peft_has_it(bench.policy.model):
            optimiser_step(trainer, prompts)

    return update


@contextmanager
def _kept(bench: Bench, count: int) -> Iterator[None]:
    """The activations of so many layers are kept."""
    for layer in bench.layers[:count]:
        layer.gradient_checkpointing = False
    try:
        yield
    finally:
        for layer in bench.layers[:count]:
            layer.gradient_checkpointing = True


@contextmanager
def _compiled(bench: Bench, modules: Sequence[Any]) -> Iterator[None]:
    for module in modules:
        module.compile(dynamic=True, backend=bench.scale.compiler)
    try:
        yield
    finally:
        # There is no public way back.
        for module in modules:
            module._compiled_call_impl = None


def _without_attention(layer: Any) -> tuple[Any, ...]:
    return layer.input_layernorm, layer.post_attention_layernorm, layer.mlp
