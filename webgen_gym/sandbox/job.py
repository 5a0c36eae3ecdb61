"""One started command: drained while it runs, ended with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from webgen_gym.errors import SandboxFailed
from webgen_gym.limits import Limits
from webgen_gym.sandbox import tree
from webgen_gym.sandbox.base import Command, Finished
from webgen_gym.sandbox.output import Output

_log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_FLOOD_PAUSE_S = 0.001
_LAST_WORDS_S = 1.0

BASE_ENV: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "CI": "true",
    "NO_COLOR": "1",
    "FORCE_COLOR": "0",
}
"""What every command gets, besides HOME. ``CI`` is ``true`` because some tools compare with that word."""


class Attendant(Protocol):
    """What a sandbox keeps beside a command while it runs."""

    def lost(self, output: str) -> str:
        """Empty, or why the sandbox failed; asked once the command has ended with this output."""
        ...

    def close(self) -> None:
        """The command has ended and so has everything that it started."""
        ...


@dataclass(frozen=True, slots=True)
class Launch:
    """What the operating system is asked to start. ``grace_s``: 0 kills at once. ``inherit``: descriptors kept open."""

    argv: Sequence[str]
    cwd: str | None
    env: Mapping[str, str]
    grace_s: float
    inherit: Sequence[int] = ()
    stdin: int | None = None


class Job:
    """A command that ``start`` has started. It is ended by ``stop``, never by being forgotten."""

    def __init__(
        self, process: asyncio.subprocess.Process, owned: tree.Tree, drain: _Drain, attendant: Attendant, grace_s: float
    ) -> None:
        self._process = process
        self._tree = owned
        self._drain = drain
        self._attendant = attendant
        self._grace_s = grace_s
        self._started = time.monotonic()
        self._ending: asyncio.Task[None] | None = None
        tree.remember(owned)

    @classmethod
    async def start(cls, launch: Launch, attendant: Attendant, limits: Limits) -> Job:
        """Start it. Raises SandboxFailed, having closed the attendant, where it cannot be started."""
        began = time.monotonic()
        read_end, write_end = os.pipe()
        drain = await _Drain.open(read_end, Output(limits))
        mark = tree.new_mark()
        try:
            process = await _create(launch, mark, write_end)
        except BaseException as error:
            attendant.close()
            if isinstance(error, OSError | ValueError):
                raise SandboxFailed(f"{launch.argv[0]} could not be started: {error}") from error
            raise
        finally:
            os.close(write_end)
        job = cls(process, tree.Tree(process.pid, mark), drain, attendant, launch.grace_s)
        job._started = began
        return job

    @property
    def exit_code(self) -> int | None:
        """None while it runs; 128 + signal when a signal ended it."""
        code = self._process.returncode
        return 128 - code if code is not None and code < 0 else code

    @property
    def lost(self) -> str:
        """Empty, or why the sandbox itself failed."""
        return "" if self.exit_code is None else self._attendant.lost(self.output())

    def output(self) -> str:
        """What it has printed so far."""
        return self._drain.output.text()

    async def wait(self, timeout_s: float) -> bool:
        """Wait until the command has ended; False when the time was over first."""
        try:
            await asyncio.wait_for(self._process.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    async def finish(self, timeout_s: float) -> Finished:
        """Run to the end or to the end of the time. Raises SandboxFailed when the sandbox failed."""
        try:
            ended = await self.wait(timeout_s)
            seconds = time.monotonic() - self._started
            lost = self.lost
        finally:
            await self.stop()
        if lost:
            raise SandboxFailed(lost)
        return Finished(self.exit_code or 0, self.output(), not ended, seconds)

    async def stop(self) -> None:
        """End it and everything that it started."""
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end())
        # The ending goes on when whoever waits for it is cancelled.
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        try:
            if not await asyncio.to_thread(self._tree.end, self._grace_s if self.exit_code is None else 0):
                _log.error("processes of a command are still alive after SIGKILL; pid %d", self._process.pid)
            await self.wait(_LAST_WORDS_S)
            await self._drain.close()
        except Exception:
            _log.exception("a command could not be ended; pid %d", self._process.pid)
        finally:
            tree.forget(self._tree)
            self._attendant.close()


async def _create(launch: Launch, mark: str, write_end: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *launch.argv,
        stdin=asyncio.subprocess.DEVNULL if launch.stdin is None else launch.stdin,
        stdout=write_end,
        stderr=write_end,
        cwd=launch.cwd,
        env={**launch.env, tree.VARIABLE: mark},
        start_new_session=True,
        pass_fds=tuple(launch.inherit),
    )


class _Drain(asyncio.Protocol):
    """Reads a pipe into an Output, however fast it is written."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self._ended = asyncio.Event()
        self._transport: asyncio.ReadTransport | None = None

    @classmethod
    async def open(cls, read_end: int, output: Output) -> _Drain:
        loop = asyncio.get_running_loop()
        _, drain = await loop.connect_read_pipe(lambda: cls(output), os.fdopen(read_end, "rb", 0))
        return drain

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.ReadTransport, transport)
        self._transport.max_size = _CHUNK  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.output.feed(data)
        # A full pipe is drained at some 60 MB/s at most, so that the loop has time for other sessions.
        if len(data) >= _CHUNK and self._transport is not None:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(_FLOOD_PAUSE_S, self._resume)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set()

    def _resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    async def close(self) -> None:
        """Take the last words, then close, also when somebody still holds the other end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), _LAST_WORDS_S)
        if self._transport is not None:
            self._transport.close()


def limited(command: Command, limits: Limits) -> list[str]:
    """The command line behind a shell that lowers the limits and then becomes the command."""
    # sh counts file sizes in blocks of 512 bytes.
    blocks = limits.written_file_mib * 2048
    lower = f'ulimit -c 0; ulimit -n {limits.open_files} 2>/dev/null; ulimit -f {blocks}; exec "$@"'
    return ["/bin/sh", "-c", lower, "sh", *command.argv]
