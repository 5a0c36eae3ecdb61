"""From rows to an update of the weights: packs, losses, gradients, one optimiser step for each mini-batch of groups."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedType

from webgen_gym.errors import UsageError
from webgen_gym.trainers.loss import Objective, Scores
from webgen_gym.trainers.packing import Pack, nothing, pack
from webgen_gym.trainers.policy import Policy, has_adapters
from webgen_gym.trainers.processes import check_launch, placed_as, whole
from webgen_gym.trainers.units import Row

NORMALISERS = ("tokens", "steps")


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """How a batch of groups becomes optimiser steps.

    ``tasks`` groups, of all processes together, make one mini-batch, None for the whole batch at once, as the paper has
    it; mini-batches are counted in tasks because the number of rows differs from one to the next. ``epochs`` is how
    often the batch is gone through. ``token_budget`` bounds the tokens of one pack and so the memory. The loss is the
    sum over tokens divided by the number of trained ``tokens`` or ``steps`` of the mini-batch over all processes.

    Raises:
        UsageError: a number is out of its range.
    """

    learning_rate: float = 1e-6
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.01
    max_grad_norm: float = 0.5
    tasks: int | None = None
    epochs: int = 1
    token_budget: int = 32768
    normalise: str = "tokens"

    def __post_init__(self) -> None:
        if self.normalise not in NORMALISERS:
            raise UsageError(f"update.normalise is '{self.normalise}'; it is one of {', '.join(NORMALISERS)}.")
        for name in ("learning_rate", "max_grad_norm", "epochs", "token_budget"):
            if getattr(self, name) <= 0:
                raise UsageError(f"update.{name} is {getattr(self, name)}; it must be above 0.")
        if self.tasks is not None and self.tasks < 1:
            raise UsageError(f"update.tasks is {self.tasks}; it must be 1 or more, or None.")


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What came of one batch.

    ``means`` are per trained token; ``tokens`` are those that were read, ``trained`` of them. ``grad_norm`` is the
    largest before clipping. ``skipped`` counts mini-batches that had nothing to train on.
    """

    loss: float
    grad_norm: float
    means: Mapping[str, float]
    tokens: int
    trained: int
    packs: int
    skipped: int
    seconds: float

    @property
    def tokens_per_s(self) -> float:
        """Tokens that were read, prompts included, for each second of the update, over all processes."""
        return self.tokens / self.seconds if self.seconds else 0.0


class Learner:
    """Owns the optimiser. The same rows give the same gradient however they are packed and on however many processes.

    Each process calls ``update`` with the rows of its own groups, at the same time as all others. Processes are those
    of ``accelerate launch`` or ``torchrun``: each with the whole model (DDP), or all with a part of it (FSDP2).

    Raises:
        UsageError: nothing is trained, a reference is missing, or the processes share the model in another way.
    """

    def __init__(
        self,
        policy: Policy,
        objective: Objective,
        settings: UpdateSettings,
        *,
        accelerator: Accelerator | None = None,
        reference: Policy | None = None,
    ) -> None:
        self.accelerator = accelerator or Accelerator(cpu=policy.device.type == "cpu")
        check_launch(self.accelerator)
        self._sharded = self.accelerator.distributed_type == DistributedType.FSDP
        self.policy = policy
        self.settings = settings
        self.updates = 0
        self._objective = objective
        self._reference = reference
        parameters = list(policy.trained().values())
        if not parameters:
            raise UsageError("The policy has no parameter that is trained; every requires_grad is False.")
        if objective.needs_reference and reference is None and not has_adapters(policy.model):
            raise UsageError(
                "loss.kl is not 0 and the whole model is trained: there is no reference. Train adapters (model.lora),"
                " or give the reference policy."
            )
        self.optimizer = torch.optim.AdamW(
            parameters, lr=settings.learning_rate, betas=settings.betas, weight_decay=settings.weight_decay
        )
        self._scorer, self.optimizer = self.accelerator.prepare(policy, self.optimizer)

    def update(self, groups: Sequence[Sequence[Row]], *, seed: int = 0, rate: float = 1.0) -> UpdateReport:
        """Train on the rows of groups of rollouts.

        ``seed`` cuts and orders mini-batches and is the same for all processes; ``rate`` is the part of the learning
        rate that a schedule gives to this batch. The groups of process r of n count as the r-th, (r + n)-th and so on
        of the batch, so that ``groups[r::n]`` of each makes the mini-batches that one process makes of ``groups``.

        Raises:
            UsageError: a row is longer than ``token_budget``, or the device's memory does not hold a pack.
        """
        started = time.perf_counter()
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * rate
        batches = self._batches(groups, seed)
        # With one mini-batch the policy before the batch is the policy that is trained.
        recalls = len(batches) > 1 or self._objective.needs_reference
        recalled = [self._recall(packs) if recalls else None for packs in batches]
        total = _Total()
        for packs, known in zip(batches, recalled, strict=True):
            self._step(packs, known, total)
        return total.report(time.perf_counter() - started, self.accelerator)

    def optimizer_state(self) -> dict[str, dict[str, torch.Tensor]]:
        """Moments and step count of each trained parameter by name, whole, on the first process; {} on the others.

        Every process must call this. How many there are, and how they share the model, leaves no trace in it.
        """
        held = self.optimizer.state
        kept = {name: whole(held[value]) for name, value in self.policy.trained().items() if value in held}
        return {name: state for name, state in kept.items() if state}

    def load_optimizer_state(self, state: Mapping[str, Mapping[str, torch.Tensor]]) -> None:
        """Put back what ``optimizer_state`` gave; every process must call this with the same state."""
        self.optimizer.state.clear()
        for name, parameter in self.policy.trained().items():
            if name in state:
                self.optimizer.state[parameter] = {
                    key: placed_as(parameter, value) if value.shape == parameter.shape else value.clone()
                    for key, value in state[name].items()
                }

    # -------------------------------------------------------------- one mini-batch

    def _batches(self, groups: Sequence[Sequence[Row]], seed: int) -> list[list[Pack]]:
        """The packs of each mini-batch; every process has as many mini-batches, and packs in each, as the others."""
        batches = []
        for chosen in self._mini_batches(len(groups), seed):
            rows = [row for group in chosen for row in groups[group] if row.trained.any()]
            packs = pack(rows, self.settings.token_budget)
            batches.append(packs + [nothing() for _ in range(max(self._of_all(len(packs))) - len(packs))])
        return batches

    def _mini_batches(self, count: int, seed: int) -> list[list[int]]:
        """Which of this process's groups are in each mini-batch."""
        rank, ranks = self.accelerator.process_index, self.accelerator.num_processes
        counts = self._of_all(count)
        numbers = sorted(place * ranks + process for process, many in enumerate(counts) for place in range(many))
        size = self.settings.tasks or max(len(numbers), 1)
        epochs = range(seed * self.settings.epochs, (seed + 1) * self.settings.epochs)
        batches = [batch for epoch in epochs for batch in _cut(numbers, size, random.Random(epoch))]
        return [[number // ranks for number in batch if number % ranks == rank] for batch in batches]

    def _recall(self, packs: Sequence[Pack]) -> list[tuple[torch.Tensor, torch.Tensor | None]]:
        """What the policy before this batch, and the reference, say of each pack."""
        with torch.no_grad():
            found = [self._recalled(pack.to(self.accelerator.device)) for pack in packs]
        if self._sharded:
            # A backward pass would do it; without one the shards stay gathered, and are not what the optimiser holds.
            self._scorer.reshard()
        return found

    def _recalled(self, pack: Pack) -> tuple[torch.Tensor, torch.Tensor | None]:
        old = self._scorer(pack)[0]
        if not self._objective.needs_reference:
            return old, None
        if self._reference is not None:
            return old, self._reference(pack)[0]
        with self.policy.as_reference():
            return old, self._scorer(pack)[0]

    def _step(
        self,
        packs: Sequence[Pack],
        recalled: Sequence[tuple[torch.Tensor, torch.Tensor | None]] | None,
        total: _Total,
    ) -> None:
        count = self._normaliser(packs)
        if not count:
            total.skipped += 1
            return
        self.optimizer.zero_grad(set_to_none=True)
        for place, each in enumerate(packs):
            with _told_of_memory(each), self._sent_once(last=place + 1 == len(packs)):
                self._backward(each, recalled[place] if recalled else None, count, total)
        norm = self.accelerator.clip_grad_norm_(self._scorer.parameters(), self.settings.max_grad_norm)
        self.optimizer.step()
        self.updates += 1
        total.norm = max(total.norm, float(norm))

    def _backward(
        self, pack: Pack, recalled: tuple[torch.Tensor, torch.Tensor | None] | None, count: float, total: _Total
    ) -> None:
        there = pack.to(self.accelerator.device)
        new, entropy = self._scorer(there)
        old, reference = recalled if recalled else (new.detach(), None)
        losses, watched = self._objective(Scores(new, entropy, old, reference), there)
        # Gradients are averaged over processes; what is wanted is their sum.
        loss = losses.sum() * (self.accelerator.num_processes / count)
        self.accelerator.backward(loss)
        total.add(pack, float(losses.detach().sum()) / count, watched)

    # -------------------------------------------------------------- between processes

    def _sent_once(self, *, last: bool) -> AbstractContextManager[Any]:
        """Gradients are summed up here and sent with those of the last pack; shards have no room to wait in."""
        return nullcontext() if last or self._sharded else self.accelerator.no_sync(self._scorer)

    def _of_all(self, count: int) -> list[int]:
        """This number of each process."""
        if self.accelerator.num_processes == 1:
            return [count]
        counts: list[int] = self.accelerator.gather(torch.tensor([count], device=self.accelerator.device)).tolist()
        return counts

    def _normaliser(self, packs: Sequence[Pack]) -> float:
        """Trained tokens, or steps, of a mini-batch over all processes."""
        tokens = self.settings.normalise == "tokens"
        counts = (len(pack.targets) if tokens else len(pack.steps.unique()) for pack in packs)
        mine = torch.tensor([float(sum(counts))], device=self.accelerator.device)
        return float(self.accelerator.gather(mine).sum()) if self.accelerator.num_processes > 1 else float(mine)


# ------------------------------------------------------------------ inside


def _cut(numbers: list[int], size: int, drawn: random.Random) -> list[list[int]]:
    """Mini-batches in some order. Each takes neighbours, which lie on different processes, so that all have work."""
    if size >= len(numbers):
        return [numbers]
    start = drawn.randrange(len(numbers))
    ring = numbers[start:] + numbers[:start]
    batches = [ring[at : at + size] for at in range(0, len(ring), size)]
    drawn.shuffle(batches)
    return batches


class _Total:
    """What is summed up while a batch is trained on."""

    def __init__(self) -> None:
        self.norm = 0.0
        self.skipped = 0
        self._loss = 0.0
        self._sums: dict[str, float] = {}
        self._tokens = self._trained = self._packs = 0

    def add(self, pack: Pack, loss: float, watched: Mapping[str, torch.Tensor]) -> None:
        self._loss += loss
        self._tokens += pack.tokens.shape[1]
        self._trained += len(pack.targets)
        self._packs += 1
        for name, value in watched.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(value)

    def report(self, seconds: float, accelerator: Accelerator) -> UpdateReport:
        names = sorted(self._sums)
        mine = [self._loss, self._tokens, self._trained, self._packs, *(self._sums[name] for name in names)]
        if accelerator.num_processes > 1:
            values = torch.tensor([mine], dtype=torch.float32, device=accelerator.device)
            mine = accelerator.gather(values).sum(0).tolist()
        loss, tokens, trained, packs, *sums = mine
        means = {name: value / trained if trained else 0.0 for name, value in zip(names, sums, strict=True)}
        return UpdateReport(loss, self.norm, means, int(tokens), int(trained), int(packs), self.skipped, seconds)


@contextmanager
def _told_of_memory(pack: Pack) -> Iterator[None]:
    """Say which setting makes a pack fit."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise UsageError(
            f"The memory of the device does not hold a pack of {pack.tokens.shape[1]} tokens, {len(pack.targets)} of"
            " them trained. Lower update.token_budget (the tokens of one pack), turn on model.checkpointing, or train"
            f" adapters (model.lora) instead of the whole model. torch said: {str(error).splitlines()[0]}"
        ) from error
