"""The best of what was played in a run folder, told as the policy would have been told it.

A rollout is worth imitating for the version that was chosen in the end, so its conversation ends with the turn that
made it. What was said is taken in the order in which it was said: going back cuts the conversation off where the site
was set back to, except where the policy asked for it itself and saw what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webgen_gym.errors import BadRun, UsageError
from webgen_gym.llm.base import Message
from webgen_gym.records.run_folder import RunFolder, TurnRow
from webgen_gym.replies import read
from webgen_gym.selection import VALID_APPEARANCE
from webgen_gym.snapshots import Snapshots
from webgen_gym.state import decode, points
from webgen_gym.trainers.demonstrations.base import Demonstration
from webgen_gym.trainers.voice import Voice
from webgen_gym.types import Control, Observation, Outcome

_UNSCORED, _BEST = -1.0, 5.0


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rollouts are good enough: the least ``appearance`` and ``functionality`` of the chosen turn, −1 to 5.

    −1 admits what was not scored. ``malformed`` keeps replies that were malformed, and what was said of them, in the
    conversation; they changed nothing, so it can be told without them.

    Raises:
        UsageError: a least score is out of its range.
    """

    appearance: float = VALID_APPEARANCE
    functionality: float = 0.0
    malformed: bool = False

    def __post_init__(self) -> None:
        for name, least in (("appearance", self.appearance), ("functionality", self.functionality)):
            if not _UNSCORED <= least <= _BEST:
                raise UsageError(f"The least {name} is {least}; it must be between −1 (unscored) and 5.")

    def takes(self, result: Mapping[str, Any]) -> bool:
        """Whether a line of results.jsonl is good enough; one that is void, or in which nothing was built, never is."""
        if result["void"] or not result["snapshot"]:
            return False
        return bool(result["appearance"] >= self.appearance and result["functionality"] >= self.functionality)


def read_run(folder: str | Path, voice: Voice, selection: Selection = Selection()) -> tuple[Demonstration, ...]:
    """The conversations of a run's finished rollouts that are good enough, by name of the rollout.

    Raises:
        BadRun: the folder is no run folder, or damaged.
        UsageError: no rollout is good enough, or the voice writes replies in a form of its own, which those of a run
            cannot be turned back into.
    """
    run = RunFolder.read(Path(folder))
    results = {str(result["rollout"]): result for result in run.results()}
    kept = {name: result for name, result in sorted(results.items()) if selection.takes(result)}
    if not kept:
        raise UsageError(_none_kept(run.folder, list(results.values()), selection))
    teller = _Teller(run, voice)
    played = _played(run)
    return tuple(
        Demonstration(
            teller.conversation(_path(played.get(name, []), result, run.folder), malformed=selection.malformed),
            f"{run.folder}, rollout {name}",
        )
        for name, result in kept.items()
    )


# ------------------------------------------------------------------ which turns


def _played(run: RunFolder) -> dict[str, list[TurnRow]]:
    """The turns of each rollout in the order in which they were played; void ones say nothing about the policy."""
    rollouts: dict[str, list[TurnRow]] = {}
    for row in run.turns():
        if row.outcome != Outcome.VOID.value:
            rollouts.setdefault(row.rollout, []).append(row)
    return rollouts


def _path(rows: Sequence[TurnRow], result: Mapping[str, Any], folder: Path) -> list[TurnRow]:
    """The turns that the policy remembered when it had made the chosen version, in order."""
    chosen = at = _last_with(rows, result["snapshot"])
    ends = next((number for number, row in enumerate(rows) if _is_over(row)), len(rows))
    if chosen is not None and chosen > ends:
        # What comes after the end is the test of a version that nobody had tested; the policy did not ask for it.
        at = _last_with(rows[:chosen], rows[chosen].parent)
    path: list[TurnRow] = []
    while at is not None and rows[at].outcome != Outcome.STARTED.value:
        path.append(rows[at])
        at = _before(rows, at)
    if not path:
        raise BadRun(f"The chosen turn of rollout {result['rollout']} is not in {folder / 'turns.jsonl'}.")
    return path[::-1]


def _is_over(row: TurnRow) -> bool:
    return bool(row.raw["terminated"] or row.raw["truncated"])


def _before(rows: Sequence[TurnRow], number: int) -> int | None:
    """The turn that came before a turn in the policy's memory."""
    row = rows[number]
    if number and (rows[number - 1].snapshot == row.parent or read(row.reply).control is Control.BACKTRACK):
        return number - 1
    return _last_with(rows[:number], row.parent)


def _last_with(rows: Sequence[TurnRow], snapshot: str) -> int | None:
    return next((number for number in reversed(range(len(rows))) if rows[number].snapshot == snapshot), None)


# ------------------------------------------------------------------ how they are told


class _Teller:
    """Tells turns of a run as a voice tells them."""

    def __init__(self, run: RunFolder, voice: Voice) -> None:
        self._voice = voice
        self._observed = _observer(run)

    def conversation(self, path: Sequence[TurnRow], *, malformed: bool) -> tuple[Message, ...]:
        """The messages from the first prompt to the last reply."""
        seen = self._observed(path[0].parent)
        messages = self._voice.first(seen)
        told = [row for row in path if malformed or row.outcome != Outcome.MALFORMED.value]
        for number, row in enumerate(told):
            if number:
                seen = self._observed(told[number - 1].snapshot)
                messages = [*messages, *self._voice.next(seen)]
            messages = [*messages, self._said(row, seen)]
        return tuple(messages)

    def _said(self, row: TurnRow, seen: Observation) -> Message:
        if self._voice.reply(row.reply, seen) != row.reply:
            raise UsageError(
                f"The voice {type(self._voice).__name__} writes replies in a form of its own, so the recorded reply of "
                f"turn {row.number} of {row.rollout} cannot be learned from; use PlainVoice."
            )
        return Message.assistant(row.reply)


def _observer(run: RunFolder) -> Callable[[str], Observation]:
    """From a snapshot to the observation that it was shown as."""
    snapshots = Snapshots(run.folder / "repo.git")

    def observed(snapshot: str) -> Observation:
        stored = snapshots.load(snapshot)
        state = decode(stored.state)
        return Observation(
            instruction=state.task.instruction,
            files=stored.files,
            build_log=state.build.log if state.build else "",
            screenshot=run.blobs.get(state.screenshot),
            feedback=state.feedback,
            appearance=points(state.appearance),
            functionality=points(state.functionality),
            turn=state.number,
        )

    return observed


def _none_kept(folder: Path, results: Sequence[Mapping[str, Any]], selection: Selection) -> str:
    if not results:
        return f"{folder} has no finished rollout to learn from; let the run end first."
    void = sum(bool(result["void"]) for result in results)
    best = max((result["appearance"], result["functionality"]) for result in results)
    return (
        f"None of the {len(results)} finished rollouts of {folder} has an appearance of {selection.appearance:g} and a "
        f"functionality of {selection.functionality:g} or more ({void} are void; the best has {best[0]:g} and "
        f"{best[1]:g}). Lower what the selection asks for."
    )
