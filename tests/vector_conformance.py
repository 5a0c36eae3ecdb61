"""What Gymnasium asks of every vector environment, as tests that any can be put through.

Subclass ``VectorConformance`` in a test module, name the class ``Test…`` and give it ``make``. Episodes must end within
``ENDS_WITHIN`` steps of sampled actions, and two resets with the same seed must look the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space, iterate

ENDS_WITHIN = 200

# Gymnasium's base class lacks ``call``, ``get_attr`` and ``set_attr``, which all of its own vector environments have.
Vector = Any


def same(first: Any, second: Any) -> bool:
    """Whether two observations are equal, through dicts and tuples."""
    if isinstance(first, Mapping):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(np.array_equal(first, second))


def frozen(value: Any) -> Any:
    """A copy that no later call can change."""
    if isinstance(value, Mapping):
        return {key: frozen(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(map(frozen, value))
    return np.array(value) if isinstance(value, np.ndarray) else value


class VectorConformance(ABC):
    """The tests. ``slots`` is how many environments most of them are made with."""

    slots = 3

    @abstractmethod
    def make(self, num_envs: int, mode: AutoresetMode) -> Vector:
        """A new vector environment."""

    @contextmanager
    def made(self, mode: AutoresetMode = AutoresetMode.NEXT_STEP, num_envs: int = 0) -> Iterator[Vector]:
        """One that is closed at the end of the block, with a seeded action space."""
        env = self.make(num_envs or self.slots, mode)
        env.action_space.seed(7)
        try:
            yield env
        finally:
            env.close()

    def one(self, env: Vector, observations: Any, slot: int) -> Any:
        """The observation of one slot."""
        return list(iterate(env.observation_space, observations))[slot]

    def until_one_is_over(self, env: Vector) -> Any:
        """Step with sampled actions until an episode ends; what that step returned."""
        for _ in range(ENDS_WITHIN):
            stepped = env.step(env.action_space.sample())
            if np.any(stepped[2] | stepped[3]):
                return stepped
        raise AssertionError(f"no episode was over within {ENDS_WITHIN} steps")

    # -------------------------------------------------------------- spaces and shapes

    def test_its_spaces_are_those_of_one_environment_batched(self) -> None:
        with self.made() as env:
            assert env.observation_space == batch_space(env.single_observation_space, self.slots)
            assert env.action_space == batch_space(env.single_action_space, self.slots)
            assert len(list(iterate(env.action_space, env.action_space.sample()))) == self.slots

    def test_a_reset_returns_observations_of_its_space(self) -> None:
        with self.made() as env:
            observations, infos = env.reset(seed=1)
            assert observations in env.observation_space
            assert isinstance(infos, dict)

    def test_a_step_returns_one_value_for_each_slot(self) -> None:
        with self.made() as env:
            env.reset(seed=1)
            observations, rewards, terminated, truncated, infos = env.step(env.action_space.sample())
            assert observations in env.observation_space
            assert rewards.shape == terminated.shape == truncated.shape == (self.slots,)
            assert np.issubdtype(rewards.dtype, np.floating)
            assert terminated.dtype == truncated.dtype == np.bool_
            assert isinstance(infos, dict)

    def test_every_info_says_which_slots_it_is_about(self) -> None:
        with self.made() as env:
            _, infos = env.reset(seed=1)
            for key in [key for key in infos if not key.startswith("_")]:
                assert infos[f"_{key}"].shape == (self.slots,)
                assert infos[f"_{key}"].all()

    def test_one_environment_is_a_vector_too(self) -> None:
        with self.made(num_envs=1) as env:
            env.reset(seed=1)
            assert env.step(env.action_space.sample())[1].shape == (1,)

    def test_what_was_returned_does_not_change_later(self) -> None:
        with self.made() as env:
            observations, _ = env.reset(seed=1)
            kept = frozen(observations)
            env.step(env.action_space.sample())
            assert same(observations, kept)

    # -------------------------------------------------------------- seeds

    def test_the_same_seed_gives_the_same_observations(self) -> None:
        with self.made() as env:
            assert same(frozen(env.reset(seed=5)[0]), env.reset(seed=5)[0])

    def test_a_seed_is_one_more_for_each_slot(self) -> None:
        with self.made() as env:
            from_one = frozen(env.reset(seed=5)[0])
            assert same(from_one, env.reset(seed=[5 + slot for slot in range(self.slots)])[0])

    def test_equal_seeds_give_equal_slots(self) -> None:
        with self.made() as env:
            observations, _ = env.reset(seed=[9] * self.slots)
            assert same(self.one(env, observations, 0), self.one(env, observations, self.slots - 1))

    def test_a_wrong_number_of_seeds_is_refused(self) -> None:
        with self.made() as env, pytest.raises(Exception, match=str(self.slots)):
            env.reset(seed=[1] * (self.slots + 1))

    # -------------------------------------------------------------- the end of an episode

    @pytest.mark.parametrize("mode", list(AutoresetMode))
    def test_its_metadata_name_the_autoreset_mode(self, mode: AutoresetMode) -> None:
        with self.made(mode) as env:
            assert env.metadata["autoreset_mode"] is mode

    def test_next_step_ignores_the_action_after_the_end_and_begins_anew(self) -> None:
        with self.made(AutoresetMode.NEXT_STEP) as env:
            env.reset(seed=2)
            _, _, terminated, truncated, _ = self.until_one_is_over(env)
            over = terminated | truncated
            _, rewards, terminated, truncated, _ = env.step(env.action_space.sample())
            assert not np.any(rewards[over])
            assert not np.any((terminated | truncated)[over])

    def test_same_step_shows_the_last_observation_beside_the_first_of_the_next_episode(self) -> None:
        with self.made(AutoresetMode.SAME_STEP) as env:
            env.reset(seed=2)
            observations, _, terminated, truncated, infos = self.until_one_is_over(env)
            over = terminated | truncated
            assert np.array_equal(infos["_final_obs"], over)
            assert np.array_equal(infos["_final_info"], over)
            slot = int(np.flatnonzero(over)[0])
            assert infos["final_obs"][slot] in env.single_observation_space
            assert not same(infos["final_obs"][slot], self.one(env, observations, slot))

    def test_disabled_refuses_to_step_what_is_over(self) -> None:
        with self.made(AutoresetMode.DISABLED) as env:
            env.reset(seed=2)
            self.until_one_is_over(env)
            with pytest.raises(Exception):  # noqa: B017, PT011 - Gymnasium's own asserts, others raise what they like
                env.step(env.action_space.sample())

    def test_a_mask_resets_the_slots_that_it_names_and_no_other(self) -> None:
        with self.made(AutoresetMode.DISABLED) as env:
            env.reset(seed=3)
            stepped = frozen(env.step(env.action_space.sample())[0])
            mask = np.arange(self.slots) == 1
            observations, infos = env.reset(seed=3, options={"reset_mask": mask})
            assert same(self.one(env, observations, 0), self.one(env, stepped, 0))
            assert not same(self.one(env, observations, 1), self.one(env, stepped, 1))
            assert all(np.array_equal(infos[key], mask) for key in infos if key.startswith("_"))

    @pytest.mark.parametrize("wrong", ["list", "shape", "type", "empty"])
    def test_a_mask_that_is_none_is_refused(self, wrong: str) -> None:
        masks: dict[str, Any] = {
            "list": [True] * self.slots,
            "shape": np.ones(self.slots + 1, dtype=np.bool_),
            "type": np.ones(self.slots, dtype=np.int64),
            "empty": np.zeros(self.slots, dtype=np.bool_),
        }
        with self.made(AutoresetMode.DISABLED) as env:
            env.reset(seed=1)
            with pytest.raises(Exception, match="reset_mask"):
                env.reset(options={"reset_mask": masks[wrong]})

    # -------------------------------------------------------------- asking the slots

    def test_an_attribute_is_asked_of_every_slot(self) -> None:
        with self.made() as env:
            env.reset(seed=4)
            assert env.get_attr("np_random_seed") == tuple(4 + slot for slot in range(self.slots))
            assert len(env.call("np_random")) == self.slots

    def test_an_attribute_is_set_in_every_slot(self) -> None:
        with self.made() as env:
            env.reset(seed=1)
            env.set_attr("label", [f"slot {slot}" for slot in range(self.slots)])
            assert env.get_attr("label")[-1] == f"slot {self.slots - 1}"
            env.set_attr("label", "all")
            assert env.get_attr("label") == ("all",) * self.slots

    def test_a_wrong_number_of_values_is_refused(self) -> None:
        with self.made() as env:
            env.reset(seed=1)
            with pytest.raises(Exception, match=str(self.slots)):
                env.set_attr("label", ["a"] * (self.slots + 1))

    def test_closing_twice_is_silent(self) -> None:
        with self.made() as env:
            env.reset(seed=1)
            env.close()
            assert env.closed
