"""Re-execute the replies of a run in a fresh environment, and compare what comes out, hash by hash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from webgen_gym.records.run_folder import RunFolder, TurnRow, observation_hash
from webgen_gym.replies import read
from webgen_gym.snapshots import Snapshots
from webgen_gym.state import decode
from webgen_gym.types import Control, Outcome, Turn


class Player(Protocol):
    """What replaying needs of an environment."""

    @property
    def last_turn(self) -> Turn:
        """The last turn that was played."""
        ...

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> object:
        """Begin a rollout."""
        ...

    def step(self, action: str) -> object:
        """Play one reply."""
        ...

    def backtrack(self, snapshot: str = "") -> object:
        """Set the site back; the budget runs on."""
        ...

    def restore(self, snapshot: str, *, rollout: str = "") -> object:
        """Go on from a snapshot."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """One turn, then and now: ``differs`` names what is not the same. ``void`` turns are not played again."""

    rollout: str
    number: int
    differs: tuple[str, ...] = ()
    void: bool = False


_ROWS: Mapping[str, Callable[[TurnRow], object]] = {
    "files": lambda row: row.state_hash,
    "observation": lambda row: row.observation_hash,
    "reward": lambda row: row.reward,
    "outcome": lambda row: row.outcome,
    "snapshot": lambda row: row.snapshot,
}
_TURNS: Mapping[str, Callable[[Turn], object]] = {
    "files": lambda turn: turn.state_hash,
    "observation": lambda turn: observation_hash(turn.observation),
    "reward": lambda turn: turn.reward.value,
    "outcome": lambda turn: turn.outcome.value,
    "snapshot": lambda turn: turn.snapshot,
}


def replay(run: RunFolder, env: Player) -> Iterator[Compared]:
    """Replay every rollout of the run in ``env``; one Compared per recorded turn, rollout after rollout.

    Going back is part of a run: a turn whose parent is not the turn before it is played from that parent again.

    Raises:
        BadRun: the run folder is damaged.
    """
    rollouts: dict[str, list[TurnRow]] = {}
    for row in run.turns():
        rollouts.setdefault(row.rollout, []).append(row)
    snapshots = Snapshots(run.folder / "repo.git")
    for name, rows in rollouts.items():
        yield from _replay_rollout(name, rows, env, snapshots)


def _replay_rollout(name: str, rows: list[TurnRow], env: Player, snapshots: Snapshots) -> Iterator[Compared]:
    first = decode(snapshots.load(rows[0].snapshot).state)
    env.reset(options={"task": first.task, "rollout": name, "random": first.random})
    # The ids may differ once something else does; going back must find the turn, not the id.
    now = {rows[0].snapshot: env.last_turn.snapshot}
    numbers = {row.snapshot: row.number for row in rows}
    yield _compare(rows[0], env.last_turn)
    for before, row in zip(rows, rows[1:], strict=False):
        if row.outcome == Outcome.VOID.value:
            yield Compared(name, row.number, void=True)
            continue
        _stand_at_parent(row, before, env, now, numbers)
        env.step(row.reply)
        now[row.snapshot] = env.last_turn.snapshot
        yield _compare(row, env.last_turn)


def _stand_at_parent(
    row: TurnRow, before: TurnRow, env: Player, now: Mapping[str, str], numbers: Mapping[str, int]
) -> None:
    """Bring the environment to where the turn was played from."""
    if row.parent == before.snapshot or read(row.reply).control is Control.BACKTRACK:
        return
    parent = now[row.parent]
    if numbers[row.parent] + 1 == row.number:
        env.restore(parent, rollout=row.rollout)
    else:
        env.backtrack(parent)


def _compare(row: TurnRow, turn: Turn) -> Compared:
    differs = tuple(name for name, of_row in _ROWS.items() if of_row(row) != _TURNS[name](turn))
    return Compared(row.rollout, row.number, differs)
