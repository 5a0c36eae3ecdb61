"""From a configuration to a trainer: its parts are made here, checked before the first rollout, closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from accelerate.utils import DistributedType

from webgen_gym.agents.generators import Generator
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.envs.vector import WebGenVectorEnv
from webgen_gym.errors import UsageError
from webgen_gym.tasks import load as load_tasks
from webgen_gym.trainers.config import TaskSettings, TrainConfig
from webgen_gym.trainers.credit import make as make_credit
from webgen_gym.trainers.learner import Learner
from webgen_gym.trainers.loading import checked_device, load_model
from webgen_gym.trainers.policy import Policy, has_adapters
from webgen_gym.trainers.processes import accelerator_for, check_launch, loading_device
from webgen_gym.trainers.rollouts import Collector, RolloutSettings
from webgen_gym.trainers.trainer import HeldOut, StepGRPO
from webgen_gym.trainers.voice import PlainVoice
from webgen_gym.types import Task

ENVIRONMENTS = ("WebGen-v0", "WebGenStatic-v0")


@dataclass(frozen=True, slots=True)
class Built:
    """A trainer, and what its results are exported with."""

    trainer: StepGRPO
    policy: Policy
    tokenizer: Any


@contextmanager
def built(config: TrainConfig, *, say: Callable[[str], None] = print) -> Iterator[Built]:
    """Make everything that a run needs; within the block it may run.

    What is cheap to check comes first: tasks, judges, device, model, generator.

    Raises:
        UsageError: something that is named does not exist, does not fit together or does not fit into memory.
        ModelFailed: a judge's model does not answer.
    """
    credit = make_credit(config.credit)
    training, held_out = split_tasks(config.tasks)
    accelerator = accelerator_for(checked_device(config.model.device))
    check_processes(config, accelerator)
    with ExitStack() as stack:
        env = stack.enter_context(_opened(config, training, accelerator))
        other = stack.enter_context(_opened(config, held_out, accelerator, evaluation=True)) if held_out else None
        loaded = load_model(config.model, loading_device(accelerator))
        policy = Policy(
            loaded.model,
            temperature=config.sampling.temperature or 1.0,
            checkpointing=config.model.checkpointing,
            chunk_tokens=config.model.chunk_tokens,
        )
        generator = stack.enter_context(closing(_generator(config, policy, loaded.eos)))
        learner = Learner(policy, config.loss, config.update, accelerator=accelerator)

        def collector(where: WebGenVectorEnv, settings: RolloutSettings) -> Collector:
            voice = PlainVoice(config.environment.dialect, static=config.environment.id == "WebGenStatic-v0")
            return Collector(where, generator, loaded.chat, voice, settings)

        once = replace(config.rollout, group=1, branched=False)
        trainer = StepGRPO(
            tasks=training,
            collector=collector(env, config.rollout),
            sampling=config.sampling,
            generator=generator,
            learner=learner,
            folder=Path(config.folder),
            credit=credit,
            settings=config.run,
            guards=config.guards,
            held_out=HeldOut(held_out, collector(other, once), config.sampling) if other is not None else None,
            config=config.fingerprint(),
            say=say,
        )
        yield Built(trainer, policy, loaded.chat.tokenizer)


def split_tasks(settings: TaskSettings) -> tuple[Sequence[Task], Sequence[Task]]:
    """The tasks to train on and those that are held out; no task is in both.

    Raises:
        UsageError: nothing is left to train on, or a task is in both.
    """
    training = load_tasks(settings.train or None)
    if settings.held_out:
        held_out = load_tasks(settings.held_out)
        both = {task.id for task in training} & {task.id for task in held_out}
        if both:
            raise UsageError(f"Of the held-out tasks {len(both)} are trained on too, '{min(both)}' among them.")
        return training, held_out
    if not 0 <= settings.hold_out < len(training):
        raise UsageError(f"tasks.hold_out is {settings.hold_out} of {len(training)} tasks; at least one must be left.")
    end = len(training) - settings.hold_out
    return training[:end], training[end:]


def check_processes(config: TrainConfig, accelerator: Accelerator) -> None:
    """Make sure that a run can be shared as it was launched.

    Raises:
        UsageError: the launch, the generator and the environment do not fit together.
    """
    check_launch(accelerator)
    if accelerator.distributed_type == DistributedType.FSDP and config.generator.kind == "local":
        raise UsageError(
            "With FSDP no process has the whole model, so generator.kind = local has nothing to sample from. Set"
            " generator.kind to server (and model.lora, since a server is sent adapters), or launch with DDP."
        )
    if accelerator.num_processes > 1 and config.environment.ray == "local":
        raise UsageError(
            f"environment.ray is 'local', and each of the {accelerator.num_processes} processes would start a cluster."
            " Start one with ray start --head, and set environment.ray to auto."
        )


# ------------------------------------------------------------------ inside


def _generator(config: TrainConfig, policy: Policy, eos: Collection[int]) -> Generator:
    wanted = config.generator
    if wanted.kind == "local":
        return LocalGenerator(policy.model, slots=wanted.slots, context=wanted.context, eos=eos)
    if wanted.kind != "server":
        raise UsageError(f"generator.kind is '{wanted.kind}'; it is local or server.")
    if not has_adapters(policy.model):
        raise UsageError(
            "A server is sent adapters after each update, and the whole model is trained; set model.lora, or"
            " generator.kind to local."
        )
    from webgen_gym.agents.generators.server import ServerGenerator

    return ServerGenerator(wanted.base_url, wanted.model, context=wanted.context, eos=eos)


@contextmanager
def _opened(
    config: TrainConfig, tasks: Sequence[Task], accelerator: Accelerator, *, evaluation: bool = False
) -> Iterator[WebGenVectorEnv]:
    """A vector environment whose judges answer; each process has one, and records its turns in a folder of its own."""
    wanted = config.environment
    if wanted.id not in ENVIRONMENTS:
        raise UsageError(f"environment.id is '{wanted.id}'; it is one of {', '.join(ENVIRONMENTS)}.")
    part = "evaluation" if evaluation else "training"
    if accelerator.num_processes > 1:
        part = f"{part}/process-{accelerator.process_index:02d}"
    arguments: dict[str, Any] = {
        "tasks": tasks,
        "judge": (evaluation and wanted.evaluation_judge) or wanted.judge,
        "gui": (evaluation and wanted.evaluation_gui) or wanted.gui,
        "gui_on": wanted.gui_on,
        "sandbox": wanted.sandbox,
        "max_turns": config.rollout.turns,
        "static_only": wanted.id == "WebGenStatic-v0",
        "autoreset_mode": "Disabled",
        "run_dir": Path(config.folder) / part if wanted.keep_turns else None,
    }
    env = _made(wanted.slots, wanted.ray, arguments)
    with closing(env):
        env.check_models()
        yield env


def _made(slots: int, ray: str, arguments: dict[str, Any]) -> WebGenVectorEnv:
    if not ray:
        return WebGenVectorEnv(slots, **arguments)
    from webgen_gym.envs.ray import RayVectorEnv

    return RayVectorEnv(slots, address=None if ray == "local" else ray, **arguments)
