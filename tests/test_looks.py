"""A site that was seen before is neither built nor looked at again, and nothing else differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.replies import VALIDATE, page
from webgen_gym.browser.base import Visits
from webgen_gym.browser.measure import unseen
from webgen_gym.envs import WebGenEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import StorageFailed, UsageError
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.looks import LookCache, Shown, look_key
from webgen_gym.types import Build, Look, Request, Score, Stage, Task, Verdict

TASK = Task("shop", "Build a shop.")
GOOD = Shown(
    Build(True, Stage.UP, "static", "The site started."),
    replace(unseen((20, 10), ""), screenshot=b"\x89PNG\x00\xff", settled=True, status=200, title="Ä \ud800"),
)
KIB = 1024


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    """One browser for all environments of this module."""
    runtime = shared_runtime()
    runtime.engine(Limits())
    yield
    runtime.leave()


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WEBGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def turn_of(reply: str, **settings: Any) -> tuple[dict[str, Any], dict[str, Any], set[str]]:
    """The observation, info and timed stages of one turn in a new environment."""
    env = WebGenEnv(**{"tasks": [TASK], "static_only": True, **settings})
    env.reset(seed=1)
    observation, _, _, _, info = env.step(reply)
    stages = set(env.last_turn.timings)
    env.close()
    return observation, info, stages


# ------------------------------------------------------------------ the environment


def test_a_site_that_was_seen_before_is_not_looked_at_again_and_comes_to_the_same() -> None:
    reply = page("<h1>Tea</h1><script>document.body.append(Math.random())</script>")
    first, first_info, looked = turn_of(reply)
    second, second_info, recalled = turn_of(reply)
    assert "look" in looked
    assert "look" not in recalled
    assert np.array_equal(first["screenshot"], second["screenshot"])
    assert first["feedback"] == second["feedback"]
    assert first_info == second_info


def test_without_the_cache_it_is_looked_at_again() -> None:
    reply = page("<h1>Tea</h1>")
    turn_of(reply)
    assert "look" in turn_of(reply, cache=False)[2]


@pytest.mark.parametrize("differs", [{"viewport": (800, 600)}, {"limits": Limits(elements=50)}])
def test_what_decides_a_look_is_part_of_its_name(differs: dict[str, Any]) -> None:
    reply = page("<h1>Tea</h1>")
    turn_of(reply)
    assert "look" in turn_of(reply, **differs)[2]


def test_another_budget_of_turns_changes_no_look() -> None:
    reply = page("<h1>Tea</h1>")
    turn_of(reply)
    assert "look" not in turn_of(reply, max_turns=7)[2]


def test_a_page_that_could_not_be_shown_is_tried_again() -> None:
    reply = page("<script>location.href = 'http://elsewhere.test/'</script>")
    assert turn_of(reply)[1]["outcome"] == "page_failed"
    assert "look" in turn_of(reply)[2]


def test_the_verdict_on_the_functions_of_a_site_is_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def tested() -> float:
        env = WebGenEnv(tasks=[TASK], static_only=True)
        env.reset()
        env.step(page("<h1>Tea</h1><button onclick=\"this.append('!')\">Brew</button>"))
        env.step(VALIDATE)
        value = env.last_turn.observation.functionality
        env.close()
        return value

    async def never(self: Explore, task: Task, visits: Visits) -> Verdict:
        raise AssertionError("the site was explored again")

    first = tested()
    monkeypatch.setattr(Explore, "functionality", never)
    assert tested() == first > 0


class Curious:
    """A judge that looks at the site itself, whether or not the session did."""

    id = "curious/1"

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        async with visits.tab((400, 300)) as tab:
            await tab.open("/")
            return Score(1.0 if "Tea" in await tab.text() else 0.0)


def test_a_judge_that_wants_to_see_more_of_a_recalled_site_finds_it_up() -> None:
    reply = page("<h1>Tea</h1>")
    for _ in range(2):
        env = WebGenEnv(tasks=[TASK], static_only=True, judge=Curious(), gui=ScriptedFunctionality(1.0))
        env.reset()
        assert env.step(reply)[1] == 1.0
        env.close()


# ------------------------------------------------------------------ the store


def test_a_look_comes_back_as_it_was_put(tmp_path: Path) -> None:
    LookCache(tmp_path, KIB * KIB).put("key", GOOD)
    assert LookCache(tmp_path, KIB * KIB).get("key") == GOOD


@pytest.mark.parametrize(
    "look",
    [
        replace(GOOD.look, settled=False),
        replace(GOOD.look, problem="The page crashed."),
        replace(GOOD.look, requests=(Request("/api", "GET", 500),)),
    ],
    ids=["unsettled", "problem", "server error"],
)
def test_what_did_not_go_well_is_not_kept(tmp_path: Path, look: Look) -> None:
    store = LookCache(tmp_path, KIB * KIB)
    store.put("key", replace(GOOD, look=look))
    assert len(store) == 0


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    store = LookCache(tmp_path, 64 * KIB)
    large = replace(GOOD, look=replace(GOOD.look, screenshot=b"x" * 20 * KIB))
    for key in ("a", "b", "c"):
        store.put(key, large)
    store.get("a")
    store.put("d", large)
    assert [key for key in "abcd" if store.get(key) is not None] == ["a", "d"]


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    store = LookCache(tmp_path, KIB * KIB)
    store.put("key", GOOD)
    store.forget("key")
    assert store.get("key") is None


def test_every_part_of_what_decides_a_look_changes_its_name() -> None:
    limits = Limits()
    keys = {
        look_key("files", "153", (1024, 768), "auto", limits),
        look_key("other", "153", (1024, 768), "auto", limits),
        look_key("files", "154", (1024, 768), "auto", limits),
        look_key("files", "153", (1024, 700), "auto", limits),
        look_key("files", "153", (1024, 768), "process", limits),
        look_key("files", "153", (1024, 768), "auto", replace(limits, settle_virtual_ms=1)),
    }
    assert len(keys) == 6


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "looks-1.sqlite").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(StorageFailed, match=r"The cache of looks .*looks-1\.sqlite cannot be used"):
        LookCache(tmp_path, KIB)


def test_a_bound_below_one_byte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0 bytes; it must be 1 or more"):
        LookCache(tmp_path, 0)


def test_a_store_that_is_removed_while_it_is_open_begins_anew(tmp_path: Path) -> None:
    store = LookCache(tmp_path, KIB * KIB)
    store.put("key", GOOD)
    for file in tmp_path.iterdir():
        file.unlink()
    assert store.get("key") is None
    store.put("key", GOOD)
    assert store.get("key") == GOOD
