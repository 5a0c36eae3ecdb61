"""An update of the weights, ours and that of TRL's GRPOTrainer, on the same rollouts from the same small model.

8 tasks of 8 rollouts of 4 turns; the lengths of prompts, replies and answers vary as in log-normal draws, and once more
all are of one length, so that TRL has nothing to pad. One thread; processor time, in turn, after one round that is not
counted. TRL's step: forward, backward, clipping, AdamW. Its rollouts are padded beforehand, and by its defaults it has
no pass for the log-probabilities of the old policy; ours has none either, and its packing is counted. Tokens are those
of the rollouts, the same number for both. Each has the size of passes at which it was fastest here.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from benchmarks.fixed_rollouts import Lengths, groups_of
from benchmarks.report import Report, medians, publish
from benchmarks.trl_baseline import optimiser_step, step_trainer
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.units import Group, rows_of

ROUNDS = 5
TASKS, ROLLOUTS = 8, 8
VOCABULARY = 512
PACK_TOKENS, TRL_ROWS = 4096, 16
LENGTHS = {
    "lengths vary": Lengths(prompt=32, reply=24, told=16, turns=4, spread=0.5),
    "equal lengths": Lengths(prompt=32, reply=24, told=16, turns=4, spread=0.0),
}


def small_model() -> Any:
    """A Qwen2 of 0.4 million parameters at random."""
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=96,
        intermediate_size=256,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
    )
    return Qwen2ForCausalLM(config)


@dataclass(frozen=True, slots=True)
class Contender:
    """An update, and how many tokens it reads, with padding."""

    update: Callable[[], object]
    read: int


def ours(groups: list[Group]) -> Contender:
    settings = UpdateSettings(token_budget=PACK_TOKENS)
    learner = Learner(Policy(small_model()), ClippedRatio(), settings)
    rows = rows_of(groups, step_grpo)
    return Contender(lambda: learner.update(rows), sum(len(row) for group in rows for row in group))


def theirs(groups: list[Group], folder: Path) -> Contender:
    trainer = step_trainer(small_model(), groups, folder, rows=TRL_ROWS)
    trainer.create_optimizer()
    prompts = trainer.batch()
    read = trainer.hold(prompts)
    return Contender(lambda: optimiser_step(trainer, prompts), read)


def seconds(work: Callable[[], object]) -> float:
    """Of processor time: what else the machine does is not in it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compared(groups: list[Group]) -> tuple[dict[str, float], str]:
    """Tokens of rollouts per second, and what the ratio comes of."""
    with tempfile.TemporaryDirectory() as folder:
        both = {"TRL": theirs(groups, Path(folder)), "ours": ours(groups)}
        spent: dict[str, list[float]] = {name: [] for name in both}
        for _ in range(1 + ROUNDS):
            for name, contender in both.items():
                spent[name].append(seconds(contender.update))
    middle = medians({name: values[1:] for name, values in spent.items()})
    found = {name: both["ours"].read / value for name, value in middle.items()}
    padding = 1 - both["ours"].read / both["TRL"].read
    return found, f"{found['ours'] / found['TRL']:.2f} × TRL, {padding:.0%} of whose tokens are padding"


def main() -> None:
    # TRL speaks to transformers by older names.
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    rows: dict[str, float] = {}
    notes = []
    for kind, lengths in LENGTHS.items():
        groups = groups_of(lengths, tasks=TASKS, rollouts=ROLLOUTS, vocabulary=VOCABULARY)
        found, note = compared(groups)
        rows |= {f"{name}, {kind}": value for name, value in found.items()}
        notes.append(f"{kind}: {note}")
    said = f"Ours, {'; '.join(notes)}."
    publish([Report("update", "An update", "tokens per second", rows, "TRL, lengths vary", said, digits=0)], __doc__)


if __name__ == "__main__":
    main()
