"""Slots that live on another machine: what runs inside a Ray actor, and what it sends back. Knows nothing of Ray."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webgen_gym.bundle import Bundle, take_in, turn_bundle
from webgen_gym.envs.backing import Backing
from webgen_gym.envs.plan import Plan
from webgen_gym.envs.pool import ask, play
from webgen_gym.envs.slot import Slot
from webgen_gym.types import Turn


@dataclass(frozen=True, slots=True)
class Recorded:
    """The arguments of ``RunFolder.append``, for a run folder elsewhere."""

    turn: Turn
    rollout: str
    driven: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What a call came to: the turn, the snapshot that it made, and what is to be recorded."""

    turn: Turn
    rollout: str
    bundle: Bundle
    recorded: tuple[Recorded, ...]


class Host:
    """Some slots of a vector environment, with the browser, the cache and the lines of this machine.

    Its methods may be called from several threads at once, for one slot from one at a time.
    """

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._plan = Plan(**arguments)
        self._backing = Backing(self._plan)
        self._recorder = _Recorder()
        self._backing.records = self._recorder
        self._slots: dict[int, Slot] = {}
        self._lock = threading.Lock()

    def play(self, slot: int, call: str, args: Sequence[Any], named: Mapping[str, Any], needed: Bundle) -> Played:
        """Call a slot, which is made where it is new. ``needed`` is taken in first."""
        return self._backing.runtime.run(self._play(slot, call, tuple(args), named, needed))

    def get(self, slot: int, name: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """An attribute of a slot, called where it can be."""
        return ask(self._slot(slot), name, tuple(args), named)

    def set(self, slot: int, name: str, value: Any) -> None:
        """Set an attribute of a slot."""
        setattr(self._slot(slot), name, value)

    def close(self) -> None:
        """End everything."""
        for slot in self._slots.values():
            self._backing.runtime.run(slot.close())
        self._backing.close()

    async def _play(
        self, index: int, call: str, args: tuple[Any, ...], named: Mapping[str, Any], needed: Bundle
    ) -> Played:
        # The store belongs to the loop, like everything that uses it.
        take_in(self._backing.store, needed)
        slot = self._slot(index)
        turn = await play(slot, call, args, named)
        recorded = self._recorder.take(slot.rollout)
        made = turn_bundle(self._backing.store, turn.snapshot, turn.parent) if recorded else Bundle()
        return Played(turn, slot.rollout, made, recorded)

    def _slot(self, index: int) -> Slot:
        with self._lock:
            if index not in self._slots:
                self._slots[index] = Slot(self._plan, self._backing, prefix=f"slot-{index:02d}-")
            return self._slots[index]


class _Recorder:
    """Gathers what is to be recorded, by rollout."""

    def __init__(self) -> None:
        self._recorded: dict[str, list[Recorded]] = {}

    def append(self, turn: Turn, rollout: str, driven: Sequence[bytes] = ()) -> None:
        """See ``Recorder.append``."""
        self._recorded.setdefault(rollout, []).append(Recorded(turn, rollout, tuple(driven)))

    def take(self, rollout: str) -> tuple[Recorded, ...]:
        """What was recorded of a rollout since the last time."""
        return tuple(self._recorded.pop(rollout, []))
