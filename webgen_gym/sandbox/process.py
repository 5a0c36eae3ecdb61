"""Runs commands as plain processes. No isolation: they can read and write whatever we can.

Holds: our environment variables (allowlist), the size of written files, the number of open files,
the process tree, the output. Does not hold: the file system, the network, memory, the number of
processes. Asked for by name only, where no jail can be made.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path

from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Finished, Mount
from webgen_gym.sandbox.folders import remove
from webgen_gym.sandbox.job import BASE_ENV, Job, Launch, limited

_log = logging.getLogger(__name__)
_said = False


class ProcessSandbox:
    """A Sandbox of plain processes, with a home folder of their own."""

    name = "process"
    own_loopback = False

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._home: Path | None = None
        self._jobs: list[Job] = []
        _say_once()

    def path(self, mount: Mount) -> str:
        """The host folder itself."""
        return str(mount.source)

    async def run(self, command: Command, *, timeout_s: float) -> Finished:
        """Run to its end, or until the time is over. Raises SandboxFailed if it could not be started."""
        return await (await self.spawn(command)).finish(timeout_s)

    async def spawn(self, command: Command) -> Job:
        """Start a command that keeps running. Raises SandboxFailed if it could not be started."""
        scratch = _Scratch([Path(folder) for folder in command.scratch])
        await asyncio.to_thread(scratch.open)
        launch = Launch(
            argv=limited(command, self._limits),
            cwd=command.cwd,
            env={**BASE_ENV, **self._home_env(), **command.env},
            grace_s=self._limits.stop_s,
            stdin=command.stdin,
        )
        job = await Job.start(launch, scratch, self._limits)
        self._jobs = [known for known in self._jobs if known.exit_code is None] + [job]
        return job

    async def close(self) -> None:
        """End everything that it started and remove its home folder."""
        await asyncio.gather(*(job.stop() for job in self._jobs))
        self._jobs = []
        if self._home is not None:
            await asyncio.to_thread(remove, self._home)
            self._home = None

    def _home_env(self) -> dict[str, str]:
        if self._home is None:
            self._home = Path(tempfile.mkdtemp(prefix="webgen-home-"))
            (self._home / "tmp").mkdir()
            weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        return {"HOME": str(self._home), "TMPDIR": str(self._home / "tmp")}


class _Scratch:
    """Folders that are empty at the start and gone at the end."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def open(self) -> None:
        for folder in self._folders:
            remove(folder)
            folder.mkdir(parents=True)

    def lost(self, output: str) -> str:
        return ""

    def close(self) -> None:
        for folder in self._folders:
            remove(folder)


def _say_once() -> None:
    global _said
    if not _said:
        _said = True
        _log.warning('sandbox="process" is no isolation: a site\'s commands can do whatever this user can do')
