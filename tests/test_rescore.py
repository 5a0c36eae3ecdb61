"""Stored states judged again, and two judges set beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replies import FINISH, VALIDATE, page
from webgen_gym.browser.base import Visits
from webgen_gym.envs import WebGenEnv
from webgen_gym.envs.runtime import Runtime, shared_runtime
from webgen_gym.judges.agreement import agreement
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.measured import Measured
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.records.comparison import compared, write_comparison
from webgen_gym.records.rescore import Plan, Rescored, rescore, states
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.types import Look, Score, Task, Unscored, Verdict

TASK = Task("shop", "Build a shop with a search.")
GOOD = page(
    "<h1>Shop</h1><input aria-label=Search><button onclick='x.textContent=1'>Go</button><p id=x></p>",
    s_css="body { color: #222 }",
)
BAD = page("<h1>Shop</h1><button>Dead</button>")


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    made = shared_runtime()
    made.engine(Limits(), None)
    yield made
    made.leave()


@pytest.fixture(scope="module")
def run(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("run") / "run"
    env = WebGenEnv(
        tasks=[TASK], judge="measured", gui=ScriptedFunctionality(2.0, 4.0), run_dir=folder, static_only=True
    )
    env.reset(options={"task": TASK, "rollout": "shop"})
    for reply in (GOOD, VALIDATE, BAD, GOOD, FINISH):
        env.step(reply)
    env.close()
    return RunFolder.read(folder)


def again(runtime: Runtime, plan: Plan) -> list[Rescored]:
    engine = runtime.engine(Limits(), None)
    try:
        return runtime.run(rescore(plan, engine))
    finally:
        runtime.leave()


def test_each_state_is_judged_once(run: RunFolder) -> None:
    chosen = states(Plan(run, appearance=Measured()))
    assert len(chosen) == len({row.state_hash for row in chosen}) == 2


def test_the_same_judge_says_the_same_of_what_was_recorded(runtime: Runtime, run: RunFolder) -> None:
    rescored = again(runtime, Plan(run, appearance=Measured()))
    assert [item.verdict.value for item in rescored if isinstance(item.verdict, Score)] == [
        item.before for item in rescored
    ]


class OnlyLooks(ScriptedAppearance):
    """Fails where a site is brought up."""

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        assert look.screenshot.startswith(b"\x89PNG")
        assert look.measurements.elements
        return await super().appearance(task, look, visits)


def test_a_judge_of_looks_gets_the_recorded_ones(runtime: Runtime, run: RunFolder) -> None:
    judge = OnlyLooks(1.0)
    again(runtime, Plan(run, appearance=judge))
    assert len(judge.looks) == 2


def test_a_judge_of_functions_gets_the_site_of_the_snapshot(runtime: Runtime, run: RunFolder) -> None:
    rescored = again(runtime, Plan(run, functionality=Explore()))
    checks = {check.name for item in rescored if isinstance(item.verdict, Score) for check in item.verdict.checks}
    assert len(rescored) == 2
    assert any("Dead" in name for name in checks)


def test_a_judge_that_fails_leaves_the_state_unscored(runtime: Runtime, run: RunFolder) -> None:
    judge = ScriptedAppearance(Unscored("server", "gone"), Score(3.0))
    rescored = again(runtime, Plan(run, appearance=judge, jobs=1))
    assert [type(item.verdict) for item in rescored] == [Unscored, Score]
    assert compared(rescored).pairs == 1


def test_the_run_itself_is_not_touched(runtime: Runtime, run: RunFolder, tmp_path: Path) -> None:
    before = (run.folder / "turns.jsonl").read_bytes()
    again(runtime, Plan(run, appearance=ScriptedAppearance(1.0)))
    assert (run.folder / "turns.jsonl").read_bytes() == before


def test_the_page_shows_both_judges_and_escapes_what_they_say(runtime: Runtime, run: RunFolder, tmp_path: Path) -> None:
    verdict = Score(5.0, summary="<script>alert(1)</script>")
    plan = Plan(run, appearance=ScriptedAppearance(verdict))
    path = write_comparison(plan, again(runtime, plan), tmp_path / "comparison.html")
    written = path.read_text()
    assert f"scripted/1 beside {Measured().id}" in written
    assert "<script" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    assert written.count("<circle") == 2


# ------------------------------------------------------------------ agreement


def test_judges_that_say_the_same_agree_wholly() -> None:
    found = agreement([1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    assert (found.shift, found.distance, found.close) == (0.0, 0.0, 1.0)
    assert (found.pearson, found.spearman, found.kendall) == pytest.approx((1.0, 1.0, 1.0))


def test_a_judge_that_is_milder_ranks_alike() -> None:
    found = agreement([0.0, 1.0, 4.0], [1.0, 2.5, 4.5])
    assert found.shift == pytest.approx(1.0)
    assert (found.spearman, found.kendall) == pytest.approx((1.0, 1.0))
    assert found.close == pytest.approx(1 / 3)


def test_ranks_with_ties_agree_with_the_textbook() -> None:
    # Worked out by hand: ranks 1 2.5 2.5 4 5 and 2 1 3.5 3.5 5; 7 pairs agree, 1 does not, 9 of 10 count on either side.
    found = agreement([1, 2, 2, 3, 5], [2, 1, 3, 3, 4])
    assert found.spearman == pytest.approx(0.7631578947)
    assert found.kendall == pytest.approx(0.6666666667)


def test_a_constant_judge_correlates_with_nothing() -> None:
    found = agreement([3.0, 3.0], [1.0, 2.0])
    assert (found.pearson, found.spearman, found.kendall) == (None, None, None)


def test_nothing_to_compare_is_no_error() -> None:
    assert agreement([], []).pairs == 0


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 scores cannot be compared with 1"):
        agreement([1.0, 2.0], [1.0])
