"""``webgen train`` and ``webgen warm-start``, as a user calls them."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.replies import page
from tests.tiny_models import text_model
from webgen_gym.cli import main
from webgen_gym.trainers.checkpoints import Checkpoints
from webgen_gym.trainers.run_log import read_metrics

Call = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_model(tmp_path_factory.mktemp("model"), context=16_384)


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    rows = [{"id": f"t{number}", "instruction": "Build a page.", "ui_instruct": []} for number in range(3)]
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The exit code of a command and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["webgen", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), " ".join((said.out + said.err).split())

    return run


@pytest.fixture
def train(call: Call, model: Path, tasks: Path, tmp_path: Path) -> Call:
    """``webgen train`` with a tiny model, two tasks and a held-out one."""
    settings = {
        "folder": tmp_path / "run",
        "model.path": model,
        "model.device": "cpu",
        "model.checkpointing": "false",
        "tasks.train": tasks,
        "tasks.hold_out": 1,
        "environment.id": "WebGenStatic-v0",
        "environment.slots": 2,
        "generator.context": 16_384,
        "generator.slots": 4,
        "sampling.max_tokens": 6,
        "rollout.group": 2,
        "rollout.turns": 1,
        "run.iterations": 1,
        "run.tasks": 2,
    }

    def run(*arguments: object, **changed: object) -> tuple[int, str]:
        chosen = settings | {name.replace("__", "."): value for name, value in changed.items()}
        return call(
            "train", *(part for pair in chosen.items() for part in ("--set", f"{pair[0]}={pair[1]}")), *arguments
        )

    return run


def test_a_run_trains_evaluates_keeps_its_turns_and_exports(train: Call, tmp_path: Path) -> None:
    code, said = train("--export", tmp_path / "out")
    assert code == 0, said
    (line,) = read_metrics(tmp_path / "run")
    assert line["turns/played"] == 4
    assert "evaluation/malformed" in line
    assert Checkpoints(tmp_path / "run" / "checkpoints").newest() is not None
    assert (tmp_path / "run" / "training" / "turns.jsonl").exists()
    assert (tmp_path / "out" / "model.safetensors").exists()


def test_a_run_goes_on_with_more_iterations(train: Call, tmp_path: Path) -> None:
    train()
    code, said = train("--resume", run__iterations=2)
    assert code == 0, said
    assert [line["iteration"] for line in read_metrics(tmp_path / "run")] == [0, 1]


def test_adapters_are_trained_and_exported_merged(train: Call, tmp_path: Path) -> None:
    code, said = train("--export", tmp_path / "out", "--merged", model__lora__rank=2)
    assert code == 0, said
    assert (tmp_path / "out" / "model.safetensors").exists()
    assert not (tmp_path / "out" / "adapter_config.json").exists()


def test_a_folder_that_holds_a_run_is_not_written_over(train: Call) -> None:
    train()
    code, said = train()
    assert code == 2
    assert "holds a run already. Go on with --resume" in said


def test_another_configuration_is_refused_with_its_difference(train: Call) -> None:
    train()
    code, said = train("--resume", rollout__group=3)
    assert code == 2
    assert "rollout.group was 2 and is 3" in said


def test_there_is_nothing_to_resume_in_a_new_folder(train: Call) -> None:
    code, said = train("--resume")
    assert code == 2
    assert "no complete checkpoint to resume from" in said


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_recipe_for_a_gpu_says_so_where_there_is_none(train: Call) -> None:
    code, said = train(model__device="cuda")
    assert code == 2
    assert "model.device is 'cuda', and torch" in said
    assert "sees no GPU here" in said


def test_a_model_without_a_chat_template_is_refused(train: Call, tmp_path: Path) -> None:
    code, said = train(model__path=text_model(tmp_path / "mute", template=None))
    assert code == 2
    assert "has no chat template" in said


def test_a_model_that_is_not_there_is_named(train: Call, tmp_path: Path) -> None:
    code, said = train(model__path=tmp_path / "nowhere")
    assert code == 2
    assert "nowhere" in said


def test_an_empty_task_file_is_refused(train: Call, tasks: Path) -> None:
    tasks.write_text("")
    code, said = train()
    assert code == 2
    assert "tasks.jsonl" in said


def test_holding_out_every_task_is_refused(train: Call) -> None:
    code, said = train(tasks__hold_out=3)
    assert code == 2
    assert "tasks.hold_out is 3 of 3 tasks" in said


def test_a_judge_that_cannot_be_reached_stops_the_run_before_it_begins(
    train: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("WEBGEN_JUDGE_MODEL", "judge")
        code, said = train(environment__judge="paper")
    assert code in (2, 4), said
    assert "127.0.0.1" in said
    assert not read_metrics(tmp_path / "run")


def test_an_unknown_setting_is_refused(train: Call) -> None:
    code, said = train(rollout__grup=3)
    assert code == 2
    assert "no setting 'rollout.grup'. Did you mean rollout.group?" in said


def test_held_out_tasks_can_be_played_alone(train: Call) -> None:
    train()
    code, said = train("--evaluate")
    assert code == 0
    assert "malformed 1.000" in said


def test_a_warm_start_on_a_chat_file_writes_a_model(call: Call, model: Path, tmp_path: Path) -> None:
    talk = [{"role": "user", "content": "Build a page."}, {"role": "assistant", "content": page("<p>a</p>")}]
    (tmp_path / "talk.jsonl").write_text(json.dumps({"messages": talk}) + "\n")
    code, said = call(
        "warm-start", "--model", model, "--data", tmp_path / "talk.jsonl", "--out", tmp_path / "warm", "--device", "cpu",
        "--set", "updates=2",
    )  # fmt: skip
    assert code == 0, said
    assert "2 of 2 loss" in said
    assert (tmp_path / "warm" / "model.safetensors").exists()
