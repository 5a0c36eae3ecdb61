"""Slots on the nodes of a Ray cluster: two nodes on this machine, one of them lost in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from tests.replies import VALIDATE, page
from tests.test_rollouts import Says
from tests.tiny_models import text_model
from tests.vector_conformance import VectorConformance
from webgen_gym.agents.generators import Sampling
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.envs.ray import RayVectorEnv
from webgen_gym.errors import UnknownSnapshot, UsageError
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.trainers.rollouts import Collector, RolloutSettings
from webgen_gym.trainers.voice import PlainVoice
from webgen_gym.types import Task

ray = pytest.importorskip("ray")


TASKS = [Task(f"task-{number}", f"Build site {number}.") for number in range(9)]
SLOTS = 8


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head without cores, so that no host is on it, and two nodes."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(2):
        made.add_node(num_cpus=2)
    ray.init(address=made.address, log_to_driver=False)
    yield made
    ray.shutdown()
    made.shutdown()  # type: ignore[no-untyped-call]


def settings() -> dict[str, Any]:
    return {
        "tasks": TASKS,
        "gui": ScriptedFunctionality(4.0),
        "static_only": True,
        "autoreset_mode": AutoresetMode.DISABLED,
        "cache": False,
    }


def pages(turn: int) -> list[str]:
    return [page(f"<h1>Turn {turn} of slot {slot}</h1>") for slot in range(SLOTS)]


def rows(folder: Path) -> dict[tuple[str, int], tuple[str, str, str, float]]:
    """What each recorded turn came to, by rollout and number."""
    return {
        (row.rollout, row.number): (row.snapshot, row.state_hash, row.observation_hash, row.reward)
        for row in RunFolder.read(folder).turns()
    }


def nodes_of(env: RayVectorEnv) -> set[str]:
    return {host.node for host in env._pool._seats.values()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_where_nothing_answers_is_named(address: str) -> None:
    assert not ray.is_initialized()
    env = RayVectorEnv(1, address=address, **settings())
    with pytest.raises(UsageError, match=f"No Ray cluster answers at '{address}'"):
        env.reset()
    env.close()


def test_a_lost_node_costs_nothing_but_time_and_every_turn_is_that_of_a_local_run(cluster: Any, tmp_path: Path) -> None:
    local = WebGenVectorEnv(SLOTS, run_dir=tmp_path / "local", **settings())
    spread = RayVectorEnv(SLOTS, run_dir=tmp_path / "spread", **settings())
    for env in (local, spread):
        env.reset(seed=3, options={"rollout": "run"})
        env.step(pages(1))
    assert len(nodes_of(spread)) == 2
    spread.send(dict(enumerate(pages(2))))
    lost = next(node for node in cluster.worker_nodes if node.node_id in nodes_of(spread))
    cluster.remove_node(lost, allow_graceful=False)
    received: dict[int, Any] = {}
    while len(received) < SLOTS:
        received |= spread.receive()
    local.step(pages(2))
    cluster.add_node(num_cpus=2)
    for env in (local, spread):
        env.step([VALIDATE] * SLOTS)
        env.step(pages(3))
    assert lost.node_id not in nodes_of(spread)
    for env in (local, spread):
        env.close()
    assert rows(tmp_path / "spread") == rows(tmp_path / "local")
    assert len(rows(tmp_path / "spread")) == SLOTS * 5


def test_groups_are_collected_on_a_cluster_as_they_are_here(cluster: Any, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    chat = ChatTokens(AutoTokenizer.from_pretrained(text_model(tmp_path)))
    says = Says(chat, lambda read, seed: page(f"<h1>{'x' * (seed % 5 + 1)}</h1>"))
    found = []
    for env in (WebGenVectorEnv(SLOTS, **settings()), RayVectorEnv(SLOTS, **settings())):
        collector = Collector(env, says, chat, PlainVoice(static=True), RolloutSettings(group=2, turns=2))
        found.append(collector.collect(TASKS[:3], Sampling(max_tokens=2000), seed=5))
        env.close()
    here, there = found
    assert [turn.state_hash for turn in there.turns] == [turn.state_hash for turn in here.turns]
    assert [[r.rewards for r in group.rollouts] for group in there.groups] == [
        [r.rewards for r in group.rollouts] for group in here.groups
    ]


def test_a_state_is_branched_from_one_node_to_the_others(cluster: Any) -> None:
    env = RayVectorEnv(SLOTS, **settings())
    env.reset(seed=1)
    env.step(pages(1))
    chosen = env.call("snapshot")[0]
    observations, _ = env.restore([chosen] * SLOTS)
    assert {files["index.html"] for files in observations["files"]} == {observations["files"][0]["index.html"]}
    infos = env.step(pages(2))[4]
    assert list(infos["parent"]) == [chosen] * SLOTS
    env.close()


def test_an_error_of_the_caller_is_raised_as_it_is(cluster: Any) -> None:
    env = RayVectorEnv(2, **settings())
    env.reset(seed=1)
    with pytest.raises(UnknownSnapshot, match="There is no snapshot 'ffff"):
        env.restore(["f" * 40, None])
    with pytest.raises(UsageError, match="reset"):
        env.reset(options={"colour": "red"})
    assert env.step(pages(1)[:2])[1].shape == (2,)
    env.close()


def test_a_program_that_is_connected_already_keeps_its_cluster(cluster: Any) -> None:
    env = RayVectorEnv(1, address="127.0.0.1:1", **settings())
    assert np.array_equal(env.reset(seed=1)[1]["void"], [False])
    env.close()


@pytest.mark.usefixtures("cluster")
class TestRayVectorEnv(VectorConformance):
    slots = 2

    def make(self, num_envs: int, mode: AutoresetMode) -> RayVectorEnv:
        return RayVectorEnv(num_envs, **{**settings(), "autoreset_mode": mode, "max_turns": 2})
