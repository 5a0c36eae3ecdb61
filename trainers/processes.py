"""What several processes hold together: parameters in shards (FSDP2), and who of them writes.

Everything here does without a process group too; one process is then the first and the only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from accelerate import Accelerator
from accelerate.utils import DistributedType, InitProcessGroupKwargs

from webgen_gym.errors import UsageError

T = TypeVar("T")
_KINDS = ("NO", "MULTI_CPU", "MULTI_GPU", "FSDP")
# One process may have played its tasks long before another one whose installs, judges or replies take their time.
_PATIENCE = timedelta(hours=3)
_UNFIT = {
    "cpu_ram_efficient_loading": "embedding and head that share their weights would come apart",
    "activation_checkpointing": "model.checkpointing does the same and leaves parameters their names",
}


def check_launch(accelerator: Accelerator) -> None:
    """Make sure that processes share the model in a way that training can use, and compute what is asked for.

    Raises:
        UsageError: they were launched for DeepSpeed, the first FSDP or something else, or with settings that spoil it.
    """
    plugin, kind = getattr(accelerator.state, "fsdp_plugin", None), str(accelerator.distributed_type.value)
    if kind not in _KINDS or (plugin is not None and plugin.fsdp_version != 2):
        version = "" if plugin is None else f" with fsdp_version: {plugin.fsdp_version}"
        raise UsageError(
            f"The processes were launched for {kind}{version}; training takes DDP (distributed_type: MULTI_GPU) or"
            " FSDP2 (distributed_type: FSDP with fsdp_version: 2), as accelerate config calls them."
        )
    if accelerator.gradient_accumulation_steps != 1:
        raise UsageError(
            f"accelerate was told gradient_accumulation_steps: {accelerator.gradient_accumulation_steps}; it must be 1."
            " Gradients are summed over the packs of a batch in any case, however many there are."
        )
    if plugin is not None:
        _fit(plugin)


def accelerator_for(device: torch.device) -> Accelerator:
    """What the processes of a launch have in common, be it one. They wait for one another for hours, where need be."""
    waiting = InitProcessGroupKwargs(timeout=_PATIENCE)
    return Accelerator(cpu=device.type == "cpu", kwargs_handlers=[waiting])


def loading_device(accelerator: Accelerator) -> torch.device:
    """Where a model is loaded to. Shards are sent to their devices from the CPU: the whole may be larger than one."""
    sharded = accelerator.distributed_type == DistributedType.FSDP
    return torch.device("cpu") if sharded else accelerator.device


def is_first() -> bool:
    """Whether this process is the one that writes."""
    return not _together() or dist.get_rank() == 0


def wait_for_all() -> None:
    """Go on when every process has come here."""
    if _together():
        dist.barrier()


def everywhere(value: T) -> list[T]:
    """The values of all processes, in their order; they are pickled on the way."""
    if not _together():
        return [value]
    values: list[T | None] = [None] * dist.get_world_size()
    dist.all_gather_object(values, value)
    return [each for each in values if each is not None]


def is_sharded(value: torch.Tensor) -> bool:
    """Whether this process holds but a part of it."""
    return hasattr(value, "full_tensor")


def whole(values: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors gathered on the CPU of the first process, one after the other; {} on the others.

    Every process must call this with the same names.
    """
    found = {}
    for name, value in values.items():
        detached = value.detach()
        full = detached.full_tensor() if is_sharded(detached) else detached
        if is_first():
            found[name] = full.cpu().contiguous()
    return found


def placed_as(parameter: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """A whole value that every process has, as the parameter of its shape lies: on its device, and in its shards."""
    if not is_sharded(parameter):
        return value.to(parameter.device, copy=True)
    from torch.distributed.tensor import distribute_tensor

    there = value.to(parameter.device)
    return distribute_tensor(there, parameter.device_mesh, parameter.placements, src_data_rank=None).clone()


def _fit(plugin: Any) -> None:
    """Refuse what changes the model, and have accelerate round neither log-probabilities nor sums of gradients."""
    for name, reason in _UNFIT.items():
        if getattr(plugin, name, False):
            raise UsageError(f"accelerate was told fsdp_{name}: true; it must be false: {reason}.")
    if plugin.mixed_precision_policy is not None:
        plugin.mixed_precision_policy = replace(
            plugin.mixed_precision_policy, reduce_dtype=torch.float32, output_dtype=None
        )


def _together() -> bool:
    return bool(dist.is_available() and dist.is_initialized())
