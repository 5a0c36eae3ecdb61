"""The slots of a vector environment, and how calls reach them: the seam between one process and many machines."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from webgen_gym.envs.backing import Backing
from webgen_gym.envs.plan import Plan
from webgen_gym.envs.slot import Slot
from webgen_gym.errors import UsageError
from webgen_gym.types import Turn


class Pool(Protocol):
    """Slots 0 to n-1. A slot has at most one call under way; calls of different slots overlap."""

    def submit(self, slot: int, call: str, *args: Any, **named: Any) -> Future[Turn]:
        """Call ``reset``, ``step``, ``restore`` or ``backtrack`` of a slot.

        The future raises UsageError where the caller is at fault. Whatever else goes wrong ends in a void turn, and
        the slot is as good as new.
        """
        ...

    def get(self, slot: int, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """An attribute of a slot; called with the arguments where it can be."""
        ...

    def set(self, slot: int, name: str, value: Any) -> None:
        """Set an attribute of a slot."""
        ...

    def close(self) -> None:
        """End everything. Calls under way are waited for."""
        ...


class LocalPool:
    """All slots on this process's loop, with one browser."""

    def __init__(self, plan: Plan, slots: int) -> None:
        self._backing = Backing(plan)
        self._slots = [Slot(plan, self._backing, prefix=f"slot-{index:02d}-") for index in range(slots)]

    def submit(self, slot: int, call: str, *args: Any, **named: Any) -> Future[Turn]:
        """See ``Pool.submit``."""
        return self._backing.runtime.submit(play(self._slots[slot], call, args, named))

    def get(self, slot: int, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """See ``Pool.get``."""
        return ask(self._slots[slot], name, args, named)

    def set(self, slot: int, name: str, value: Any) -> None:
        """See ``Pool.set``."""
        setattr(self._slots[slot], name, value)

    def close(self) -> None:
        """See ``Pool.close``."""
        for slot in self._slots:
            self._backing.runtime.run(slot.close())
        self._backing.close()


async def play(slot: Slot, call: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Turn:
    """One call of one slot; an error that nobody foresaw costs the turn and no other slot anything."""
    try:
        turn: Turn = await getattr(slot, call)(*args, **named)
    except UsageError:
        raise
    except Exception as error:
        return await slot.rebuild(error)
    return turn


def ask(slot: Slot, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """The value of an attribute, or what it returns."""
    if name.startswith("_"):
        raise AttributeError(f"{name!r} is private to a slot.")
    value = getattr(slot, name)
    return value(*args, **named) if callable(value) else value
