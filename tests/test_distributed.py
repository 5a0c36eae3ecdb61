"""Several processes do what one does: each with the whole model (DDP), or all with a part of it (FSDP2)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import Accelerator

from tests.distributed_worker import CASES, KINDS, learner, outcome, rows, update
from tests.tiny_models import text_model
from tests.trained import small_model
from webgen_gym.trainers.checkpoints import Checkpoints, weights_of
from webgen_gym.trainers.processes import placed_as, whole
from webgen_gym.trainers.run_log import read_metrics

ROOT = Path(__file__).resolve().parent.parent
LAUNCH_S = 300
EQUAL = 1e-5

RUN = """
folder = "{folder}/run"
[model]
path = "{folder}/model"
device = "cpu"
checkpointing = false
lora = {{rank = 2, alpha = 4}}
[tasks]
train = "{folder}/tasks.jsonl"
hold_out = 1
[environment]
id = "WebGenStatic-v0"
slots = 2
[generator]
context = 16384
slots = 4
[sampling]
max_tokens = 6
[rollout]
group = 2
turns = 1
[run]
iterations = 1
tasks = 3
save_every = 1
"""

Found = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes wrote."""
    written = tmp_path_factory.mktemp("distributed")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launch, "-m", "tests.distributed_worker", str(written)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LAUNCH_S, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return written


@pytest.fixture(scope="module")
def found(folder: Path) -> Found:
    values: Found = torch.load(folder / "found.pt", weights_only=True)
    return values


@pytest.fixture(scope="module")
def alone() -> Found:
    """The same in one process."""
    return {name: outcome(case, Accelerator(cpu=True)) for name, case in CASES.items()}


def launched(config: Path, *more: str) -> str:
    """What ``accelerate launch`` of two processes printed. With --cpu it starts one, whatever it is told."""
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    settings = ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    command = [*launch, *settings, "-m", "webgen_gym.cli", "train", str(config), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LAUNCH_S, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def difference(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """The largest between tensors of the same names."""
    assert one.keys() == other.keys()
    return max(float((one[name].detach() - other[name]).abs().max()) for name in one)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_leave_the_gradients_that_one_leaves(found: Found, alone: Found, kind: str, case: str) -> None:
    assert difference(found[kind][case]["gradients"], alone[case]["gradients"]) < EQUAL
    assert max(float(value.abs().max()) for value in alone[case]["gradients"].values()) > 1000 * EQUAL


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_make_the_weights_that_one_makes(found: Found, alone: Found, kind: str, case: str) -> None:
    assert found[kind][case]["updates"] == alone[case]["updates"]
    assert difference(found[kind][case]["weights"], alone[case]["weights"]) < EQUAL


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_report_what_one_reports(found: Found, alone: Found, kind: str, case: str) -> None:
    for together, one in zip(found[kind][case]["reports"], alone[case]["reports"], strict=True):
        for name in ("trained", "skipped"):
            assert together[name] == one[name]
        for name in ("loss", "grad_norm", "means"):
            assert together[name] == pytest.approx(one[name], rel=1e-4, abs=1e-5)


def test_only_shards_are_held_with_fsdp(found: Found) -> None:
    for case in CASES:
        assert found["fsdp"][case]["shards"] > 0
        assert found["ddp"][case]["shards"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_go_on_from_a_checkpoint_end_as_if_they_had_not_stopped(found: Found, kind: str) -> None:
    resumed = found[f"{kind} resumed"]
    assert resumed["updates"] == 2
    assert difference(resumed["again"], resumed["straight"]) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_one_process_goes_on_from_a_checkpoint_of_several(found: Found, folder: Path, kind: str) -> None:
    some = learner(CASES["adapters"], Accelerator(cpu=True))
    checkpoints = Checkpoints(folder / f"{kind} checkpoints")
    newest = checkpoints.newest()
    assert newest is not None
    checkpoints.load(newest, some)
    update(some, rows(), 4)
    assert difference(weights_of(some), found[f"{kind} resumed"]["straight"]) < EQUAL


def test_the_first_process_alone_is_given_weights_to_write(found: Found, folder: Path) -> None:
    first, second = (json.loads((folder / f"process-{rank}.json").read_text()) for rank in (0, 1))
    many = len(found["ddp"]["adapters"]["weights"])
    assert first == {"ddp": many, "fsdp": many}
    assert second == {"ddp": 0, "fsdp": 0}


@pytest.mark.parametrize("case", ["all at once", "packs of 40 tokens"])
@pytest.mark.parametrize("kind", KINDS)
def test_transformers_loads_a_whole_model_that_several_trained(
    alone: Found, folder: Path, kind: str, case: str
) -> None:
    from transformers import AutoModelForCausalLM

    loaded = AutoModelForCausalLM.from_pretrained(folder / f"{kind} {case}", dtype="float32")
    weights = {name: value for name, value in loaded.named_parameters() if name in alone[case]["weights"]}
    assert difference(weights, alone[case]["weights"]) < EQUAL


@pytest.mark.parametrize("kind", KINDS)
def test_peft_loads_an_adapter_that_several_trained(alone: Found, folder: Path, kind: str) -> None:
    from peft import PeftModel

    loaded = PeftModel.from_pretrained(small_model(), str(folder / f"{kind} adapters"), is_trainable=True)
    weights = {name: value for name, value in loaded.named_parameters() if value.requires_grad}
    assert difference(weights, alone["adapters"]["weights"]) < EQUAL


@pytest.mark.parametrize("kind", KINDS)
def test_log_probabilities_in_half_precision_are_not_rounded_to_it(found: Found, kind: str) -> None:
    half, full = found["half"][f"{kind} in bfloat16"], found["half"]["ddp"]
    assert half.dtype is torch.float32
    assert not torch.equal(half, half.bfloat16().float())
    assert float((half - full).abs().max()) < 0.2


def test_adapters_in_float32_are_sharded_beside_weights_in_bfloat16(found: Found) -> None:
    assert found["mixed"]["ratios"] == [1, 1]
    assert all(value.dtype is torch.float32 for value in found["mixed"]["weights"].values())


def test_the_first_fsdp_is_refused_with_the_setting_to_change(found: Found) -> None:
    assert "fsdp_version: 1" in found["refused"]["first fsdp"]
    assert "fsdp_version: 2" in found["refused"]["first fsdp"]


@pytest.mark.parametrize("setting", ["loading", "checkpointing"])
def test_settings_of_fsdp_that_change_the_model_are_refused(found: Found, setting: str) -> None:
    assert f"{setting}: true; it must be false" in found["refused"][setting]


def test_each_layer_is_gathered_by_itself(found: Found) -> None:
    layers = small_model().config.num_hidden_layers
    assert all(found["fsdp"][case]["units"] == layers + 1 for case in CASES)


def test_merging_shards_is_refused_with_the_way_around(found: Found) -> None:
    assert "webgen train CONFIG --resume --export FOLDER --merged" in found["refused"]["merging"]


def test_the_local_generator_is_refused_where_the_weights_are_in_shards(found: Found) -> None:
    assert "Set generator.kind to server" in found["refused"]["local generator"]


def test_a_local_cluster_for_each_process_is_refused(found: Found) -> None:
    assert "each of the 2 processes would start a cluster" in found["refused"]["local cluster"]


@pytest.mark.slow
def test_a_run_is_launched_on_two_processes_and_goes_on(tmp_path: Path) -> None:
    text_model(tmp_path / "model", context=16_384)
    tasks = [{"id": f"t{number}", "instruction": "Build a page.", "ui_instruct": []} for number in range(6)]
    (tmp_path / "tasks.jsonl").write_text("".join(f"{json.dumps(task)}\n" for task in tasks))
    (tmp_path / "run.toml").write_text(RUN.format(folder=tmp_path))
    first = launched(tmp_path / "run.toml")
    assert [line.split()[0] for line in first.splitlines() if "reward" in line] == ["0"]
    again = launched(tmp_path / "run.toml", "--resume", "--set", "run.iterations=2", "--export", str(tmp_path / "out"))
    assert [line.split()[0] for line in again.splitlines() if "reward" in line] == ["1"]

    folders = [tmp_path / "run" / "training" / f"process-{rank:02d}" for rank in (0, 1)]
    turns = [json.loads(line) for each in folders for line in (each / "turns.jsonl").read_text().splitlines()]
    assert {turn["task"] for turn in turns} == {f"t{number}" for number in range(5)}
    played = sum(turn["number"] > 0 for turn in turns)
    assert sum(line["turns/played"] for line in read_metrics(tmp_path / "run")) == played
    kept = sorted(path.name for path in (tmp_path / "run" / "checkpoints").iterdir())
    assert kept == ["00000", "00001"]
    assert (tmp_path / "out" / "adapter_model.safetensors").exists()


def test_one_process_is_the_first_and_has_everything() -> None:
    value = torch.arange(3.0)
    assert torch.equal(whole({"a": value})["a"], value)


def test_what_is_put_in_place_is_a_copy() -> None:
    value = torch.arange(3.0)
    placed_as(torch.zeros(3), value).add_(1)
    assert torch.equal(value, torch.arange(3.0))
