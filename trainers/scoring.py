"""From the turns of a rollout to the rewards of its steps, credited as in Step-GRPO (arXiv 2509.22644)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from webgen_gym.errors import UsageError
from webgen_gym.rewards import PART_NAMES
from webgen_gym.types import FaultCode, Outcome, Turn, Unscored

PARTS = tuple(name for name in PART_NAMES if name != "malformed")


def checked_parts(parts: Collection[str] | None) -> Collection[str] | None:
    """The parts of a reward that are trained on. Raises UsageError where one does not exist."""
    for part in parts or ():
        if part not in PARTS:
            raise UsageError(f"There is no part '{part}' of a reward to train on; there are {', '.join(PARTS)}.")
    return parts


def step_rewards(
    turns: Sequence[Turn], ended: Sequence[bool], parts: Collection[str] | None = None
) -> list[float | None]:
    """The reward of each turn of one rollout, None where a turn says nothing about the policy.

    The score of a GUI test is added to the turn whose edit was tested; the turn that asked for the test shares it. A
    malformed reply has -1 whatever is trained on, unless it had not ``ended`` when it reached the longest length that
    a reply may have, and did not repeat itself: such a step is left out, as are turns without a verdict (``Unscored``)
    and void ones.

    ``parts`` are the parts of the reward that count (``appearance``: the original's ablation "screenshot only",
    ``functionality``: "GUI agent only"); None for the whole reward.
    """
    tests = _tests(turns)
    return [
        None if not whole and _is_only_long(turn) else _reward(turn, tests.get(turn.number), parts)
        for turn, whole in zip(turns, ended, strict=True)
    ]


# ------------------------------------------------------------------ inside

_EDITED = (Outcome.INSTALL_FAILED, Outcome.BUILD_FAILED, Outcome.START_FAILED, Outcome.PAGE_FAILED)


def _tests(turns: Sequence[Turn]) -> Mapping[int, Turn]:
    """For the turns whose edit was tested by a later one: the last that did."""
    found: dict[int, Turn] = {}
    edited = -1
    for turn in turns:
        if turn.look is not None or turn.outcome in _EDITED:
            edited = turn.number
        elif turn.outcome is not Outcome.VOID and turn.functionality is not None and edited >= 0:
            found[edited] = turn
    return found


def _is_only_long(turn: Turn) -> bool:
    """Whether a reply that was cut off is malformed, and might not have been."""
    return turn.outcome is Outcome.MALFORMED and FaultCode.REPETITION not in {fault.code for fault in turn.faults}


def _reward(turn: Turn, test: Turn | None, parts: Collection[str] | None) -> float | None:
    if turn.outcome is Outcome.VOID:
        return None
    if _unscored(turn) or (test is not None and _unscored(test)):
        return None
    # A test has the appearance of what it tested, so its reward is that of the edit with its functionality added.
    return _counted(turn if test is None else test, parts)


def _unscored(turn: Turn) -> bool:
    return isinstance(turn.appearance, Unscored) or isinstance(turn.functionality, Unscored)


def _counted(turn: Turn, parts: Collection[str] | None) -> float:
    if parts is None:
        return turn.reward.value
    return sum(value for name, value in turn.reward.parts.items() if name in parts or name == "malformed")
