"""A causal language model from a folder or the hub, ready to be sampled from; a trainer loads through here too."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.errors import MissingTool, UsageError

_GIB = 2**30


class Loaded(NamedTuple):
    """A model, its conversations, and the tokens that end its answers."""

    model: Any
    chat: ChatTokens
    eos: frozenset[int]


def load_policy(
    path: str, adapter: Path | None, device: torch.device | str | None, dtype: str, *, trained: bool = False
) -> Loaded:
    """Load a model with its tokenizer, and an adapter where one is named. A GPU is taken where there is one.

    ``trained`` says that the adapter is to be trained on.

    Raises:
        UsageError: there is no such model or adapter, the model has no chat template, or the device does not hold it.
        MissingTool: an adapter is named and PEFT is not installed.
    """
    where = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chat = ChatTokens(AutoTokenizer.from_pretrained(path))
        model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype)
    except (OSError, ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"The model {path!r} could not be loaded: {error}") from error
    model = _placed(model, where, path)
    model = model if adapter is None else _adapted(model, adapter, trained=trained)
    ends = model.generation_config.eos_token_id
    named = ends if isinstance(ends, list) else [ends]
    return Loaded(model.eval(), chat, chat.eos.union(end for end in named if end is not None))


def _placed(model: Any, device: torch.device | str, path: str) -> Any:
    size = sum(each.numel() * each.element_size() for each in model.parameters())
    try:
        return model.to(device)
    except torch.cuda.OutOfMemoryError as error:
        raise UsageError(
            f"The weights of {path!r} take {size / _GIB:.1f} GiB in {model.dtype}, and {device} does not hold them;"
            " take a smaller model, another device (device) or a shorter type (dtype); a run of training may also"
            f" spread it over several with FSDP. {error}"
        ) from error
    except (RuntimeError, AssertionError) as error:
        raise UsageError(f"The device '{device}' (device) cannot be used: {error}") from error


def _adapted(model: Any, adapter: Path, *, trained: bool) -> Any:
    try:
        from peft import PeftModel
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"Python package {error.name!r} is not installed; install it with: pip install 'webgen-gym[train]'"
        ) from error
    try:
        return PeftModel.from_pretrained(model, str(adapter), is_trainable=trained)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"The adapter {str(adapter)!r} could not be loaded: {error}") from error
