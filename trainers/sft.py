"""Supervised warm start: a policy learns to imitate demonstrations before it learns from rewards."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from accelerate import Accelerator

from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.errors import UsageError
from webgen_gym.trainers.demonstrations import Demonstration
from webgen_gym.trainers.demonstrations.lessons import Lessons, lessons
from webgen_gym.trainers.learner import Learner, UpdateReport, UpdateSettings
from webgen_gym.trainers.loss import Likelihood
from webgen_gym.trainers.policy import Policy, causal_lm


@dataclass(frozen=True, slots=True)
class SFT:
    """How demonstrations are learned; the standard is how WebGen-Agent was (arXiv 2509.22644).

    ``learning_rate`` is the highest: it is risen to in a straight line over the part ``warmup`` of the updates, and
    falls to nothing along half a cosine. An update is made of ``batch`` conversations over all processes, the last one
    of an epoch of those that are left; ``updates`` is how many are made, None for as many as ``epochs`` are.
    ``max_tokens`` is the longest conversation, at most what the model can read; ``token_budget`` bounds what is
    computed at once and so the memory.

    Raises:
        UsageError: a number is out of its range.
    """

    learning_rate: float = 4e-5
    warmup: float = 0.1
    epochs: int = 1
    updates: int | None = None
    batch: int = 32
    max_tokens: int = 32768
    token_budget: int = 32768
    max_grad_norm: float = 1.0
    weight_decay: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("learning_rate", "epochs", "batch", "max_tokens", "max_grad_norm"):
            if not getattr(self, name) > 0:
                raise UsageError(f"sft.{name} is {getattr(self, name)}; it must be above 0.")
        if self.updates is not None and self.updates < 1:
            raise UsageError(f"sft.updates is {self.updates}; it must be 1 or more, or None.")
        if not 0 <= self.warmup <= 1:
            raise UsageError(f"sft.warmup is {self.warmup}; it is the part of the updates, from 0 to 1.")
        if self.token_budget < self.max_tokens:
            raise UsageError(
                f"sft.token_budget is {self.token_budget} and sft.max_tokens {self.max_tokens}; the budget must hold"
                " the longest conversation."
            )

    def updates_of(self, conversations: int) -> int:
        """How many updates are made where there are so many conversations."""
        return self.updates or self.epochs * math.ceil(conversations / self.batch)

    def rate(self, update: int, updates: int) -> float:
        """The part of the learning rate in an update, counted from 0: above 0, at most 1."""
        rising = round(self.warmup * updates)
        if update < rising:
            return (update + 1) / rising
        return 0.5 * (1 + math.cos(math.pi * (update - rising) / (updates - rising)))


@dataclass(frozen=True, slots=True)
class SFTUpdate:
    """What came of one update: its number, from 1, of how many; the part of the learning rate; the learner's report.

    ``report.loss`` is the mean negative log-likelihood of the learned tokens in nats, before the update.
    """

    number: int
    updates: int
    rate: float
    report: UpdateReport


@dataclass(frozen=True, slots=True)
class SFTResult:
    """What was learned from, and the reports of all updates."""

    lessons: Lessons
    updates: tuple[SFTUpdate, ...]

    @property
    def losses(self) -> tuple[float, ...]:
        """The mean negative log-likelihood before each update, in nats for each learned token."""
        return tuple(update.report.loss for update in self.updates)

    @property
    def tokens_per_s(self) -> float:
        """Tokens that were read, prompts included, for each second of the updates."""
        seconds = sum(update.report.seconds for update in self.updates)
        return sum(update.report.tokens for update in self.updates) / seconds if seconds else 0.0


def warm_start(
    policy: Policy,
    chat: ChatTokens,
    demonstrations: Sequence[Demonstration],
    settings: SFT = SFT(),
    *,
    on_update: Callable[[SFTUpdate], None] = lambda update: None,
    accelerator: Accelerator | None = None,
) -> SFTResult:
    """Train the policy on the demonstrations; the same seed gives the same weights.

    Conversations longer than ``settings.max_tokens`` are cut off after the last answer that fits;
    ``SFTResult.lessons`` counts them. With several processes each calls this with the same demonstrations.

    Raises:
        UsageError: there is no demonstration, none fits, or the loss is no number any more.
    """
    learned = _learned(demonstrations, chat, _longest(policy, settings))
    learner = Learner(policy, Likelihood(), _as_update(settings), accelerator=accelerator)
    share = slice(learner.accelerator.process_index, None, learner.accelerator.num_processes)
    count = settings.updates_of(len(learned.rows))
    done: list[SFTUpdate] = []
    for number, batch in enumerate(islice(_batches(len(learned.rows), settings), count)):
        rate = settings.rate(number, count)
        report = learner.update([[learned.rows[place]] for place in batch[share]], rate=rate)
        done.append(SFTUpdate(number + 1, count, rate, report))
        _check(done[-1])
        on_update(done[-1])
    return SFTResult(learned, tuple(done))


# ------------------------------------------------------------------ inside


def _learned(demonstrations: Sequence[Demonstration], chat: ChatTokens, max_tokens: int) -> Lessons:
    if not demonstrations:
        raise UsageError("There is no demonstration to learn from.")
    learned = lessons(demonstrations, chat, max_tokens)
    if not learned.rows:
        raise UsageError(
            f"None of the {learned.left_out} demonstrations fits into {max_tokens} tokens (sft.max_tokens, and at most"
            f" what the model reads) with so much as its first answer; the shortest takes {learned.shortest}."
        )
    return learned


def _longest(policy: Policy, settings: SFT) -> int:
    """How many tokens a conversation may have: as many as the settings admit, and the model can tell apart."""
    context = getattr(causal_lm(policy.model).config, "max_position_embeddings", settings.max_tokens)
    return min(settings.max_tokens, int(context))


def _as_update(settings: SFT) -> UpdateSettings:
    return UpdateSettings(
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        token_budget=settings.token_budget,
    )


def _batches(count: int, settings: SFT) -> Iterator[list[int]]:
    """Batches of conversations for ever, each epoch in another order."""
    drawn = random.Random(settings.seed)
    while True:
        order = list(range(count))
        drawn.shuffle(order)
        for at in range(0, count, settings.batch):
            yield order[at : at + settings.batch]


def _check(update: SFTUpdate) -> None:
    if not math.isfinite(update.report.loss):
        raise UsageError(
            f"The loss of update {update.number} is {update.report.loss}; the weights are spoiled. Lower"
            " sft.learning_rate, and begin again."
        )
