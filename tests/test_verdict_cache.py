"""Verdicts are kept once, equal to the last bit, for all processes; what is no verdict is not kept."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import StorageFailed, UsageError
from webgen_gym.judges.cache import CachedAppearance, CachedFunctionality, VerdictCache
from webgen_gym.judges.scripted import Answer, ScriptedAppearance, ScriptedFunctionality
from webgen_gym.kept import Kept
from webgen_gym.limits import Limits
from webgen_gym.types import CheckResult, ConsoleLine, Evidence, Look, Score, Task, Unscored, Verdict

TASK = Task(id="t", instruction="Build it.")
LOOK = replace(measure.unseen((1024, 768), ""), screenshot=b"picture")
SCORE = Score(
    value=0.1 + 0.2,
    criteria=MappingProxyType({"layout": 1 / 3}),
    evidence=(Evidence("layout", "half a pair: \ud83d", -0.1),),
    suggestions=("Be bold.",),
    checks=(CheckResult("send", passed=False, detail="nothing happened"),),
    summary="Würde besser.",
)


class On:
    """Visits of a site of which only the content is told."""

    def __init__(self, site: str) -> None:
        self.site = site

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        raise AssertionError("a tab was opened")


class Counting(ScriptedAppearance):
    """A scripted judge with an id of choice."""

    def __init__(self, *answers: Answer, id: str = "counting/1") -> None:
        super().__init__(*answers)
        self._id = id

    @property
    def id(self) -> str:
        return self._id


@pytest.fixture
def cache(tmp_path: Path) -> VerdictCache:
    return VerdictCache(tmp_path)


def judged(judge: Counting, cache: VerdictCache, task: Task = TASK, look: Look = LOOK, site: str = "site") -> Verdict:
    return asyncio.run(CachedAppearance(judge, cache).appearance(task, look, On(site)))


def test_a_verdict_that_is_kept_is_not_asked_for_again(cache: VerdictCache) -> None:
    judge = Counting(SCORE)
    judged(judge, cache)
    judged(judge, cache)
    assert len(judge.looks) == 1


def test_a_kept_verdict_is_equal_to_the_last_bit(cache: VerdictCache) -> None:
    judge = Counting(SCORE, 1.0)
    assert [judged(judge, cache), judged(judge, cache)] == [SCORE, SCORE]


def test_a_kept_verdict_cannot_be_changed(cache: VerdictCache) -> None:
    verdict = judged(Counting(SCORE), cache)
    assert isinstance(verdict, Score)
    assert isinstance(verdict.criteria, MappingProxyType)


def test_what_is_no_score_is_not_kept(cache: VerdictCache) -> None:
    judge = Counting(Unscored("timeout"), SCORE)
    assert [judged(judge, cache), judged(judge, cache)] == [Unscored("timeout"), SCORE]


def test_a_judge_that_raises_leaves_nothing(cache: VerdictCache) -> None:
    with pytest.raises(RuntimeError):
        judged(Counting(RuntimeError("gone")), cache)
    assert len(cache) == 0


def test_a_site_of_unknown_content_is_not_kept(cache: VerdictCache) -> None:
    judge = Counting(SCORE)
    judged(judge, cache, site="")
    judged(judge, cache, site="")
    assert (len(judge.looks), len(cache)) == (2, 0)


OTHERS = {
    "judge": {"judge": Counting(2.0, id="counting/2")},
    "task": {"task": replace(TASK, instruction="Build another.")},
    "picture": {"look": replace(LOOK, screenshot=b"another")},
    "console": {"look": replace(LOOK, console=(ConsoleLine("error", "x"),))},
    "site": {"site": "another"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=list(OTHERS))
def test_another_of_these_is_another_verdict(cache: VerdictCache, other: dict[str, object]) -> None:
    judged(Counting(SCORE), cache)
    second = judged(**{"judge": Counting(2.0), "cache": cache} | other)  # type: ignore[arg-type]
    assert isinstance(second, Score)
    assert second.value == 2.0


@pytest.mark.parametrize(
    ("viewport", "limits", "asked"),
    [((1024, 768), Limits(), 1), ((390, 844), Limits(), 2), ((1024, 768), Limits(explore_controls=1), 2)],
    ids=["the same", "another viewport", "other limits"],
)
def test_functionality_is_kept_by_site_viewport_and_limits(
    cache: VerdictCache, viewport: Size, limits: Limits, asked: int
) -> None:
    judge = ScriptedFunctionality(SCORE)
    for cached in (CachedFunctionality(judge, cache, (1024, 768)), CachedFunctionality(judge, cache, viewport, limits)):
        asyncio.run(cached.functionality(TASK, On("site")))
    assert len(judge.asked) == asked


def test_a_cached_judge_goes_by_the_judges_name(cache: VerdictCache) -> None:
    assert CachedAppearance(Counting(1.0), cache).id == "counting/1"


# ------------------------------------------------------------------ the store


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    cache = VerdictCache(tmp_path, max_bytes=2000)
    cache.put("kept", Score(1.0))
    for number in range(50):
        cache.put(f"key {number}", Score(2.0))
        cache.get("kept")
    assert cache.get("kept") == Score(1.0)
    assert cache.get("key 0") is None


def test_the_store_stays_within_its_bound(tmp_path: Path) -> None:
    cache = VerdictCache(tmp_path, max_bytes=2000)
    for number in range(100):
        cache.put(f"key {number}", Score(2.0, summary="x" * 100))
    assert 1 <= len(cache) <= 2000 // 100


def test_the_first_of_two_verdicts_stands(cache: VerdictCache) -> None:
    cache.put("key", Score(1.0))
    assert cache.put("key", Score(2.0)) == Score(1.0)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "verdicts-2.sqlite").write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageFailed, match=r"verdicts-2\.sqlite"):
        VerdictCache(tmp_path)


def test_a_bound_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        VerdictCache(tmp_path, max_bytes=0)


# ------------------------------------------------------------------ several processes

WRITER = """
import sys
import threading
from webgen_gym.judges.cache import VerdictCache
from webgen_gym.types import Score
cache = VerdictCache(sys.argv[1])
print(*(cache.put(f"key {n}", Score(float(sys.argv[2]))).value for n in range(60)))
"""


def side_by_side(folder: Path, values: Sequence[str]) -> list[list[float]]:
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), value], stdout=subprocess.PIPE, text=True)
        for value in values
    ]
    said = [process.communicate()[0] for process in processes]
    assert all(process.returncode == 0 for process in processes)
    return [[float(value) for value in line.split()] for line in said]


def test_two_processes_that_write_at_once_agree_on_every_verdict(tmp_path: Path) -> None:
    first, second = side_by_side(tmp_path, ["1", "2"])
    assert first == second
    assert len(first) == 60


def test_those_who_make_the_file_at_once_wait_for_one_another(tmp_path: Path) -> None:
    for number in range(80):
        at_once = threading.Barrier(8)

        def make(number: int, at_once: threading.Barrier) -> bytes:
            at_once.wait()
            return Kept(tmp_path / f"{number}.sqlite", 1000, "cache").put("key", b"value")

        with ThreadPoolExecutor(8) as pool:
            assert [each.result() for each in [pool.submit(make, number, at_once) for _ in range(8)]] == [b"value"] * 8


def test_another_process_finds_what_was_kept(cache: VerdictCache, tmp_path: Path) -> None:
    judge = Counting(SCORE)
    judged(judge, cache)
    script = (
        "import sys, asyncio, tests.test_verdict_cache as t; from webgen_gym.judges.cache import VerdictCache\n"
        "assert t.judged(t.Counting(RuntimeError('asked')), VerdictCache(sys.argv[1])) == t.SCORE"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
