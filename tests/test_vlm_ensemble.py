"""Several judges as one, and what judges are called."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

import pytest

from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import ModelRefused, UsageError
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.judges.ensemble import Ensemble
from webgen_gym.judges.identity import models_of, same_model, warn_if_same_model
from webgen_gym.judges.scripted import ScriptedAppearance
from webgen_gym.judges.vlm import Guarded, Paper
from webgen_gym.llm import ScriptedModel
from webgen_gym.types import Evidence, Score, Task, Unscored, Verdict

TASK = Task(id="t", instruction="Build it.")
LOOK = measure.unseen((1024, 768), "")
LATE = Unscored("timeout", "No answer.")


class NoTabs:
    site = ""

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        raise AssertionError("a tab was opened")


def judged(judge: AppearanceJudge) -> Verdict:
    return asyncio.run(judge.appearance(TASK, LOOK, NoTabs()))


def ensemble(
    *answers: float | Verdict | Exception, weights: Sequence[float] | None = None, quorum: int | None = None
) -> Ensemble:
    return Ensemble([ScriptedAppearance(answer) for answer in answers], weights, quorum)


def paper(model: str) -> str:
    return Paper(ScriptedModel([""], id=model)).id


def test_the_value_is_the_weighted_mean() -> None:
    verdict = judged(ensemble(5.0, 2.0, weights=(1, 2)))
    assert isinstance(verdict, Score)
    assert verdict.value == 3.0


def test_evidence_is_named_by_its_judge() -> None:
    verdict = judged(ensemble(Score(4.0, evidence=(Evidence("layout", "It is crooked.", -1.0),))))
    assert isinstance(verdict, Score)
    assert verdict.evidence == (Evidence("scripted/1 layout", "It is crooked.", -1.0),)


def test_without_one_of_its_judges_it_gives_no_score() -> None:
    assert judged(ensemble(5.0, LATE)) == Unscored("timeout", "scripted/1: No answer.")


def test_a_quorum_lets_the_others_score() -> None:
    verdict = judged(ensemble(5.0, LATE, 4.0, quorum=2))
    assert isinstance(verdict, Score)
    assert verdict.value == 4.5


def test_what_stops_the_run_is_raised() -> None:
    with pytest.raises(ModelRefused):
        judged(ensemble(5.0, ModelRefused("Check the key.")))


@pytest.mark.parametrize("wrong", [{"weights": (1,)}, {"weights": (1, 0)}, {"quorum": 0}, {"quorum": 3}], ids=str)
def test_an_ensemble_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        ensemble(1.0, 2.0, **wrong)  # type: ignore[arg-type]


def test_the_id_tells_judges_weights_and_quorum_apart() -> None:
    ids = {ensemble(1.0, 2.0).id, ensemble(1.0, 2.0, weights=(1, 2)).id, ensemble(1.0, 2.0, quorum=1).id}
    assert len(ids) == 3


# ------------------------------------------------------------------ the models of judges


def test_a_judge_that_measures_asks_no_model() -> None:
    assert models_of("measured/1") == frozenset()


@pytest.mark.parametrize("model", ["gpt-5", "qwen2.5vl:7b", "Qwen/Qwen2.5-VL-32B-Instruct", "org/m:0123456789ab"])
def test_the_model_is_read_from_the_id(model: str) -> None:
    assert models_of(paper(model)) == {model}


def test_an_ensemble_asks_the_models_of_its_judges() -> None:
    members: list[AppearanceJudge] = [
        Paper(ScriptedModel([""], id="a:1")),
        Guarded(ScriptedModel([""], id="b")),
        ScriptedAppearance(1.0),
    ]
    assert models_of(Ensemble(members).id) == {"a:1", "b"}


def test_two_kinds_of_judge_may_ask_the_same_model() -> None:
    assert same_model(paper("m"), Guarded(ScriptedModel([""], id="m")).id)
    assert not same_model(paper("m"), paper("n"))


def test_evaluating_with_the_model_that_rewards_warns() -> None:
    with pytest.warns(UserWarning, match="same model, m:"):
        warn_if_same_model(paper("m"), paper("m"))


def test_evaluating_with_another_model_does_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_same_model(paper("m"), "measured/1")
