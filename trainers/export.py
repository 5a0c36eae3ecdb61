"""What others can load: an adapter as PEFT writes it, or a whole model as transformers does."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from webgen_gym.errors import UsageError
from webgen_gym.trainers.policy import Policy, has_adapters
from webgen_gym.trainers.processes import is_first, is_sharded, wait_for_all, whole


def save_model(policy: Policy, folder: Path, tokenizer: Any | None = None) -> Path:
    """Write the adapter, or the whole model where that is trained, for ``--adapter`` or ``--model`` of a run.

    Every process calls this; the first one writes.
    """
    weights = whole(_saved(policy)) if _is_spread(policy) else None
    if is_first():
        _write(policy.model, folder, tokenizer, weights)
    wait_for_all()
    return folder


def save_merged(policy: Policy, folder: Path, tokenizer: Any | None = None) -> Path:
    """Write the model with its adapter added to the weights; the policy stays as it is.

    Takes the memory of the model a second time, on the CPU. Every process calls this; the first one writes.

    Raises:
        UsageError: there is no adapter to merge, or no process has the whole model.
    """
    if not has_adapters(policy.model):
        raise UsageError("The whole model was trained, so there is no adapter to merge; export it as it is.")
    if _is_spread(policy):
        raise UsageError(
            "No process has the whole model (FSDP), so the adapter cannot be merged here. Export it as it is, or merge"
            " it in one process: webgen train CONFIG --resume --export FOLDER --merged."
        )
    if is_first():
        _write(copy.deepcopy(policy.model).cpu().merge_and_unload(), folder, tokenizer, None)
    wait_for_all()
    return folder


# ------------------------------------------------------------------ inside


def _write(model: Any, folder: Path, tokenizer: Any | None, weights: dict[str, Any] | None) -> None:
    model.save_pretrained(folder, **({} if weights is None else {"state_dict": weights}))
    if tokenizer is not None:
        tokenizer.save_pretrained(folder)


def _is_spread(policy: Policy) -> bool:
    return any(is_sharded(value) for value in policy.model.parameters())


def _saved(policy: Policy) -> dict[str, Any]:
    """What is written, by the names that the model gives."""
    return dict(policy.trained()) if has_adapters(policy.model) else policy.model.state_dict()
