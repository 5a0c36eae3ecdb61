"""The seam behind which commands of a site run.

A sandbox knows folders, commands and limits; it knows nothing of sites, scores or models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder or file of the host shown to the command. ``target`` is the path that the command sees."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One command line and what it needs.

    ``cwd`` and ``scratch`` are paths as the command sees them. ``network`` is true only for the
    package manager during installation. ``scratch`` lists folders that are writable and empty at
    the start and vanish at the end. ``env`` is added to a fixed allowlist; nothing else of our own
    environment is handed on. ``stdin`` is our file descriptor that becomes its standard
    input; without one it reads nothing.
    """

    argv: Sequence[str]
    cwd: str
    mounts: Sequence[Mount]
    scratch: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    network: bool = False
    stdin: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended. ``timed_out`` when we ended it; ``exit_code`` is then meaningless.

    A command that a signal ended has the exit code 128 + signal, as a shell reports it.
    """

    exit_code: int
    output: str
    timed_out: bool
    seconds: float


class Running(Protocol):
    """A long-lived command. Its output is always drained; its tree is always killed."""

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        ...

    @property
    def lost(self) -> str:
        """Empty, or a sentence when the sandbox itself failed, so that ``exit_code`` says nothing of the command."""
        ...

    def output(self) -> str:
        """What it has printed so far, shortened to the limits."""
        ...

    async def stop(self) -> None:
        """End it and everything that it started. Safe to call twice; never raises."""
        ...


class Sandbox(Protocol):
    """Runs commands for one session."""

    @property
    def name(self) -> str:
        """``process`` or ``jail``."""
        ...

    @property
    def own_loopback(self) -> bool:
        """Whether a command without network has 127.0.0.1, and so every port, to itself."""
        ...

    def path(self, mount: Mount) -> str:
        """Where a command sees a mount: its target in a jail, the host folder itself in a plain process."""
        ...

    async def run(self, command: Command, *, timeout_s: float) -> Finished:
        """Run to its end, or until the time is over. Raises SandboxFailed if it could not be started."""
        ...

    async def spawn(self, command: Command) -> Running:
        """Start a command that keeps running. Raises SandboxFailed if it could not be started."""
        ...

    async def close(self) -> None:
        """End everything that it started. Safe to call twice; never raises."""
        ...
