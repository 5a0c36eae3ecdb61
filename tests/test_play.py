"""Rollouts, resuming, replaying: what is recorded is what happens again."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import BACKTRACK, FINISH, MALFORMED, VALIDATE, page
from webgen_gym.agents.play import play
from webgen_gym.agents.run import Plan, Progress, run
from webgen_gym.envs import Backtracking, WebGenEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import BadRun, InfraFault, ModelFailed, ModelFailure
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.llm.spending import spend
from webgen_gym.records.replay import replay
from webgen_gym.records.run_folder import RunFolder, observation_hash
from webgen_gym.types import Observation, Task, Usage

TASKS = [Task("shop", "Build a shop with a search."), Task("blog", "Build a blog with comments.")]


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    runtime = shared_runtime()
    runtime.engine(Limits(), None)
    yield
    runtime.leave()


class Reads:
    """An agent that says the reply of its list that belongs to the turn."""

    def __init__(self, replies: Sequence[str], *, dies_at: int = -1) -> None:
        self._replies = replies
        self._dies_at = dies_at

    @property
    def id(self) -> str:
        return "reads/1"

    def start(self, task: Task, seed: int) -> None:
        pass

    def go_back(self, observation: Observation) -> None:
        pass

    def act(self, observation: Observation) -> str:
        if observation.turn == self._dies_at:
            raise KeyboardInterrupt
        return self._replies[observation.turn]


REPLIES = [
    page(
        "<h1>Shop</h1><input aria-label=Search><button>Go</button><p id=x></p><script>x.textContent = new Date()</script>"
    ),
    MALFORMED,
    page("<h1>Shop</h1><a href=#x>Link</a><p id=x>Some text about a shop.</p>", s_css="p { color: #222 }"),
    VALIDATE,
    BACKTRACK,
    FINISH,
]


def environment(folder: Path, **settings: Any) -> WebGenEnv:
    return WebGenEnv(tasks=TASKS, run_dir=folder, static_only=True, cache=False, **settings)


def test_the_best_untested_turn_is_tested_before_the_choice(tmp_path: Path) -> None:
    env = environment(tmp_path / "run", judge=ScriptedAppearance(3.0, 4.5), gui=ScriptedFunctionality(1.0, 5.0))
    replies = [page("<h1>a</h1>"), VALIDATE, page("<h1>b</h1>"), FINISH]
    rollout = play(env, Reads(replies), TASKS[0], name="shop")
    assert rollout.chosen is not None
    assert (rollout.chosen.appearance, rollout.chosen.functionality, rollout.chosen.tested) == (4.5, 5.0, True)
    assert rollout.turns[-1].outcome.value == "validated"
    env.close()


def test_a_tested_turn_beats_an_untested_one_that_is_older_and_plainer(tmp_path: Path) -> None:
    env = environment(tmp_path / "run", judge=ScriptedAppearance(3.0, 4.5), gui=ScriptedFunctionality(2.0))
    replies = [page("<h1>a</h1>"), page("<h1>b</h1>"), VALIDATE, FINISH]
    rollout = play(env, Reads(replies), TASKS[0], name="shop")
    assert rollout.chosen is not None
    assert rollout.chosen.functionality == 2.0
    assert len(rollout.turns) == 4
    env.close()


def test_a_rollout_in_which_nothing_was_built_has_no_choice(tmp_path: Path) -> None:
    env = environment(tmp_path / "run")
    rollout = play(env, Reads([MALFORMED] * 3), TASKS[0], name="shop")
    assert rollout.chosen is None
    env.close()


def plan(folder: Path, agent: Reads, **settings: Any) -> Plan:
    return Plan(TASKS, lambda: environment(folder, **settings), lambda: agent)


def test_a_run_that_is_cut_off_goes_on_where_it_stopped_and_equals_one_that_was_not(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    run(plan(whole, Reads(REPLIES)), whole, Progress())
    for turn in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            run(plan(cut, Reads(REPLIES, dies_at=turn)), cut, Progress())
    run(plan(cut, Reads(REPLIES)), cut, Progress())

    def recorded(folder: Path) -> list[tuple[Any, ...]]:
        rows = RunFolder.read(folder).turns()
        return sorted((r.rollout, r.number, r.snapshot, r.observation_hash, r.reward) for r in rows)

    assert recorded(cut) == recorded(whole)
    key = lambda result: result["rollout"]  # noqa: E731
    assert sorted(RunFolder.read(cut).results(), key=key) == sorted(RunFolder.read(whole).results(), key=key)


def test_a_finished_run_has_nothing_left_to_play(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert len(run(plan(folder, Reads(REPLIES)), folder, Progress())) == 2
    assert run(plan(folder, Reads(REPLIES)), folder, Progress()) == []


def test_two_jobs_record_what_one_records(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    run(plan(one, Reads(REPLIES)), one, Progress())
    plan_two = plan(two, Reads(REPLIES))
    run(Plan(plan_two.tasks, plan_two.make_env, plan_two.make_agent, jobs=2), two, Progress())
    rows = [sorted((r.rollout, r.number, r.snapshot) for r in RunFolder.read(folder).turns()) for folder in (one, two)]
    assert rows[0] == rows[1]


def test_another_agent_may_not_go_on_with_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(plan(folder, Reads(REPLIES)), folder, Progress())
    other = Reads(REPLIES)
    other.__class__ = type("Other", (Reads,), {"id": "other/1"})
    with pytest.raises(BadRun, match=r"was played by reads/1, not by other/1"):
        run(plan(folder, other), folder, Progress())


def test_a_replay_of_a_run_with_backtracks_and_retests_is_the_same_in_every_hash(tmp_path: Path) -> None:
    folder = tmp_path / "run"

    def make() -> gym.Env[Any, str]:
        return Backtracking(environment(folder), after=1)

    run(Plan(TASKS, make, lambda: Reads(REPLIES)), folder, Progress())
    env = environment(tmp_path / "again")
    compared = list(replay(RunFolder.read(folder), env))
    env.close()
    assert len(compared) >= 2 * len(REPLIES)
    assert [turn for turn in compared if turn.differs] == []


def test_a_replay_names_what_differs(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(plan(folder, Reads(REPLIES)), folder, Progress())
    lines = (folder / "turns.jsonl").read_text().splitlines()
    changed = {**json.loads(lines[1]), "reward": 99.0}
    (folder / "turns.jsonl").write_text("\n".join([lines[0], json.dumps(changed), *lines[2:]]) + "\n")
    env = environment(tmp_path / "again")
    differs = [(turn.number, turn.differs) for turn in replay(RunFolder.read(folder), env) if turn.differs]
    env.close()
    assert differs == [(1, ("reward",))]


def test_a_void_rollout_is_said_to_be_void(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    judge = ScriptedAppearance(InfraFault("the lights went out"))
    (rollout, _) = run(plan(folder, Reads(REPLIES), judge=judge), folder, Progress())
    assert rollout.void
    assert RunFolder.read(folder).results()[0]["void"] is True


def test_a_void_rollout_goes_on_when_the_run_is_taken_up_again(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    lost = InfraFault("the lights went out")
    judge = ScriptedAppearance(3.0, lost, lost, lost, 3.0)
    one = Plan(TASKS[:1], lambda: environment(folder, judge=judge), lambda: Reads(REPLIES))
    assert run(one, folder, Progress())[0].void
    (again,) = run(one, folder, Progress())
    assert not again.void
    numbers = [row.number for row in RunFolder.read(folder).turns() if row.outcome != "void"]
    assert numbers == sorted(set(numbers))
    assert run(one, folder, Progress()) == []


def test_thirty_random_snapshots_of_five_runs_are_observed_again_byte_for_byte(tmp_path: Path) -> None:
    snapshots = []
    for number in range(5):
        folder = tmp_path / f"run{number}"
        env = environment(folder)
        for task in TASKS:
            first = page(f"<h1>{task.id} {number}</h1><p style='color: #{number}{number}a'>Some words.</p>")
            play(env, Reads([first, *REPLIES[1:]]), task, name=task.id)
        env.close()
        snapshots += [(folder, row) for row in RunFolder.read(folder).turns()]
    for folder, row in random.Random(0).sample(snapshots, 30):
        env = environment(folder)
        _, info = env.reset(options={"snapshot": row.snapshot})
        assert observation_hash(env.seen) == row.observation_hash
        assert info["state_hash"] == row.state_hash
        env.close()


class Dear(Reads):
    """An agent whose every reply costs a call."""

    def act(self, observation: Observation) -> str:
        spend(Usage(calls=1, prompt_tokens=100, completion_tokens=10, cost=0.25))
        return super().act(observation)


def test_what_models_cost_is_in_every_turn_and_in_the_header(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    plan = Plan(TASKS[:1], lambda: environment(folder), lambda: Dear([page("<h1>Shop</h1>"), FINISH]))
    run(plan, folder, Progress())
    records = RunFolder.read(folder)
    costs = [row.raw["usage"].get("agent", {}).get("cost") for row in records.turns()]
    assert costs == [None, 0.25, 0.25]
    assert records.header["usage"] == {
        "agent": {"calls": 2, "prompt_tokens": 200, "completion_tokens": 20, "cost": 0.5, "estimated": False}
    }


class Speechless(Reads):
    """An agent whose model fails at a turn."""

    def __init__(self, replies: Sequence[str], at: int, reason: ModelFailure) -> None:
        super().__init__(replies)
        self._at = at
        self._reason = reason

    def act(self, observation: Observation) -> str:
        if observation.turn == self._at:
            raise ModelFailed("The model server is gone.", self._reason)
        return super().act(observation)


def test_a_model_that_gives_no_reply_makes_the_rollout_void_and_it_goes_on_later(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    replies = [page("<h1>Shop</h1>"), page("<h1>Better shop</h1>"), FINISH]
    failing = Plan(TASKS[:1], lambda: environment(folder), lambda: Speechless(replies, 1, ModelFailure.SERVER))
    (first,) = run(failing, folder, Progress())
    assert (first.void, first.failure, len(first.turns)) == (True, "The model server is gone.", 1)
    (second,) = run(Plan(TASKS[:1], lambda: environment(folder), lambda: Reads(replies)), folder, Progress())
    assert not second.void
    assert [turn.number for turn in second.turns][:2] == [2, 3]


def test_a_conversation_too_long_for_its_model_ends_the_rollout_with_what_it_has(tmp_path: Path) -> None:
    agent = Speechless([page("<h1>Shop</h1>"), FINISH], 1, ModelFailure.CONTEXT)
    env = environment(tmp_path / "run")
    rollout = play(env, agent, TASKS[0], name="shop")
    assert not rollout.void
    assert rollout.chosen is not None
    env.close()


class Forgetful(Reads):
    """An agent that notes where it was set back to."""

    def __init__(self, replies: Sequence[str]) -> None:
        super().__init__(replies)
        self.went_back_to: list[str] = []

    def go_back(self, observation: Observation) -> None:
        self.went_back_to.append(observation.feedback)


def test_an_agent_is_told_when_the_site_was_set_back(tmp_path: Path) -> None:
    judge = ScriptedAppearance(4.0, 1.0, 1.0, 4.0)
    env = Backtracking(environment(tmp_path / "run", judge=judge, gui=ScriptedFunctionality(1.0)), after=2)
    agent = Forgetful([page("<h1>good</h1>"), page("<h1>bad</h1>"), page("<h1>worse</h1>"), FINISH])
    rollout = play(env, agent, TASKS[0], name="shop")
    assert agent.went_back_to == [rollout.turns[0].observation.feedback]
    env.close()
