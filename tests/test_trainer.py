"""Whole runs: a policy learns, says so, and goes on where it was cut off."""

from __future__ import annotations

import math
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.spelling import Likes, environment, trainer
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import BadRun, JudgeFault, UsageError
from webgen_gym.judges.scripted import ScriptedAppearance
from webgen_gym.limits import Limits
from webgen_gym.trainers.checkpoints import Checkpoints, weights_of
from webgen_gym.trainers.learner import Learner
from webgen_gym.trainers.run_log import read_metrics
from webgen_gym.trainers.trainer import StepGRPO
from webgen_gym.types import Unscored


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    runtime = shared_runtime()
    runtime.engine(Limits())
    yield
    runtime.leave()


@pytest.fixture(scope="module")
def env() -> Iterator[WebGenVectorEnv]:
    with environment(Likes("a")) as made:
        yield made


@pytest.fixture(scope="module")
def whole(env: WebGenVectorEnv, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of six iterations that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    trainer(env, folder, iterations=6, keep=9).run()
    return folder


def logged(folder: Path) -> list[dict[str, Any]]:
    """The metrics without those that a clock makes."""
    return [
        {name: value for name, value in line.items() if not name.startswith(("seconds/", "tokens_per_s/"))}
        for line in read_metrics(folder)
    ]


def same(one: Path, other: Path) -> bool:
    """Whether the newest checkpoints are equal bit for bit: weights, moments and counts."""
    mine, theirs = (Checkpoints(folder / "checkpoints").newest() for folder in (one, other))
    assert mine is not None
    assert theirs is not None
    return all(
        (mine.folder / name).read_bytes() == (theirs.folder / name).read_bytes()
        for name in ("weights.safetensors", "state.json")
    ) and _equal(*(torch.load(each.folder / "optimizer.pt", weights_only=True) for each in (mine, theirs)))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return torch.equal(one, other) if isinstance(one, torch.Tensor) else bool(one == other)


def test_a_policy_learns_to_write_what_is_liked(whole: Path) -> None:
    lines = read_metrics(whole)
    # Three letters at most, so 3 is the best; by chance it is 0.75.
    assert lines[0]["reward/mean"] < 1.5
    assert lines[-1]["reward/mean"] > lines[0]["reward/mean"] + 0.8


def test_the_first_update_is_on_policy(whole: Path) -> None:
    first = read_metrics(whole)[0]
    assert (first["update/ratio"], first["update/clipped"], first["update/kl"]) == (1, 0, 0)


def test_the_generator_and_the_trainer_agree(whole: Path) -> None:
    assert max(line["update/mismatch"] for line in read_metrics(whole)) < 1e-8


def test_the_same_seed_gives_the_same_run(env: WebGenVectorEnv, whole: Path, tmp_path: Path) -> None:
    trainer(env, tmp_path, iterations=6, keep=9).run()
    assert str(logged(tmp_path)) == str(logged(whole))
    assert same(tmp_path, whole)


def test_another_seed_gives_another(env: WebGenVectorEnv, whole: Path, tmp_path: Path) -> None:
    trainer(env, tmp_path, iterations=1, seed=1).run()
    assert logged(tmp_path)[0] != logged(whole)[0]


def test_a_run_that_is_resumed_is_the_run_that_was_not_stopped(
    env: WebGenVectorEnv, whole: Path, tmp_path: Path
) -> None:
    trainer(env, tmp_path, iterations=3).run()
    again = trainer(env, tmp_path, iterations=6)
    assert again.resume()
    again.run()
    assert [line["iteration"] for line in read_metrics(tmp_path)] == list(range(6))
    assert str(logged(tmp_path)[3:]) == str(logged(whole)[3:])
    assert _weights(again)[0].equal(_weights_at(whole, 5)[0])


def test_a_run_that_was_killed_loses_nothing_but_the_iteration_under_way(whole: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.spelling", str(tmp_path), "6"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.split()[:1] == ["2"]:
                process.send_signal(signal.SIGKILL)
                break
    assert len(read_metrics(tmp_path)) < 6
    with environment(Likes("a")) as env:
        again = trainer(env, tmp_path, iterations=6)
        assert again.resume()
        again.run()
    assert [line["iteration"] for line in read_metrics(tmp_path)] == list(range(6))
    assert _weights(again)[0].equal(_weights_at(whole, 5)[0])


def test_a_checkpoint_that_was_cut_off_is_not_read(env: WebGenVectorEnv, tmp_path: Path) -> None:
    trainer(env, tmp_path, iterations=2, keep=5).run()
    (tmp_path / "checkpoints" / "00001" / "COMPLETE").unlink()
    again = trainer(env, tmp_path, iterations=2)
    again.resume()
    assert again.progress.iteration == 1


def test_a_folder_without_a_checkpoint_begins_anew(env: WebGenVectorEnv, tmp_path: Path) -> None:
    assert not trainer(env, tmp_path).resume()


def test_another_configuration_is_refused_with_its_differences(env: WebGenVectorEnv, tmp_path: Path) -> None:
    trainer(env, tmp_path, iterations=1).run()
    other = trainer(env, tmp_path)
    other._config = {"of": "reading"}
    with pytest.raises(BadRun, match="of was 'spelling' and is 'reading'"):
        other.resume()


def test_the_best_checkpoint_stays_beside_the_newest(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run = trainer(env, tmp_path, iterations=4, keep=1, evaluate_every=2)
    progress = run.run()
    kept = {int(folder.name) for folder in (tmp_path / "checkpoints").iterdir()}
    assert kept == {progress.best, 3}
    rewards = {line["iteration"]: line.get("evaluation/reward", -math.inf) for line in read_metrics(tmp_path)}
    assert rewards[progress.best] == max(rewards.values())


def test_the_best_weights_can_be_put_back(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run = trainer(env, tmp_path, iterations=4, keep=1, evaluate_every=2)
    best = run.run().best
    run.take_best()
    assert all(map(torch.equal, _weights(run), _weights_at(tmp_path, best)))


def test_there_is_no_best_without_an_evaluation(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run = trainer(env, tmp_path, iterations=1, evaluate_every=0)
    run.run()
    with pytest.raises(UsageError, match="No iteration was evaluated"):
        run.take_best()


def test_every_task_comes_once_before_any_comes_again(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run = trainer(env, tmp_path, tasks=3)
    drawn = [task.id for iteration in range(4) for task in run._tasks_of(iteration)]
    assert sorted(drawn[:4]) == sorted(drawn[4:8]) == sorted(drawn[8:]) == [f"task-{number}" for number in range(4)]


class Sent(LocalGenerator):
    """As a server's: it is told of every adapter."""

    shares_weights = False

    def load(self, adapter: Path, version: int) -> None:
        """Note it, and that it was there."""
        self.versions = [*getattr(self, "versions", []), (version, any(adapter.iterdir()))]
        super().load(adapter, version)


def test_a_generator_elsewhere_is_sent_the_weights_after_every_update(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run, sent = sending(env, tmp_path)
    run.run()
    assert sent.versions == [(0, True), (1, True), (2, True)]


def test_weights_that_did_not_change_are_not_sent_again(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run, sent = sending(env, tmp_path)
    run.learner.update = lambda *_, **__: Learner.update(run.learner, [])  # type: ignore[method-assign]
    run.run()
    assert sent.versions == [(0, True)]


def test_a_resumed_run_that_is_only_evaluated_samples_from_its_weights(env: WebGenVectorEnv, tmp_path: Path) -> None:
    sending(env, tmp_path)[0].run()
    run, sent = sending(env, tmp_path)
    run.resume()
    run.evaluate()
    assert sent.versions == [(2, True)]


def sending(env: WebGenVectorEnv, folder: Path) -> tuple[StepGRPO, Sent]:
    """A run of two iterations whose generator is sent the weights."""
    run = trainer(env, folder, iterations=2)
    sent = Sent(run.learner.policy.model, slots=8, context=32, eos=[2])
    run._generator = sent
    return run, sent


def test_tensorboard_gets_every_number(whole: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(whole / "tensorboard"))
    events.Reload()
    assert {"reward/mean", "update/kl", "seconds/environment"} <= set(events.Tags()["scalars"])
    assert len(events.Scalars("reward/mean")) == 6


def test_a_judge_that_gives_no_verdict_stops_the_run(tmp_path: Path) -> None:
    silent = ScriptedAppearance(Unscored("timeout", "No answer."))
    with (
        environment(silent) as env,
        pytest.raises(JudgeFault, match="guards.unscored allows. The last said: No answer"),
    ):
        trainer(env, tmp_path).run()


def test_no_tasks_are_refused(env: WebGenVectorEnv, tmp_path: Path) -> None:
    run = trainer(env, tmp_path)
    with pytest.raises(UsageError, match="no task to train on"):
        StepGRPO(
            tasks=[],
            collector=run._collector,
            sampling=run._sampling,
            generator=run._generator,
            learner=run.learner,
            folder=tmp_path,
        )


def _weights(of: StepGRPO) -> list[torch.Tensor]:
    return [value for _, value in sorted(weights_of(of.learner).items())]


def _weights_at(folder: Path, iteration: int) -> list[torch.Tensor]:
    from safetensors.torch import load_file

    kept = load_file(folder / "checkpoints" / f"{iteration:05d}" / "weights.safetensors")
    return [value for _, value in sorted(kept.items())]
