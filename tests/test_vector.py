"""What WebGenVectorEnv does beyond Gymnasium's contract: branching, subsets, one store, slots that fail alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import FINISH, MALFORMED, VALIDATE, page
from webgen_gym.browser.base import Visits
from webgen_gym.concurrency import Concurrency
from webgen_gym.envs import WebGenEnv, WebGenVectorEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import InfraFault, UnknownSnapshot, UnknownTask, UsageError
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.types import Look, Score, Task, Verdict

SHOP = Task("shop", "Build a shop.")
BLOG = Task("blog", "Build a blog.")
N = 3


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    """One browser for all environments of this module."""
    runtime = shared_runtime()
    runtime.engine(Limits())
    yield
    runtime.leave()


def make(slots: int = N, **settings: Any) -> WebGenVectorEnv:
    defaults: dict[str, Any] = {
        "tasks": [SHOP, BLOG],
        "judge": ScriptedAppearance(3.5),
        "gui": ScriptedFunctionality(4.0),
        "static_only": True,
        "autoreset_mode": AutoresetMode.DISABLED,
    }
    return WebGenVectorEnv(slots, **{**defaults, **settings})


@pytest.fixture
def env() -> Iterator[WebGenVectorEnv]:
    made = make()
    made.reset(seed=1, options={"task": "shop"})
    yield made
    made.close()


def pages(*words: str) -> list[str]:
    return [page(f"<h1>{word}</h1>") for word in words]


def test_make_vec_gives_ours() -> None:
    env = gym.make_vec("WebGenStatic-v0", num_envs=2, tasks=[SHOP])
    assert isinstance(env, WebGenVectorEnv)
    assert env.num_envs == 2
    env.close()


def test_making_one_starts_nothing() -> None:
    env = make()
    assert env._opened is None
    env.close()


def test_the_slots_build_different_sites_at_once(env: WebGenVectorEnv) -> None:
    observations, rewards, *_ = env.step(pages("a", "b", "c"))
    assert [b"<h1>b</h1>" in files["index.html"] for files in observations["files"]] == [False, True, False]
    assert not np.array_equal(observations["screenshot"][0], observations["screenshot"][1])
    assert np.array_equal(rewards, [3.5] * N)


def test_every_slot_comes_to_what_a_single_environment_comes_to(env: WebGenVectorEnv) -> None:
    replies = pages("one", "two", "three")
    observations, _, _, _, infos = env.step(replies)
    alone = WebGenEnv(
        tasks=[SHOP], judge=ScriptedAppearance(3.5), gui=ScriptedFunctionality(4.0), static_only=True, cache=False
    )
    for slot, reply in enumerate(replies):
        alone.reset(seed=1 + slot, options={"task": "shop"})
        seen, _, _, _, info = alone.step(reply)
        assert np.array_equal(seen["screenshot"], observations["screenshot"][slot])
        assert info["state_hash"] == infos["state_hash"][slot]
        assert info["snapshot"] == infos["snapshot"][slot]
    alone.close()


def test_each_slot_may_have_a_task_of_its_own() -> None:
    env = make()
    observations, _ = env.reset(options={"task": ["shop", "blog", SHOP]})
    assert observations["instruction"] == (SHOP.instruction, BLOG.instruction, SHOP.instruction)
    env.close()


def test_a_wrong_number_of_tasks_is_refused(env: WebGenVectorEnv) -> None:
    with pytest.raises(UsageError, match="one value for each of 3 slots; got 2"):
        env.reset(options={"task": ["shop", "blog"]})


def test_one_state_is_branched_into_all_slots(env: WebGenVectorEnv) -> None:
    env.step(pages("a", "b", "c"))
    chosen = env.call("snapshot")[1]
    observations, infos = env.restore([chosen] * N)
    assert {files["index.html"] for files in observations["files"]} == {observations["files"][0]["index.html"]}
    assert list(infos["snapshot"]) == [chosen] * N
    _, _, _, _, after = env.step(pages("x", "y", "z"))
    assert list(after["parent"]) == [chosen] * N
    assert len(set(after["snapshot"])) == N


def test_a_slot_without_a_snapshot_stays_as_it_is(env: WebGenVectorEnv) -> None:
    before, *_ = env.step(pages("a", "b", "c"))
    chosen = env.call("snapshot")[0]
    after, infos = env.restore([None, chosen, None])
    assert after["files"][2] == before["files"][2]
    assert after["files"][1] == before["files"][0]
    assert list(infos["_snapshot"]) == [False, True, False]


def test_an_unknown_snapshot_is_refused_and_every_slot_goes_on(env: WebGenVectorEnv) -> None:
    with pytest.raises(UnknownSnapshot):
        env.restore([None, "f" * 40, None])
    assert np.array_equal(env.step(pages("a", "b", "c"))[1], [3.5] * N)


def test_some_slots_step_and_the_others_stand_still(env: WebGenVectorEnv) -> None:
    env.step(pages("a", "b", "c"))
    before = env.call("snapshot")
    found = env.step_slots({0: page("<h1>d</h1>"), 2: VALIDATE})
    assert set(found) == {0, 2}
    assert found[0].reward == 3.5
    assert found[2].reward == 7.5
    assert found[2].turn.number == 2
    assert env.call("snapshot")[1] == before[1]


def test_what_was_sent_is_received_as_it_ends(env: WebGenVectorEnv) -> None:
    env.send({0: page("<h1>a</h1>"), 1: page("<h1>b</h1>")})
    found = {**env.receive(), **env.receive(timeout_s=60)}
    while len(found) < 2:
        found |= env.receive()
    assert {slot: result.info["outcome"] for slot, result in found.items()} == {0: "shown", 1: "shown"}
    assert env.receive(timeout_s=0) == {}


def test_a_busy_slot_is_not_sent_anything_more(env: WebGenVectorEnv) -> None:
    env.send({1: page("<h1>a</h1>")})
    with pytest.raises(UsageError, match="Slot 1 is still playing"):
        env.step(pages("a", "b", "c"))
    assert env.receive()[1].reward == 3.5


def test_a_slot_that_is_over_waits_while_the_others_go_on(env: WebGenVectorEnv) -> None:
    _, _, terminated, _, _ = env.step([FINISH, *pages("b", "c")])
    assert list(terminated) == [True, False, False]
    with pytest.raises(UsageError, match="The episode of slot 0 is over"):
        env.step(pages("a", "b", "c"))
    assert set(env.step_slots(dict(enumerate(pages("b", "c"), start=1)))) == {1, 2}
    env.reset(options={"reset_mask": np.array([True, False, False]), "task": "shop"})
    assert np.array_equal(env.step(pages("a", "b", "c"))[1], [3.5] * N)


def test_an_action_that_is_no_text_plays_none_of_them(env: WebGenVectorEnv) -> None:
    with pytest.raises(UsageError, match="The action of slot 1 is int; it is the text of a reply"):
        env.step([page("<h1>a</h1>"), 1, page("<h1>c</h1>")])  # type: ignore[list-item]
    assert env.call("last_turn")[0].number == 0


def test_too_few_actions_are_refused(env: WebGenVectorEnv) -> None:
    with pytest.raises(UsageError, match="one value for each of 3 slots; got 2"):
        env.step(pages("a", "b"))


def test_an_unknown_task_leaves_the_slots_usable(env: WebGenVectorEnv) -> None:
    with pytest.raises(UnknownTask):
        env.reset(options={"task": "nothing"})
    assert np.array_equal(env.step(pages("a", "b", "c"))[1], [3.5] * N)


def test_a_malformed_reply_costs_its_own_slot_alone(env: WebGenVectorEnv) -> None:
    _, rewards, _, _, infos = env.step([MALFORMED, *pages("b", "c")])
    assert list(rewards) == [-1.0, 3.5, 3.5]
    assert list(infos["malformed"]) == [True, False, False]


class Cursed:
    """A judge that fails on one page in a way that nobody foresaw."""

    id = "cursed/1"

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        if "cursed" in look.measurements.text:
            raise self._error
        return Score(2.0)


@pytest.mark.parametrize("error", [RuntimeError("a bug"), InfraFault("the disk is on fire")])
def test_a_slot_that_fails_is_void_alone_and_works_again_after_a_reset(error: Exception) -> None:
    env = make(judge=Cursed(error))
    env.reset(options={"task": "shop"})
    _, rewards, _, truncated, infos = env.step(pages("a", "cursed", "c"))
    assert list(rewards) == [2.0, 0.0, 2.0]
    assert list(truncated) == [False, True, False]
    assert list(infos["void"]) == [False, True, False]
    env.reset(options={"task": "shop", "reset_mask": np.array([False, True, False])})
    assert list(env.step(pages("d", "e", "f"))[1]) == [2.0] * N
    env.close()


def test_a_snapshot_of_a_slot_that_failed_can_be_restored() -> None:
    env = make(judge=Cursed(RuntimeError("a bug")))
    env.reset(options={"task": "shop"})
    env.step(pages("a", "b", "c"))
    good = env.call("snapshot")
    env.step(pages("d", "cursed", "f"))
    observations, _ = env.restore(good)
    assert b"<h1>b</h1>" in observations["files"][1]["index.html"]
    assert list(env.step(pages("d", "e", "f"))[1]) == [2.0] * N
    env.close()


class Slow:
    """A judge that waits for somebody else, and counts how many wait at once."""

    id = "slow/1"

    def __init__(self) -> None:
        self.waiting = 0
        self.most = 0

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        for _ in range(1000):
            if self.most == N:
                break
            await asyncio.sleep(0.01)
        self.waiting -= 1
        return Score(2.0)


def test_waiting_for_judges_overlaps() -> None:
    judge = Slow()
    env = make(judge=judge, concurrency=Concurrency(builds=1, pages=1))
    env.reset()
    env.step(pages("a", "b", "c"))
    assert judge.most == N
    env.close()


class Busy:
    """A functionality judge that keeps its page busy, and counts how many do so at once."""

    id = "busy/1"

    def __init__(self, *, mostly_waits: bool) -> None:
        self.mostly_waits = mostly_waits
        self.working = 0
        self.most = 0

    async def functionality(self, task: Task, visits: Visits) -> Verdict:
        self.working += 1
        self.most = max(self.most, self.working)
        for _ in range(20):
            await asyncio.sleep(0)
        self.working -= 1
        return Score(2.0)


@pytest.mark.parametrize(("mostly_waits", "most"), [(False, 1), (True, N)])
def test_busy_pages_wait_in_line_and_those_that_wait_anyway_do_not(mostly_waits: bool, most: int) -> None:
    judge = Busy(mostly_waits=mostly_waits)
    env = make(gui=judge, concurrency=Concurrency(builds=1, pages=1))
    env.reset()
    env.step(pages("a", "b", "c"))
    env.step([VALIDATE] * N)
    assert judge.most == most
    env.close()


def test_all_slots_record_into_one_run_folder(tmp_path: Path) -> None:
    env = make(run_dir=tmp_path / "run")
    env.reset(options={"task": "shop", "rollout": "first"})
    env.step(pages("a", "b", "c"))
    env.close()
    rows = list(RunFolder.read(tmp_path / "run").turns())
    assert {(row.rollout, row.number) for row in rows} == {
        (f"slot-{slot:02d}-first", number) for slot in range(N) for number in (0, 1)
    }


def test_without_copying_the_same_array_is_shown_again() -> None:
    env = make(copy=False)
    first, _ = env.reset()
    second, *_ = env.step(pages("a", "b", "c"))
    assert first["screenshot"] is second["screenshot"]
    env.close()


def test_it_works_inside_a_running_event_loop() -> None:
    async def program() -> float:
        env = make(2)
        env.reset()
        rewards = env.step(pages("a", "b"))[1]
        env.close()
        return float(rewards.sum())

    assert asyncio.run(program()) == 7.0


def test_rendering_gives_one_frame_for_each_slot() -> None:
    env = make(render_mode="rgb_array")
    assert env.render() is None
    env.reset()
    frames = env.render()
    assert frames is not None
    assert [getattr(frame, "shape", None) for frame in frames] == [(768, 1024, 3)] * N
    env.close()


def test_a_closed_environment_says_so() -> None:
    env = make()
    env.reset()
    env.close()
    with pytest.raises(UsageError, match="closed"):
        env.reset()


@pytest.mark.parametrize("slots", [0, -1])
def test_no_slots_are_refused(slots: int) -> None:
    with pytest.raises(UsageError, match="at least 1 slot"):
        make(slots)


def test_gymnasiums_vector_wrappers_go_round_it() -> None:
    inner = make(autoreset_mode=AutoresetMode.SAME_STEP)
    env = gym.wrappers.vector.DictInfoToList(gym.wrappers.vector.RecordEpisodeStatistics(inner))
    env.reset(seed=1)
    env.step(pages("a", "b", "c"))
    infos = env.step([FINISH, *pages("d", "e")])[4]
    assert isinstance(infos, list)
    assert infos[0]["episode"]["l"] == 2
    assert "episode" not in infos[1]
    env.close()
