"""The rollouts of a run as they were played: which turn came from which, and which one was chosen."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webgen_gym.records.run_folder import RunFolder
from webgen_gym.selection import Mark
from webgen_gym.types import Outcome

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """One recorded turn.

    ``parent`` is the place, in the rollout, of the turn that it was played from; -1 where that is none of them.
    ``origin`` then says in words where it came from, '' for a beginning.
    """

    raw: Row
    parent: int = -1
    origin: str = ""

    @property
    def outcome(self) -> str:
        """What became of the turn."""
        return str(self.raw.get("outcome", ""))

    @property
    def number(self) -> int:
        """The turn's number; not unique, since a turn may be played again from an older snapshot."""
        return int(self.raw.get("number", 0))

    @property
    def started(self) -> bool:
        """Whether it is the beginning of a rollout and not a reply."""
        return self.outcome == Outcome.STARTED.value

    @property
    def screenshot(self) -> str:
        """The name of the blob that the model was shown; '' for none."""
        return str(self.raw.get("screenshot") or "")

    @property
    def snapshot(self) -> str:
        """The turn's own snapshot; '' for a void turn, which made none."""
        return "" if self.outcome == Outcome.VOID.value else str(self.raw.get("snapshot", ""))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The turn that stands for a rollout. ``place`` is -1 where it is not among the recorded turns.

    ``recorded`` is false where the rollout has no result yet and the best turn so far was taken. A score of None says
    that there is none.
    """

    place: int
    number: int
    appearance: float | None
    functionality: float | None
    recorded: bool


@dataclass(frozen=True, slots=True)
class Rollout:
    """One rollout. ``result`` is its line of results.jsonl, None while it is under way."""

    name: str
    task: str
    turns: tuple[Played, ...]
    result: Row | None
    chosen: Chosen | None

    @property
    def screenshot(self) -> str:
        """The blob that stands for the rollout: the chosen turn's screenshot, else the last one there is."""
        if self.chosen is not None and self.chosen.place >= 0:
            return self.turns[self.chosen.place].screenshot
        return next((turn.screenshot for turn in reversed(self.turns) if turn.screenshot), "")


@dataclass(frozen=True, slots=True)
class History:
    """All rollouts in the order in which they began, and how many lines of the records could not be read."""

    rollouts: tuple[Rollout, ...]
    damaged_lines: int

    @property
    def turns(self) -> int:
        """How many turns are recorded."""
        return sum(len(rollout.turns) for rollout in self.rollouts)


def read(run: RunFolder) -> History:
    """The history of a run; damaged lines are left out and counted, because a report must also show a damaged run."""
    rows, bad_rows = _lines(run.folder / "turns.jsonl")
    results, bad_results = _lines(run.folder / "results.jsonl")
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(str(row.get("rollout", "")), []).append(row)
    last_result = {str(result.get("rollout", "")): result for result in results}
    homes = _homes(rows)
    names = [*by_name, *(name for name in last_result if name not in by_name)]
    rollouts = tuple(_rollout(name, by_name.get(name, []), last_result.get(name), homes) for name in names)
    return History(rollouts, bad_rows + bad_results)


def points(value: object) -> float | None:
    """A score on the scale of 0 to 5; None for the -1 that stands for no score."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and value >= 0 else None


def _rollout(name: str, rows: Sequence[Row], result: Row | None, homes: Mapping[str, str]) -> Rollout:
    turns = _linked(name, rows, homes)
    task = str((result or rows[0]).get("task", ""))
    return Rollout(name, task, turns, result, _chosen(turns, result))


def _linked(name: str, rows: Iterable[Row], homes: Mapping[str, str]) -> tuple[Played, ...]:
    places: dict[str, int] = {}
    turns: list[Played] = []
    for row in rows:
        # A void turn stored nothing; its line names the snapshot that it was played from.
        void = row.get("outcome") == Outcome.VOID.value
        parent = str(row.get("snapshot" if void else "parent", ""))
        place = places.get(parent, -1)
        origin = "" if place >= 0 or not parent else homes.get(parent, f"snapshot {parent[:10]}")
        turn = Played(row, place, origin)
        if turn.snapshot:
            places.setdefault(turn.snapshot, len(turns))
        turns.append(turn)
    return tuple(turns)


def _homes(rows: Iterable[Row]) -> dict[str, str]:
    """Snapshot → the turn that made it, in words."""
    homes: dict[str, str] = {}
    for row in rows:
        homes.setdefault(str(row.get("snapshot", "")), f"{row.get('rollout', '')}, turn {row.get('number', '?')}")
    return homes


def _chosen(turns: Sequence[Played], result: Row | None) -> Chosen | None:
    if result is None:
        return _best_so_far(turns)
    snapshot = str(result.get("snapshot", ""))
    if not snapshot:
        return None
    return Chosen(
        place=_place_of(turns, snapshot),
        number=int(result.get("turn", -1)),
        appearance=points(result.get("appearance")),
        functionality=points(result.get("functionality")),
        recorded=True,
    )


def _best_so_far(turns: Sequence[Played]) -> Chosen | None:
    marks = [(mark, place) for place, turn in enumerate(turns) if (mark := _mark(turn)) is not None]
    if not marks:
        return None
    mark, place = max(marks, key=lambda pair: pair[0].rank)
    return Chosen(place, mark.turn, points(mark.appearance), points(mark.functionality), recorded=False)


def _mark(turn: Played) -> Mark | None:
    if turn.raw.get("build") is None:
        return None
    appearance, functionality = turn.raw.get("scores") or (-1.0, -1.0)
    tested = "value" in (turn.raw.get("functionality") or {})
    return Mark(turn.snapshot, turn.number, appearance, functionality, tested, bool(turn.raw.get("error")))


def _place_of(turns: Sequence[Played], snapshot: str) -> int:
    return next((place for place, turn in enumerate(turns) if turn.snapshot == snapshot), -1)


def _lines(path: Path) -> tuple[list[Row], int]:
    if not path.exists():
        return [], 0
    rows: list[Row] = []
    damaged = 0
    for line in filter(None, path.read_bytes().split(b"\n")):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            damaged += 1
    return rows, damaged
