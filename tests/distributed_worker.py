"""What each process of ``tests/test_distributed.py`` runs: updates of small models on its share of the same rows.

    torchrun --nproc-per-node 2 distributed_worker.py FOLDER

The first process writes what came of it to FOLDER, each how many weights it was given to write; the tests do the same
in one process and compare.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator, FullyShardedDataParallelPlugin
from accelerate.state import AcceleratorState
from accelerate.utils import DistributedType
from torch.distributed.fsdp import FSDPModule
from torch.distributed.fsdp.wrap import transformer_auto_wrap_policy

from tests.trained import small_model, talk
from webgen_gym.errors import UsageError
from webgen_gym.trainers.build import check_processes
from webgen_gym.trainers.checkpoints import Checkpoints, weights_of
from webgen_gym.trainers.config import EnvironmentSettings, LoraSettings, TrainConfig
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.export import save_merged, save_model
from webgen_gym.trainers.learner import Learner, UpdateReport, UpdateSettings
from webgen_gym.trainers.loading import with_lora
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.packing import joined
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.processes import check_launch, is_first, is_sharded, whole
from webgen_gym.trainers.units import Group, Rollout, Row, rows_of

Rows = list[list[Row]]
KINDS = ("ddp", "fsdp")
# Five groups of unequal rollouts: two processes get three and two of them.
TURNS = ((3, 2), (1, 4, 2), (2, 2, 2), (5, 1), (3, 3, 1))


@dataclass(frozen=True, slots=True)
class Case:
    """One way to train: ``groups`` of the rows, twice in a row."""

    lora: bool = False
    tied: bool = True
    kl: float = 0.0
    groups: int = len(TURNS)
    settings: dict[str, Any] = field(default_factory=dict)


CASES = {
    "all at once": Case(),
    "packs of 40 tokens": Case(tied=False, settings={"token_budget": 40}),
    "mini-batches of two tasks": Case(settings={"tasks": 2, "epochs": 2, "token_budget": 64}),
    "one process has nothing": Case(groups=1, settings={"token_budget": 40}),
    "counted in steps": Case(settings={"normalise": "steps"}),
    "adapters": Case(lora=True),
    "adapters held to their reference": Case(lora=True, kl=0.1, settings={"tasks": 2, "epochs": 2}),
}


def rows() -> Rows:
    """The rows of all groups, the same each time."""
    rng = np.random.default_rng(5)
    groups = [Group("t", tuple(Rollout(tuple(talk(rng, turns))) for turns in each)) for each in TURNS]
    return rows_of(groups, step_grpo)


def learner(case: Case, accelerator: Accelerator) -> Learner:
    """A learner whose weights are the same each time."""
    model = small_model(tied=case.tied)
    for layer in model.model.layers:
        # It adds the same to all scores of a query, so that its gradient is nothing but rounding, which Adam blows up.
        layer.self_attn.k_proj.bias.requires_grad_(requires_grad=False)
    if case.lora:
        torch.manual_seed(1)
        model = with_lora(model, LoraSettings(rank=4, alpha=8))
    settings = UpdateSettings(**{"learning_rate": 1e-3, "token_budget": 512, **case.settings})
    return Learner(Policy(model), ClippedRatio(kl=case.kl), settings, accelerator=accelerator)


def update(some: Learner, groups: Rows, seed: int) -> UpdateReport:
    """One update on this process's share."""
    rank, ranks = some.accelerator.process_index, some.accelerator.num_processes
    return some.update(groups[rank::ranks], seed=seed)


def trained(case: Case, accelerator: Accelerator) -> tuple[Learner, list[UpdateReport]]:
    """Two updates."""
    some = learner(case, accelerator)
    return some, [update(some, rows()[: case.groups], seed) for seed in (3, 4)]


def outcome(case: Case, accelerator: Accelerator) -> dict[str, Any]:
    """Weights, the gradients that were left, and the reports of both updates."""
    some, reports = trained(case, accelerator)
    gradients = {name: value.grad for name, value in some.policy.trained().items() if value.grad is not None}
    return {
        "shards": sum(is_sharded(value) for value in some.policy.parameters()),
        "units": sum(isinstance(module, FSDPModule) for module in some.policy.modules()),
        "weights": weights_of(some),
        "gradients": whole(gradients),
        "reports": [asdict(report) for report in reports],
        "updates": some.updates,
    }


def accelerator_of(kind: str, **sharding: Any) -> Accelerator:
    """Processes that share the model in this way, whatever they did before."""
    AcceleratorState._reset_state()
    accelerator = Accelerator(cpu=True, mixed_precision="bf16" if "bfloat16" in kind else "no")
    if kind.startswith("fsdp"):
        _shard(accelerator, {"fsdp_version": 2, "cpu_ram_efficient_loading": False, **sharding})
    return accelerator


def _shard(accelerator: Accelerator, sharding: dict[str, Any]) -> None:
    """What accelerate does with these settings on GPUs; on CPUs it has no such launch, though torch has the shards."""
    plugin = FullyShardedDataParallelPlugin(auto_wrap_policy=transformer_auto_wrap_policy, **sharding)
    if accelerator.mixed_precision != "no":
        plugin.set_mixed_precision(accelerator.mixed_precision)
    accelerator.state.distributed_type = DistributedType.FSDP
    accelerator.state.fsdp_plugin = plugin


# ------------------------------------------------------------------ what only several processes do


def resumed(kind: str, folder: Path) -> dict[str, Any]:
    """Weights after two updates, with and without a checkpoint in between."""
    case = CASES["adapters"]
    straight = weights_of(trained(case, accelerator_of(kind))[0])
    first = learner(case, accelerator_of(kind))
    update(first, rows(), 3)
    checkpoints = Checkpoints(folder / f"{kind} checkpoints")
    checkpoints.save(0, first, {})
    again = learner(case, accelerator_of(kind))
    newest = checkpoints.newest()
    assert newest is not None
    checkpoints.load(newest, again)
    update(again, rows(), 4)
    return {"straight": straight, "again": weights_of(again), "updates": again.updates}


def exported(kind: str, folder: Path) -> None:
    """A whole model and an adapter, as others load them."""
    for name in ("all at once", "packs of 40 tokens", "adapters"):
        save_model(trained(CASES[name], accelerator_of(kind))[0].policy, folder / f"{kind} {name}")


def in_half_precision() -> dict[str, Any]:
    """Log-probabilities under accelerate's bfloat16, and in float32."""
    pack = joined([row for group in rows() for row in group])
    found = {}
    for kind in ("ddp", "ddp in bfloat16", "fsdp in bfloat16"):
        some = learner(CASES["all at once"], accelerator_of(kind))
        with torch.no_grad():
            found[kind] = some._scorer(pack)[0]
    return found


def mixed_in_one_layer() -> dict[str, Any]:
    """Adapters in float32 beside weights in bfloat16, in shards."""
    model = with_lora(small_model().to(torch.bfloat16), LoraSettings(rank=4, alpha=8))
    some = Learner(
        Policy(model), ClippedRatio(), UpdateSettings(learning_rate=1e-3), accelerator=accelerator_of("fsdp")
    )
    reports = [update(some, rows(), seed) for seed in (3, 4)]
    return {"ratios": [report.means["ratio"] for report in reports], "weights": weights_of(some)}


def refused() -> dict[str, str]:
    """What is said to what cannot be done."""
    return {
        "first fsdp": _said(lambda: check_launch(accelerator_of("fsdp", fsdp_version=1))),
        "loading": _said(lambda: check_launch(accelerator_of("fsdp", cpu_ram_efficient_loading=True))),
        "checkpointing": _said(lambda: check_launch(accelerator_of("fsdp", activation_checkpointing=True))),
        "local generator": _said(lambda: check_processes(TrainConfig(), accelerator_of("fsdp"))),
        "local cluster": _said(
            lambda: check_processes(TrainConfig(environment=EnvironmentSettings(ray="local")), accelerator_of("ddp"))
        ),
        "merging": _said(
            lambda: save_merged(learner(CASES["adapters"], accelerator_of("fsdp")).policy, Path("nowhere"))
        ),
    }


def _said(doing: Callable[[], object]) -> str:
    try:
        doing()
    except UsageError as error:
        return str(error)
    return ""


def main(folder: Path) -> None:
    """Everything, in one launch: starting processes takes longer than what they do."""
    torch.set_num_threads(1)
    found: dict[str, Any] = {"half": in_half_precision(), "mixed": mixed_in_one_layer()}
    for kind in KINDS:
        found[kind] = {name: outcome(case, accelerator_of(kind)) for name, case in CASES.items()}
        found[f"{kind} resumed"] = resumed(kind, folder)
        exported(kind, folder)
    found["refused"] = refused()
    if is_first():
        torch.save(found, folder / "found.pt")
    held = {kind: len(found[kind]["adapters"]["weights"]) for kind in KINDS}
    rank = accelerator_of("ddp").process_index
    (folder / f"process-{rank}.json").write_text(json.dumps(held), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
