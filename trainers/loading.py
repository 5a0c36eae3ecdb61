"""From settings to a model on a device, with clear words where that cannot be."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from webgen_gym.errors import UsageError
from webgen_gym.trainers.config import LoraSettings, ModelSettings

GIB = 2**30


def load_model(settings: ModelSettings, device: torch.device | None = None) -> tuple[Any, Any]:
    """The causal LM, with adapters where they are to be trained, and its tokenizer.

    Raises:
        UsageError: there is no such model, no chat template, no GPU where one is asked for, or too little memory.
    """
    where = device or checked_device(settings.device)
    if not settings.path:
        raise UsageError("model.path is empty; give the folder of a model or its name on the hub.")
    tokenizer = _tokenizer(settings.path)
    model = _placed(_weights(settings), where, settings)
    if settings.adapter:
        return _with_adapter(model, settings), tokenizer
    return (model if settings.lora is None else with_lora(model, settings.lora)), tokenizer


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


# ------------------------------------------------------------------ inside


def _tokenizer(path: str) -> Any:
    try:
        return AutoTokenizer.from_pretrained(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"The tokenizer of the model '{path}' could not be loaded: {error}") from error


def _weights(settings: ModelSettings) -> Any:
    try:
        return AutoModelForCausalLM.from_pretrained(settings.path, dtype=settings.dtype)
    except (OSError, ValueError, AttributeError) as error:
        raise UsageError(f"The model '{settings.path}' could not be loaded: {error}") from error


def _placed(model: Any, device: torch.device, settings: ModelSettings) -> Any:
    size = sum(value.numel() * value.element_size() for value in model.parameters())
    try:
        return model.to(device)
    except torch.OutOfMemoryError as error:
        _, whole = torch.cuda.mem_get_info(device)
        raise UsageError(
            f"The weights of '{settings.path}' take {size / GIB:.1f} GiB in {model.dtype} and {device} has"
            f" {whole / GIB:.1f} GiB. Set model.dtype to bfloat16, take a smaller model, or spread it with FSDP."
        ) from error


def _with_adapter(model: Any, settings: ModelSettings) -> Any:
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, settings.adapter, is_trainable=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"The adapter '{settings.adapter}' could not be loaded: {error}") from error
