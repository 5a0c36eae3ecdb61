"""What stops a run, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_scoring import edit, turn
from webgen_gym.errors import InfraFault, JudgeFault, UsageError
from webgen_gym.trainers.guards import GuardSettings, HackingWatch, check_turns
from webgen_gym.types import Outcome, Unscored

GOOD = [edit(number, 3.0) for number in range(8)]
SETTINGS = GuardSettings(void=0.2, unscored=0.2)


def test_good_turns_pass() -> None:
    check_turns(GOOD, SETTINGS)


def test_a_few_void_turns_pass() -> None:
    check_turns([*GOOD, turn(9, Outcome.VOID), turn(10, Outcome.VOID)], SETTINGS)


def test_too_many_void_turns_stop_the_run_and_name_the_limit() -> None:
    with pytest.raises(InfraFault, match=r"3 of 11 turns .* are void, more than the share of 0.2 that guards.void"):
        check_turns([*GOOD, *(turn(number, Outcome.VOID) for number in range(3))], SETTINGS)


def test_too_many_turns_without_a_verdict_stop_the_run_and_say_why() -> None:
    unscored = [turn(number, appearance=Unscored("timeout", "No answer within 60 s.")) for number in range(3)]
    with pytest.raises(
        JudgeFault, match=r"3 of 11 turns .* guards.unscored allows. The last said: No answer within 60"
    ):
        check_turns([*GOOD, *unscored], SETTINGS)


def test_an_iteration_without_turns_passes() -> None:
    check_turns([], SETTINGS)


def warnings(*pairs: tuple[float, float], window: int = 3) -> list[bool]:
    watch = HackingWatch(GuardSettings(window=window))
    return [bool(watch.see(*pair)) for pair in pairs]


def test_a_policy_that_pleases_the_training_judge_alone_is_flagged() -> None:
    assert warnings((2.0, 3.0), (3.0, 2.7), (4.0, 2.5)) == [False, False, True]


def test_both_rising_is_no_hacking() -> None:
    assert warnings((2.0, 3.0), (3.0, 3.5), (4.0, 4.0)) == [False, False, False]


def test_both_falling_is_no_hacking() -> None:
    assert warnings((4.0, 3.0), (3.0, 2.0), (2.0, 1.0)) == [False, False, False]


def test_only_the_last_evaluations_count() -> None:
    assert warnings((0.0, 5.0), (3.0, 2.0), (3.0, 2.0), (3.05, 2.0)) == [False, False, True, False]


def test_the_warning_gives_both_numbers() -> None:
    watch = HackingWatch(GuardSettings(window=2))
    watch.see(1.0, 3.0)
    assert "rose by 2.00 and that of the evaluation fell by 0.50" in watch.see(3.0, 2.5)


@pytest.mark.parametrize(
    ("wrong", "said"), [({"void": 1.5}, "guards.void is 1.5"), ({"window": 1}, "guards.window is 1")]
)
def test_a_limit_out_of_range_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        GuardSettings(**wrong)
