"""From settings to a model that is to be trained: which device, and which of its parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from webgen_gym.agents.generators.loading import Loaded, load_policy
from webgen_gym.errors import UsageError
from webgen_gym.trainers.config import LoraSettings, ModelSettings


def load_model(settings: ModelSettings, device: torch.device) -> Loaded:
    """The causal LM, with adapters where they are to be trained, and how it talks.

    Raises:
        UsageError: there is no such model or adapter, no chat template, or too little memory.
    """
    if not settings.path:
        raise UsageError("model.path is empty; give the folder of a model or its name on the hub.")
    adapter = Path(settings.adapter) if settings.adapter else None
    loaded = load_policy(settings.path, adapter, device, settings.dtype, trained=True)
    if adapter is not None or settings.lora is None:
        return loaded
    return loaded._replace(model=with_lora(loaded.model, settings.lora))


def checked_device(name: str) -> torch.device:
    """The device of this name. Raises UsageError where this machine has no such thing."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise UsageError(
            f"model.device is '{name}', and torch {torch.__version__} sees no GPU here. Set model.device to cpu, which"
            " suits small models alone, or install a build of torch for the GPU and its driver."
        )
    try:
        return torch.device(name)
    except RuntimeError as error:
        raise UsageError(f"model.device is '{name}'; it is auto, cuda, cuda:1 and so on, or cpu.") from error


def with_lora(model: Any, settings: LoraSettings) -> Any:
    """The model with new adapters on all linear layers; only they are trained. They change nothing at first."""
    from peft import LoraConfig, get_peft_model

    if settings.rank < 1:
        raise UsageError(f"model.lora.rank is {settings.rank}; it must be 1 or more.")
    config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(model, config)
