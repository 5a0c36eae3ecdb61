"""From turns to the rewards of steps."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from webgen_gym.browser.measure import unseen
from webgen_gym.errors import UsageError
from webgen_gym.rewards import paper
from webgen_gym.trainers.scoring import checked_parts, step_rewards
from webgen_gym.types import Fault, FaultCode, Observation, Outcome, Reward, Score, Turn, Unscored, Verdict

LOOK = unseen((1024, 768), "")
BROKEN = Unscored("timeout")


def turn(number: int, outcome: Outcome = Outcome.SHOWN, **values: Any) -> Turn:
    """A turn as a session makes it; its reward is the paper's."""
    appearance: Verdict | None = values.pop("appearance", None)
    functionality: Verdict | None = values.pop("functionality", None)
    credited = functionality if isinstance(functionality, Score) else None
    return Turn(
        task="t",
        number=number,
        reply="",
        outcome=outcome,
        observation=Observation("", {}, "", b"", "", -1, -1, number),
        reward=values.pop("reward", paper(appearance, credited, malformed=outcome is Outcome.MALFORMED)),
        terminated=False,
        truncated=False,
        snapshot="",
        parent="",
        state_hash="",
        look=values.pop("look", LOOK if outcome is Outcome.SHOWN else None),
        appearance=appearance,
        functionality=functionality,
        **values,
    )


def edit(number: int, points: float, **values: Any) -> Turn:
    return turn(number, appearance=Score(points), **values)


def test_of(number: int, points: float, functions: Verdict) -> Turn:
    return turn(number, Outcome.VALIDATED, appearance=Score(points), functionality=functions)


test_of.__test__ = False  # type: ignore[attr-defined]


def rewards(turns: list[Turn], parts: list[str] | None = None, *, ended: bool = True) -> list[float | None]:
    return step_rewards(turns, [ended] * len(turns), parts)


def test_an_edit_has_the_score_of_its_screenshot() -> None:
    assert rewards([edit(1, 2.5), edit(2, 3.0)]) == [2.5, 3.0]


def test_the_score_of_a_gui_test_goes_to_the_edit_that_was_tested_and_the_turn_that_asked_shares_it() -> None:
    assert rewards([edit(1, 2.0), edit(2, 3.0), test_of(3, 3.0, Score(4.0))]) == [2.0, 7.0, 7.0]


def test_a_malformed_reply_between_edit_and_test_does_not_take_the_credit() -> None:
    turns = [edit(1, 3.0), turn(2, Outcome.MALFORMED), test_of(3, 3.0, Score(4.0))]
    assert rewards(turns) == [7.0, -1.0, 7.0]


def test_a_finish_shares_what_its_edit_earned() -> None:
    finish = turn(3, Outcome.FINISHED, appearance=Score(3.0), functionality=Score(4.0))
    assert rewards([edit(1, 3.0), test_of(2, 3.0, Score(4.0)), finish]) == [7.0, 7.0, 7.0]


def test_an_edit_that_was_tested_at_once_keeps_its_reward() -> None:
    assert rewards([edit(1, 3.0, functionality=Score(1.0)), edit(2, 2.0, functionality=Score(5.0))]) == [4.0, 7.0]


def test_a_failed_build_earns_nothing() -> None:
    assert rewards([turn(1, Outcome.BUILD_FAILED, appearance=Score(0.0))]) == [0.0]


def test_a_malformed_reply_has_minus_one_whatever_is_trained_on() -> None:
    turns = [turn(1, Outcome.MALFORMED)]
    assert rewards(turns) == rewards(turns, ["functionality"]) == [-1.0]


@pytest.mark.parametrize("code", [FaultCode.CUT_OFF, FaultCode.NO_ACTION])
def test_a_malformed_reply_that_was_cut_off_is_left_out(code: FaultCode) -> None:
    turns = [turn(1, Outcome.MALFORMED, faults=(Fault(code, "It does not end."),))]
    assert rewards(turns, ended=False) == [None]


def test_a_reply_that_ends_too_early_is_malformed_like_any_other() -> None:
    assert rewards([turn(1, Outcome.MALFORMED, faults=(Fault(FaultCode.CUT_OFF, "It does not end."),))]) == [-1.0]


def test_a_reply_that_repeats_itself_until_it_is_cut_off_is_not_left_out() -> None:
    faults = (Fault(FaultCode.CUT_OFF, "It does not end."), Fault(FaultCode.REPETITION, "It repeats itself."))
    assert rewards([turn(1, Outcome.MALFORMED, faults=faults)], ended=False) == [-1.0]


def test_a_reply_that_was_cut_off_and_can_be_read_all_the_same_counts() -> None:
    assert rewards([edit(1, 2.0)], ended=False) == [2.0]


def test_a_void_turn_is_left_out() -> None:
    assert rewards([edit(1, 2.0), turn(2, Outcome.VOID)]) == [2.0, None]


def test_a_turn_without_a_verdict_is_left_out() -> None:
    assert rewards([turn(1, appearance=BROKEN), edit(2, 1.0)]) == [None, 1.0]


def test_an_edit_whose_test_has_no_verdict_is_left_out_with_it() -> None:
    assert rewards([edit(1, 2.0), edit(2, 3.0), test_of(3, 3.0, BROKEN)]) == [2.0, None, None]


@pytest.mark.parametrize(("parts", "wanted"), [(["appearance"], 3.0), (["functionality"], 4.0), (None, 7.0)])
def test_one_part_of_the_reward_may_be_trained_on_alone(parts: list[str] | None, wanted: float) -> None:
    assert rewards([edit(1, 3.0), test_of(2, 3.0, Score(4.0))], parts) == [wanted, wanted]


def test_a_reward_of_ones_own_counts_as_it_is() -> None:
    own = Reward(12.5, MappingProxyType({"style": 12.5}))
    assert rewards([turn(1, appearance=Score(1.0), reward=own)]) == [12.5]


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="no part 'looks'"):
        checked_parts(["looks"])
