"""What a snapshot remembers of a session besides the files, as JSON.

It holds no clock, port, process id or path, so equal turns have equal ids.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from webgen_gym.errors import BadRun
from webgen_gym.plain import as_json, structured
from webgen_gym.selection import Mark
from webgen_gym.types import Build, Outcome, Score, Task, Verdict

VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """A session between two turns.

    ``number`` is the turn that made it; ``edit_turn`` the last turn that changed the files, 0 for none.
    ``best`` is the best turn before this one. ``random`` is the state of the environment's generator.
    ``screenshot`` names a blob. Appearance and functionality belong to the files as they are.
    """

    task: Task
    number: int
    outcome: Outcome
    error: bool
    random: str
    malformed_in_a_row: int = 0
    errors_in_a_row: int = 0
    edit_turn: int = 0
    feedback: str = ""
    screenshot: str = ""
    build: Build | None = None
    appearance: Verdict | None = None
    functionality: Verdict | None = None
    best: Mark | None = None

    def mark(self, snapshot: str) -> Mark | None:
        """How this state stands in the choice of the best; None where nothing was built."""
        if self.build is None:
            return None
        return Mark(
            snapshot=snapshot,
            turn=self.number,
            appearance=points(self.appearance),
            functionality=points(self.functionality),
            tested=isinstance(self.functionality, Score),
            error=self.error,
        )


def points(verdict: Verdict | None) -> float:
    """The score's value; -1 where there is none."""
    return verdict.value if isinstance(verdict, Score) else -1.0


def encode(state: State) -> bytes:
    """The state as JSON, the same bytes for the same state."""
    raw = as_json(state)
    return json.dumps({"version": VERSION, **raw}, sort_keys=True, ensure_ascii=False, indent=1).encode(
        "utf-8", "surrogatepass"
    )


def decode(content: bytes) -> State:
    """The state that ``encode`` wrote.

    Raises:
        BadRun: it was written by another version, or is damaged.
    """
    try:
        raw = json.loads(content.decode("utf-8", "surrogatepass"))
        version = raw.pop("version")
        if version != VERSION:
            raise BadRun(f"The snapshot was written by version {version} of the format; this program reads {VERSION}.")
        return structured(raw, State)
    except (ValueError, KeyError, TypeError, ExceptionGroup) as error:
        raise BadRun(f"The snapshot's state cannot be read: {error}.") from error
