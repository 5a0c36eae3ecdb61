"""The GRPOTrainer of Hugging Face TRL with an advantage for each step: what an update of ours is compared with.

TRL has one advantage for a sequence, but its loss takes one for each token, (B, T); the override writes them. It is on
a private method, so TRL is pinned. Rollouts come from a fixed set through ``rollout_func``: nothing is sampled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

from webgen_gym.trainers.units import Group, Rollout

NO_STEP = -1


class StepTrainer(GRPOTrainer):  # type: ignore[misc]
    """Z-scores over all steps of a group, each written to the tokens of its step."""

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch: dict[str, torch.Tensor] = super()._generate_and_score_completions(inputs)
        worth = step_advantages([each["step_rewards"] for each in inputs], self.num_generations)
        batch["advantages"] = torch.zeros_like(batch["completion_ids"], dtype=torch.float32)
        for row, (each, advantages) in enumerate(zip(inputs, worth, strict=True)):
            steps = torch.tensor(each["step_index"], device=advantages.device)
            said = steps != NO_STEP
            batch["advantages"][row, : len(steps)][said] = advantages[steps[said]]
        return batch

    def _prepare_inputs(self, generation_batch: Any) -> Any:
        held = getattr(self, "_held", None)
        return super()._prepare_inputs(generation_batch) if held is None else held[self._step % self.passes]

    def hold(self, prompts: list[dict[str, Any]]) -> int:
        """Play and pad these once; every step from now on is on them, and takes no time for that.

        Returns the number of tokens that a step reads, with padding.
        """
        super()._prepare_inputs(prompts)
        self._held = self._buffered_inputs
        return sum(each["prompt_ids"].numel() + each["completion_ids"].numel() for each in self._held)

    def batch(self) -> list[dict[str, Any]]:
        """The prompts of all groups, as ``training_step`` takes them; a batch is gone through in ``passes``."""
        self.model.train()
        self.current_gradient_accumulation_steps = self.passes
        prompts: list[dict[str, Any]] = next(iter(self.get_train_dataloader()))
        return prompts

    @property
    def passes(self) -> int:
        """Into how many passes forward and back the rollouts of an optimiser step are divided."""
        passes: int = self.args.gradient_accumulation_steps
        return passes


def step_trainer(model: Any, groups: Sequence[Group], folder: Path, *, rows: int = 0, **settings: Any) -> StepTrainer:
    """A trainer for one optimiser step on all groups, without anything of TRL that ours does not do too.

    The loss is the sum over tokens divided by their number (``dapo``), and there is no reference (``beta`` 0).

    Args:
        model: a causal LM or a ``PeftModel``, on its device.
        groups: of as many rollouts each, whose prompts extend one another.
        folder: where TRL may write.
        rows: how many rollouts go through the model at once; 0 for all.
        settings: of ``GRPOConfig``, before those here.
    """
    counts = {len(group.rollouts) for group in groups}
    if len(counts) != 1:
        raise ValueError(f"TRL takes groups of one size; these have {sorted(counts)} rollouts.")
    (count,) = counts
    rows = rows or count * len(groups)
    config = {
        "output_dir": str(folder),
        "per_device_train_batch_size": rows,
        "gradient_accumulation_steps": count * len(groups) // rows,
        "num_generations": count,
        "loss_type": "dapo",
        "beta": 0.0,
        "epsilon": 0.2,
        "weight_decay": 0.01,
        "max_grad_norm": 0.5,
        "bf16": False,
        "use_cpu": model.device.type == "cpu",
        "gradient_checkpointing": False,
        "shuffle_dataset": False,
        "report_to": "none",
        "disable_tqdm": True,
        "save_strategy": "no",
        "logging_strategy": "no",
        **settings,
    }
    return StepTrainer(
        model=model,
        reward_funcs=_nothing,
        args=GRPOConfig(**config),
        train_dataset=Dataset.from_dict({"prompt": [str(number) for number in range(len(groups))]}),
        processing_class=_tokenizer(),
        rollout_func=_played(groups),
    )


def step_advantages(rewards: Sequence[Sequence[float]], rollouts: int) -> list[torch.Tensor]:
    """(r - mean) / (std + 1e-6) over the steps of each run of ``rollouts`` rollouts; NaN is no reward and gets 0."""
    found: list[torch.Tensor] = []
    for at in range(0, len(rewards), rollouts):
        group = [torch.tensor(each) for each in rewards[at : at + rollouts]]
        pooled = torch.cat(group)
        known = pooled[~pooled.isnan()]
        found += [((each - known.mean()) / (known.std() + 1e-6)).nan_to_num(0.0) for each in group]
    return found


def optimiser_step(trainer: StepTrainer, prompts: list[dict[str, Any]]) -> float:
    """What ``Trainer.train`` does for one step of the optimiser, without its log and callbacks; returns the loss."""
    loss = sum(float(trainer.training_step(trainer.model, prompts, None)) for _ in range(trainer.passes))
    trainer.accelerator.clip_grad_norm_(trainer.model.parameters(), trainer.args.max_grad_norm)
    trainer.optimizer.step()
    trainer.model.zero_grad()
    return loss


# ------------------------------------------------------------------ inside


def _played(groups: Sequence[Group]) -> Callable[[Sequence[str], GRPOTrainer], dict[str, list[Any]]]:
    """A ``rollout_func``: the prompt is the number of a group, asked for once for each of its rollouts."""

    def play(prompts: Sequence[str], _: GRPOTrainer) -> dict[str, list[Any]]:
        asked: Counter[str] = Counter()
        found: dict[str, list[Any]] = {}
        for prompt in prompts:
            for name, value in _sequence(groups[int(prompt)].rollouts[asked[prompt]]).items():
                found.setdefault(name, []).append(value)
            asked[prompt] += 1
        return found

    return play


def _sequence(rollout: Rollout) -> dict[str, list[Any]]:
    """A rollout as TRL has it: a prompt and one completion, in which the environment's tokens are masked."""
    steps = rollout.steps
    opening = len(steps[0].prompt)
    whole = np.concatenate([steps[-1].prompt, steps[-1].tokens])
    places = np.full(len(whole), NO_STEP)
    logprobs = np.zeros(len(whole), np.float32)
    for number, step in enumerate(steps):
        if not np.array_equal(whole[: len(step.prompt)], step.prompt):
            raise ValueError(f"The prompt of step {number} does not extend those before it.")
        span = slice(len(step.prompt), len(step.prompt) + len(step.tokens))
        places[span], logprobs[span] = number, step.logprobs
    rewards = np.array([np.nan if step.reward is None else step.reward for step in steps])
    trained = (places != NO_STEP) & ~np.isnan(rewards[places])
    return {
        "prompt_ids": whole[:opening].tolist(),
        "completion_ids": whole[opening:].tolist(),
        "logprobs": logprobs[opening:].tolist(),
        "env_mask": trained[opening:].astype(int).tolist(),
        "step_index": places[opening:].tolist(),
        "step_rewards": rewards.tolist(),
    }


def _nothing(completions: Sequence[str], **_: Any) -> list[float]:
    """TRL wants a reward for each completion; its advantages are replaced."""
    return [0.0] * len(completions)


def _tokenizer() -> Any:
    """One that no text goes through: prompts and completions are tokens already."""
    words = Tokenizer(WordLevel({"<pad>": 0, "<eos>": 1}, unk_token="<pad>"))
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<eos>")
