"""Our vector environment, and our single one inside Gymnasium's, keep Gymnasium's contract."""

from __future__ import annotations

from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

import webgen_gym  # noqa: F401 - registers the ids
from tests.vector_conformance import VectorConformance
from webgen_gym.envs import WebGenEnv, WebGenVectorEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.types import Task

TASKS = [Task(f"task-{number}", f"Build site {number}.") for number in range(9)]


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Any:
    """One browser for all environments of this module."""
    runtime = shared_runtime()
    runtime.engine(Limits())
    yield
    runtime.leave()


def settings() -> dict[str, Any]:
    return {
        "tasks": TASKS,
        "judge": ScriptedAppearance(3.5),
        "gui": ScriptedFunctionality(4.0),
        "static_only": True,
        "max_turns": 2,
    }


def single() -> gym.Env[Any, Any]:
    return WebGenEnv(**settings())


class TestWebGenVectorEnv(VectorConformance):
    def make(self, num_envs: int, mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
        return WebGenVectorEnv(num_envs, autoreset_mode=mode, **settings())


class TestSyncVectorEnvOfOurs(VectorConformance):
    def make(self, num_envs: int, mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
        return SyncVectorEnv([single] * num_envs, autoreset_mode=mode)


class TestCartPole(VectorConformance):
    """The suite itself, on an environment that nobody here wrote."""

    def make(self, num_envs: int, mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
        return SyncVectorEnv([partial(gym.make, "CartPole-v1")] * num_envs, autoreset_mode=mode)


def test_our_environment_works_in_processes_of_its_own_without_shared_memory() -> None:
    env = AsyncVectorEnv([single] * 2, shared_memory=False, autoreset_mode=AutoresetMode.SAME_STEP, context="spawn")
    try:
        env.action_space.seed(1)
        observations, _ = env.reset(seed=1)
        assert observations["instruction"] == (TASKS[4].instruction, TASKS[7].instruction)
        replies = env.action_space.sample()
        observations, rewards, _, _, infos = env.step(replies)
        assert observations["screenshot"].shape == (2, 768, 1024, 3)
        assert all("index.html" in files for files in observations["files"])
        assert np.array_equal(rewards, [3.5, 3.5])
        assert list(infos["outcome"]) == ["shown", "shown"]
    finally:
        env.close()


def test_shared_memory_is_refused_with_a_word_on_what_to_set() -> None:
    with pytest.raises(ValueError, match="shared_memory=False"):
        AsyncVectorEnv([single] * 2)
