"""What stops a run, or says aloud that something is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from webgen_gym.errors import InfraFault, JudgeFault, UsageError
from webgen_gym.types import Outcome, Turn, Unscored


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Limits, as parts of the turns of one iteration.

    ``void`` and ``unscored`` stop the run. Reward hacking is flagged where over the last ``window`` evaluations the
    reward of training rose by more than ``rise`` while that of the evaluation judge fell by more than ``fall``, both in
    points.

    Raises:
        UsageError: a share is not between 0 and 1, or the window is too short to see a trend.
    """

    void: float = 0.2
    unscored: float = 0.2
    window: int = 3
    rise: float = 0.2
    fall: float = 0.2

    def __post_init__(self) -> None:
        for name in ("void", "unscored"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"guards.{name} is {getattr(self, name)}; it is a share between 0 and 1.")
        if self.window < 2:
            raise UsageError(f"guards.window is {self.window}; a trend takes at least 2 evaluations.")


def check_turns(turns: Sequence[Turn], settings: GuardSettings) -> None:
    """Whether what was collected says enough about the policy.

    Raises:
        InfraFault: too many turns are void.
        JudgeFault: too many turns have no verdict.
    """
    void = [turn for turn in turns if turn.outcome is Outcome.VOID]
    unscored = [turn for turn in turns if turn.outcome is not Outcome.VOID and _reason(turn)]
    if _beyond(len(void), turns, settings.void):
        raise InfraFault(
            f"{len(void)} of {len(turns)} turns of this iteration are void, more than the share of {settings.void:g}"
            f" that guards.void allows. The last said: {void[-1].observation.feedback}"
        )
    if _beyond(len(unscored), turns, settings.unscored):
        raise JudgeFault(
            f"{len(unscored)} of {len(turns)} turns of this iteration have no verdict, more than the share of"
            f" {settings.unscored:g} that guards.unscored allows. The last said: {_reason(unscored[-1])}"
        )


@dataclass(slots=True)
class HackingWatch:
    """Sees whether the policy gets better in the eyes of the judge that trains it alone.

    ``history`` holds a pair for each evaluation: the reward of training since the last one, and of the evaluation.
    """

    settings: GuardSettings
    history: list[tuple[float, float]] = field(default_factory=list)

    def see(self, training: float, evaluation: float) -> str:
        """Remember one evaluation; a sentence where the two have parted, else ''."""
        self.history.append((training, evaluation))
        recent = self.history[-self.settings.window :]
        if len(recent) < self.settings.window:
            return ""
        risen, fallen = recent[-1][0] - recent[0][0], recent[0][1] - recent[-1][1]
        if risen <= self.settings.rise or fallen <= self.settings.fall:
            return ""
        return (
            f"Over the last {len(recent)} evaluations the reward of training rose by {risen:.2f} and that of the"
            f" evaluation fell by {fallen:.2f}: the policy may be learning what its judge likes, not what is asked for."
        )


def _beyond(count: int, turns: Sequence[Turn], share: float) -> bool:
    return bool(turns) and count > share * len(turns)


def _reason(turn: Turn) -> str:
    verdicts = (turn.appearance, turn.functionality)
    return next((verdict.detail or verdict.reason for verdict in verdicts if isinstance(verdict, Unscored)), "")
