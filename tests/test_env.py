"""The contract of the environment (DESIGN: contract), on static sites."""

import asyncio
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import BACKTRACK, FINISH, MALFORMED, VALIDATE, package, page
from webgen_gym.browser.chromium import Chromium
from webgen_gym.envs import Backtracking, WebGenEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import BrowserLost, InfraFault, JudgeFault, UnknownSnapshot, UnknownTask, UsageError
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.types import Palette, Task, Unscored

SHOP = Task("shop", "Build a shop. Use ivory for the background.", palette=Palette(background="#fffff0"))
BLOG = Task("blog", "Build a blog.")


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    """One browser for all environments of this module."""
    runtime = shared_runtime()
    runtime.engine(Limits(), None)
    yield
    runtime.leave()


def make(**settings: Any) -> WebGenEnv:
    defaults: dict[str, Any] = {
        "tasks": [SHOP, BLOG],
        "judge": ScriptedAppearance(3.5),
        "gui": ScriptedFunctionality(4.0),
        "static_only": True,
        "cache": False,
    }
    return WebGenEnv(**{**defaults, **settings})


@pytest.fixture
def env() -> Iterator[WebGenEnv]:
    made = make()
    made.reset(seed=1, options={"task": "shop"})
    yield made
    made.close()


def step(env: gym.Env[Any, str], reply: str) -> tuple[float, dict[str, Any]]:
    _, reward, _, _, info = env.step(reply)
    return float(reward), info


@pytest.mark.parametrize("id", ["WebGen-v0", "WebGenStatic-v0"])
def test_gymnasiums_checker_has_nothing_to_say(id: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gym.make(id, cache=False)
        check_env(env.unwrapped)
        env.close()


def test_making_an_environment_starts_nothing() -> None:
    before = set(sys.modules)
    env = make()
    assert env._slot is None
    env.close()
    assert "torch" not in set(sys.modules) - before


def test_an_edit_is_rewarded_with_what_is_seen_and_a_validation_with_both(env: WebGenEnv) -> None:
    assert step(env, page("<h1>a</h1>"))[0] == 3.5
    reward, info = step(env, VALIDATE)
    assert reward == 7.5
    assert info["reward_parts"] == {"appearance": 3.5, "functionality": 4.0, "malformed": 0.0}


def test_the_functionality_score_is_credited_to_the_edit_that_was_tested(env: WebGenEnv) -> None:
    step(env, page("<h1>a</h1>"))
    step(env, page("<h1>b</h1>"))
    assert step(env, MALFORMED)[1]["credit_to"] == -1
    assert step(env, VALIDATE)[1]["credit_to"] == 2


def test_finish_ends_the_episode_with_the_reward_of_the_finished_state(env: WebGenEnv) -> None:
    step(env, page("<h1>a</h1>"))
    step(env, VALIDATE)
    _, reward, terminated, truncated, info = env.step(FINISH)
    assert (reward, terminated, truncated, info["outcome"]) == (7.5, True, False, "finished")
    with pytest.raises(UsageError, match="This episode is over; call reset"):
        env.step(FINISH)


def test_files_beside_a_control_word_are_not_lost(env: WebGenEnv) -> None:
    reply = page("<h1>both</h1>").replace("</boltArtifact>", '<boltAction type="screenshot_validated"/></boltArtifact>')
    reward, info = step(env, reply)
    assert b"both" in env.seen.files["index.html"]
    assert (reward, info["outcome"], info["credit_to"]) == (7.5, "validated", 1)


def test_a_control_word_in_a_files_content_does_nothing(env: WebGenEnv) -> None:
    _, _, terminated, _, info = env.step(page("<p>Write &lt;boltAction type=&quot;finish&quot;/&gt; to end.</p>"))
    assert (terminated, info["outcome"]) == (False, "shown")


def test_a_malformed_reply_costs_one_point_and_changes_nothing(env: WebGenEnv) -> None:
    step(env, page("<h1>a</h1>"))
    before = env.seen
    reward, info = step(env, MALFORMED)
    assert (reward, info["malformed"], info["outcome"]) == (-1.0, True, "malformed")
    assert env.seen.files == before.files
    assert env.seen.screenshot == before.screenshot
    assert "nothing was changed" in env.seen.feedback


def test_three_malformed_replies_in_a_row_truncate(env: WebGenEnv) -> None:
    step(env, MALFORMED)
    step(env, page("<h1>a</h1>"))
    ends = [env.step(MALFORMED)[3] for _ in range(3)]
    assert ends == [False, False, True]


def test_the_budget_truncates() -> None:
    env = make(max_turns=2)
    env.reset(options={"task": "shop"})
    assert [env.step(page(f"<h1>{n}</h1>"))[3] for n in range(2)] == [False, True]
    env.close()


def test_a_refused_edit_scores_nothing_says_why_and_keeps_the_files(env: WebGenEnv) -> None:
    step(env, page("<h1>a</h1>"))
    files = env.seen.files
    reward, info = step(env, page("<h1>b</h1>").replace("index.html", "../index.html"))
    assert (reward, info["outcome"], info["error"]) == (0.0, "refused", True)
    assert "'../index.html' leaves the workspace" in env.seen.feedback
    assert env.seen.files == files


def test_a_site_without_a_first_page_fails_with_a_sentence(env: WebGenEnv) -> None:
    reward, info = step(env, page("x").replace("index.html", "style.css"))
    assert (reward, info["outcome"]) == (0.0, "start_failed")
    assert "index.html" in env.seen.feedback


def test_an_npm_project_is_refused_where_only_static_sites_are_built(env: WebGenEnv) -> None:
    reward, info = step(env, package('{"scripts": {"dev": "vite"}}'))
    assert (reward, info["outcome"]) == (0.0, "start_failed")
    assert "Only plain HTML, CSS and JavaScript" in env.seen.feedback


def test_a_page_that_never_yields_is_a_failed_turn_and_the_next_one_is_normal() -> None:
    env = make(limits=replace(Limits(), browser_op_s=2.0, page_load_s=2.0))
    env.reset(options={"task": "shop"})
    reward, info = step(env, page("<script>while (true) {}</script>"))
    assert (reward, info["outcome"], info["error"], info["void"]) == (0.0, "page_failed", True, False)
    assert "stopped answering" in env.seen.feedback
    assert step(env, page("<h1>fine</h1>"))[0] == 3.5
    env.close()


def test_a_judge_that_fails_leaves_the_turn_unscored_not_zero() -> None:
    env = make(judge=ScriptedAppearance(JudgeFault("no answer"), Unscored("judge_reply", "not JSON"), 3.0))
    env.reset(options={"task": "shop"})
    for reason in ("judge_failed", "judge_reply"):
        _, info = step(env, page(f"<h1>{reason}</h1>"))
        assert (info["scored"], info["unscored_reason"]) == (False, reason)
        assert env.last_turn.observation.appearance == -1.0
    assert step(env, page("<h1>scored</h1>"))[1]["scored"] is True
    env.close()


def test_an_infrastructure_fault_is_replayed_and_then_void() -> None:
    judge = ScriptedAppearance(InfraFault("one"), 3.0, InfraFault("two"), InfraFault("three"), InfraFault("four"), 3.0)
    env = make(judge=judge)
    _, first = env.reset(options={"task": "shop"})
    reward, info = step(env, page("<h1>a</h1>"))
    assert (reward, info["void"]) == (3.0, False)
    _, reward, terminated, truncated, void = env.step(page("<h1>b</h1>"))
    assert (reward, terminated, truncated, void["void"]) == (0.0, False, True, True)
    assert void["snapshot"] == info["snapshot"] != first["snapshot"]
    env.restore(void["snapshot"])
    assert step(env, page("<h1>b</h1>"))[0] == 3.0
    env.close()


def test_a_page_that_kills_the_browser_each_time_is_at_fault_itself() -> None:
    lost = BrowserLost("gone")
    env = make(judge=ScriptedAppearance(lost, lost, lost, 3.0))
    env.reset(options={"task": "shop"})
    reward, info = step(env, page("<h1>a</h1>"))
    assert (reward, info["outcome"], info["void"]) == (0.0, "page_failed", False)
    assert "brings the browser down" in env.seen.feedback
    assert step(env, page("<h1>b</h1>"))[0] == 3.0
    env.close()


def test_functionality_is_judged_after_every_edit_where_that_is_asked_for() -> None:
    gui = ScriptedFunctionality(2.0, 4.0)
    env = make(gui=gui, gui_on="turn")
    env.reset(options={"task": "shop"})
    assert [step(env, page(f"<h1>{n}</h1>"))[0] for n in range(2)] == [5.5, 7.5]
    env.close()


def test_a_verdict_on_the_same_files_is_not_asked_for_twice(env: WebGenEnv) -> None:
    step(env, page("<h1>a</h1>"))
    step(env, VALIDATE)
    step(env, VALIDATE)
    gui = env.settings.functionality
    assert isinstance(gui, ScriptedFunctionality)
    assert gui.asked == ["shop"]


# ------------------------------------------------------------------ snapshots


def observed(observation: dict[str, Any]) -> dict[str, Any]:
    return {**observation, "screenshot": observation["screenshot"].tobytes(), "scores": observation["scores"].tobytes()}


def test_a_restored_state_is_observed_byte_for_byte_as_it_was(env: WebGenEnv) -> None:
    seen = {}
    for reply in (page("<h1>a</h1>"), MALFORMED, VALIDATE, page("<h1>b</h1>", s_css="x"), page("<p>c</p>")):
        observation, _, _, _, info = env.step(reply)
        seen[info["snapshot"]] = observed(observation)
    for snapshot, was in seen.items():
        observation, info = env.restore(snapshot)
        assert observed(observation) == was
        assert info["snapshot"] == snapshot


def test_a_restore_brings_back_the_budget_and_the_counters() -> None:
    env = make(max_turns=3)
    env.reset(options={"task": "shop"})
    _, early = step(env, MALFORMED)
    step(env, MALFORMED)
    assert env.step(MALFORMED)[3] is True
    env.restore(early["snapshot"])
    assert [env.step(MALFORMED)[3] for _ in range(2)] == [False, True]
    env.close()


def test_a_restore_brings_back_the_random_state(env: WebGenEnv) -> None:
    _, info = step(env, page("<h1>a</h1>"))
    drawn = env.np_random.random()
    env.restore(info["snapshot"])
    assert env.np_random.random() == drawn


def test_two_branches_of_one_snapshot_do_not_disturb_each_other(env: WebGenEnv) -> None:
    _, root = step(env, page("<h1>root</h1>"))
    _, left = step(env, page("<h1>left</h1>"))
    env.restore(root["snapshot"])
    _, right = step(env, page("<h1>right</h1>", extra_css="b{}"))
    assert left["parent"] == right["parent"] == root["snapshot"]
    assert set(env.restore(left["snapshot"])[0]["files"]) == {"index.html"}
    assert b"right" in env.restore(right["snapshot"])[0]["files"]["index.html"]


def test_another_environment_goes_on_from_a_snapshot_of_the_same_run_folder(tmp_path: Path) -> None:
    one = make(run_dir=tmp_path / "run")
    one.reset(options={"task": "blog"})
    observation, _, _, _, info = one.step(page("<h1>a</h1>"))
    one.close()
    two = make(run_dir=tmp_path / "run")
    again, _ = two.reset(options={"snapshot": info["snapshot"]})
    assert observed(again) == observed(observation)
    assert again["instruction"] == "Build a blog."
    assert step(two, VALIDATE)[0] == 7.5
    two.close()


def test_an_unknown_snapshot_is_refused_and_the_episode_goes_on(env: WebGenEnv) -> None:
    _, info = step(env, page("<h1>a</h1>"))
    with pytest.raises(UnknownSnapshot, match="There is no snapshot 'nonsense'"):
        env.restore("nonsense")
    assert env.snapshot() == info["snapshot"]
    assert step(env, VALIDATE)[0] == 7.5


def test_the_models_backtrack_word_brings_back_the_best_version_and_spends_a_turn() -> None:
    env = make(judge=ScriptedAppearance(4.0, 3.0, 1.0))
    env.reset(options={"task": "shop"})
    _, best = step(env, page("<h1>best</h1>"))
    step(env, page("<h1>worse</h1>"))
    observation, reward, _, _, info = env.step(BACKTRACK)
    assert b"best" in observation["files"]["index.html"]
    assert (info["outcome"], info["parent"], reward, observation["turn"]) == ("backtracked", best["snapshot"], 4.0, 3)
    env.close()


def test_backtracking_with_nothing_built_is_refused(env: WebGenEnv) -> None:
    _, info = step(env, BACKTRACK)
    assert info["outcome"] == "refused"
    assert "nothing was built yet" in env.seen.feedback
    with pytest.raises(UsageError, match="nothing was built yet"):
        env.backtrack()


def test_the_wrapper_goes_back_to_the_best_after_so_many_errors_and_the_budget_runs_on() -> None:
    inner = make(judge=ScriptedAppearance(4.0, 1.0))
    env = Backtracking(inner, after=2)
    env.reset(options={"task": "shop"})
    _, best = step(env, page("<h1>best</h1>"))
    assert step(env, page("<h1>bad</h1>"))[1]["backtracked"] is False
    observation, reward, _, _, info = env.step(page("<h1>worse</h1>"))
    assert (info["backtracked"], info["snapshot"], reward) == (True, best["snapshot"], 1.0)
    assert b"best" in observation["files"]["index.html"]
    assert observation["turn"] == 3
    assert step(env, page("<h1>again</h1>"))[1]["parent"] == best["snapshot"]
    env.close()


def test_the_wrapper_goes_back_to_the_empty_workspace_where_nothing_was_good() -> None:
    env = Backtracking(make(judge=ScriptedAppearance(1.0)), after=2)
    _, root = env.reset(options={"task": "shop"})
    step(env, page("<h1>bad</h1>"))
    observation, _, _, _, info = env.step(page("<h1>worse</h1>"))
    assert observation["files"] == {}
    assert info["snapshot"] == root["snapshot"]
    env.close()


# ------------------------------------------------------------------ determinism and misuse


def test_twenty_repeats_of_an_episode_give_the_same_bytes() -> None:
    replies = [
        page("<h1>One</h1><p id=x></p><script>x.textContent = new Date() + Math.random()</script>"),
        MALFORMED,
        page("<h1>Two</h1>", s_css="h1 { color: navy }"),
        VALIDATE,
        FINISH,
    ]
    runs = set()
    for _ in range(20):
        env = make(tasks=None, judge="measured", gui="explore")
        episode = [observed(env.reset(seed=7)[0])]
        for reply in replies:
            observation, reward, terminated, truncated, info = env.step(reply)
            episode.append({**observed(observation), "end": (reward, terminated, truncated), "info": info})
        env.close()
        runs.add(repr(episode))
    assert len(runs) == 1


def test_the_seed_draws_the_task() -> None:
    env = make(tasks=None)
    drawn = [env.reset(seed=seed)[0]["instruction"] for seed in (1, 1, 2, 3, 4, 5)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 2
    env.close()


def test_observations_are_fresh_objects(env: WebGenEnv) -> None:
    first = env.step(page("<h1>a</h1>"))[0]
    first["files"].clear()
    first["screenshot"][:] = 0
    second = env.step(MALFORMED)[0]
    assert second["files"]
    assert second["screenshot"].any()


def test_a_wrong_action_is_named_by_its_type(env: WebGenEnv) -> None:
    with pytest.raises(UsageError, match="a str; got int"):
        env.step(3)  # type: ignore[arg-type]


def test_a_step_before_the_first_reset_says_so() -> None:
    with pytest.raises(UsageError, match=r"no episode yet; call reset\(\) first"):
        make().step(FINISH)


def test_an_unknown_task_is_named(env: WebGenEnv) -> None:
    with pytest.raises(UnknownTask, match="shap"):
        env.reset(options={"task": "shap"})
    assert step(env, page("<h1>a</h1>"))[0] == 3.5


WRONG = {
    "gui_on": ({"gui_on": "never"}, "gui_on is 'never'; it is one of validate, turn"),
    "judge": ({"judge": "oracle"}, "oracle"),
    "gui": ({"gui": "oracle"}, "oracle"),
    "reward": ({"reward": "huge"}, "There is no reward 'huge'"),
    "render_mode": ({"render_mode": "human"}, "render_mode is 'human'"),
}


@pytest.mark.parametrize(("settings", "message"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_setting_is_refused_when_the_environment_is_made(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make(**settings)


def test_an_unknown_option_of_reset_is_named(env: WebGenEnv) -> None:
    with pytest.raises(UsageError, match=r"no option tsk; the options are"):
        env.reset(options={"tsk": "shop"})


def test_rendering_shows_the_last_screenshot_and_a_few_lines() -> None:
    for mode, kind in (("rgb_array", np.ndarray), ("ansi", str)):
        env = make(render_mode=mode)
        env.reset(options={"task": "shop"})
        env.step(page("<h1>a</h1>"))
        assert isinstance(env.render(), kind)
        env.close()


def test_the_environment_works_inside_a_running_event_loop() -> None:
    async def inside() -> float:
        env = make()
        env.reset(options={"task": "shop"})
        reward = step(env, page("<h1>a</h1>"))[0]
        env.close()
        return reward

    assert asyncio.run(inside()) == 3.5


def test_the_browser_is_shared_and_ends_with_its_last_user(chromium: Chromium) -> None:
    runtime = shared_runtime()
    one, two = runtime.engine(Limits(), "x"), runtime.engine(Limits(), "x")
    assert one.chromium is two.chromium
    runtime.leave()
    runtime.leave()


FULL_DISK = """
    import os, resource, signal, sys
    from pathlib import Path
    from tests.test_env import make, page
    from webgen_gym.errors import StorageFailed
    from webgen_gym.records.run_folder import RunFolder, observation_hash

    folder = Path(sys.argv[1])
    env = make(run_dir=folder)
    env.reset(options={"task": "shop"})
    _, _, _, _, info = env.step(page("<h1>before</h1>"))
    # A write past this size fails as on a full disk; the browser runs already and keeps its own limit.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    noise = os.urandom(20_000).hex()
    try:
        env.step(page(f"<!-- {noise} -->"))
    except StorageFailed as error:
        print("said:", error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    env.restore(info["snapshot"])
    (_, last) = RunFolder.read(folder).turns()[-2:]
    print("intact:", observation_hash(env.seen) == last.observation_hash)
    print("goes on:", env.step(page("<h1>after</h1>"))[1])
    env.close()
"""


def test_a_full_disk_is_a_sentence_and_what_was_played_is_intact(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(tmp_path / "run")]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    assert "said: " in done.stdout, done.stderr
    assert "intact: True" in done.stdout
    assert "goes on: 3.5" in done.stdout
