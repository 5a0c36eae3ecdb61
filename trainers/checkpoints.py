"""States of a run on disk, from which it goes on as if it had never stopped.

    checkpoints/00012/          after iteration 12
      weights.safetensors       the parameters that are trained
      optimizer.pt              moments and step counts
      state.json                iteration, history, configuration
      COMPLETE                  written last: a folder without it was cut off and is not read

The files are written and synced to disk before the marker, in a folder of another name that is renamed at the end.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from webgen_gym.errors import BadRun
from webgen_gym.trainers.learner import Learner
from webgen_gym.trainers.processes import placed_as, whole

MARKER = "COMPLETE"
_WEIGHTS, _OPTIMIZER, _STATE = "weights.safetensors", "optimizer.pt", "state.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A complete checkpoint: its folder, and what the run itself kept in it."""

    folder: Path
    iteration: int
    state: Mapping[str, Any]


class Checkpoints:
    """The checkpoints of one run; the ``keep`` newest stay, and the best."""

    def __init__(self, folder: Path, keep: int = 2) -> None:
        self._folder = folder
        self._keep = keep

    def save(self, iteration: int, learner: Learner, state: Mapping[str, Any], *, best: int = -1) -> None:
        """Write a checkpoint after an iteration; ``best`` is the iteration of the one that must stay.

        Every process calls this; the first one writes.
        """
        weights, optimizer = weights_of(learner), learner.optimizer_state()
        if learner.accelerator.is_main_process:
            self._write(iteration, weights, {"optimizer": optimizer, "updates": learner.updates}, state)
            self._drop(best)
        learner.accelerator.wait_for_everyone()

    def _write(
        self,
        iteration: int,
        weights: Mapping[str, torch.Tensor],
        optimizer: Mapping[str, Any],
        state: Mapping[str, Any],
    ) -> None:
        target = self._folder / f"{iteration:05d}"
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        save_file(dict(weights), part / _WEIGHTS)
        torch.save(dict(optimizer), part / _OPTIMIZER)
        (part / _STATE).write_text(json.dumps({"iteration": iteration, **state}, indent=1), encoding="utf-8")
        for written in part.iterdir():
            _sync(written)
        (part / MARKER).touch()
        _sync(part)
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        _sync(self._folder)

    def newest(self) -> Checkpoint | None:
        """The newest complete checkpoint, None where there is none."""
        complete = self._complete()
        return self._read(complete[-1]) if complete else None

    def at(self, iteration: int) -> Checkpoint:
        """The checkpoint of an iteration. Raises BadRun where there is none."""
        folder = self._folder / f"{iteration:05d}"
        if not (folder / MARKER).exists():
            raise BadRun(f"There is no complete checkpoint of iteration {iteration} in {self._folder}.")
        return self._read(folder)

    @staticmethod
    def load(checkpoint: Checkpoint, learner: Learner) -> None:
        """Put weights and optimiser back. Raises BadRun where they are of another model."""
        load_weights(learner, checkpoint.folder)
        kept = torch.load(checkpoint.folder / _OPTIMIZER, map_location="cpu", mmap=True, weights_only=True)
        learner.load_optimizer_state(kept["optimizer"])
        learner.updates = kept["updates"]

    # -------------------------------------------------------------- inside

    def _complete(self) -> list[Path]:
        return sorted(marker.parent for marker in self._folder.glob(f"[0-9]*/{MARKER}"))

    def _read(self, folder: Path) -> Checkpoint:
        try:
            state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadRun(f"The checkpoint {folder} is damaged: {error}") from error
        return Checkpoint(folder, int(state["iteration"]), state)

    def _drop(self, best: int) -> None:
        for folder in self._complete()[: -self._keep]:
            if int(folder.name) != best:
                shutil.rmtree(folder)


def refuse_differences(before: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    """Raise BadRun where a run was made with other settings than it is to go on with; each is named."""
    old, new = dict(_flat(before)), dict(_flat(now))
    differing = [
        f"{key} was {old.get(key)!r} and is {new.get(key)!r}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
    if differing:
        raise BadRun(
            f"{folder} was made with other settings: {'; '.join(differing)}. Put them back, or begin a new run."
        )


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", list(value) if isinstance(value, tuple) else value


def weights_of(learner: Learner) -> dict[str, torch.Tensor]:
    """The trained parameters by name, whole, on the CPU of the first process; every process must call this."""
    return whole(learner.policy.trained())


def load_weights(learner: Learner, folder: Path) -> None:
    """Put the trained parameters of a checkpoint in place. Raises BadRun where they are of another model."""
    kept, parameters = load_file(folder / _WEIGHTS), learner.policy.trained()
    odd = sorted(kept.keys() ^ parameters.keys()) or [
        name for name, value in parameters.items() if value.shape != kept[name].shape
    ]
    if odd:
        raise BadRun(
            f"The checkpoint {folder} is of another model: '{odd[0]}' is not the same in both ({len(odd)} differ)."
        )
    with torch.no_grad():
        for name, value in parameters.items():
            value.copy_(placed_as(value, kept[name]))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
