"""Runs commands in a jail made by bubblewrap: namespaces, no root file system of ours, no network.

Holds: our files (only ``/usr`` and the mounts are seen), our environment variables, other
processes, the host's loopback and every other address (except for commands with ``network``), the
process tree: all of it ends with the first process, whatever it did to hide.
Does not hold: kernel exploits, memory and processor time, the number of processes.
Where it cannot be made, ``why_no_jail`` says why; it never runs a command unjailed.
"""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Finished, Mount
from webgen_gym.sandbox.job import BASE_ENV, Job, Launch, limited

_PROBE_S = 20
_STATUS_BYTES = 4096
_USER = 1000
_HOME = "/tmp/home"
_ETC = {
    "passwd": f"site:x:{_USER}:{_USER}:site:{_HOME}:/bin/sh\n",
    "group": f"site:x:{_USER}:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
_ETC_FOR_NETWORK = ("hosts", "resolv.conf", "ssl", "pki", "ca-certificates")


class JailSandbox:
    """A Sandbox in which each command has namespaces of its own."""

    name = "jail"
    own_loopback = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._jobs: list[Job] = []

    def path(self, mount: Mount) -> str:
        """The mount's target."""
        return mount.target

    async def run(self, command: Command, *, timeout_s: float) -> Finished:
        """Run to its end, or until the time is over. Raises SandboxFailed if it could not be started."""
        return await (await self.spawn(command)).finish(timeout_s)

    async def spawn(self, command: Command) -> Job:
        """Start a command that keeps running. Raises SandboxFailed if it could not be started."""
        own = {name: text for name, text in _ETC.items() if not (command.network and name in _ETC_FOR_NETWORK)}
        watch = _Watch(self._arguments(command), own)
        launch = Launch(
            argv=[*watch.bwrap(), "--", *limited(command, self._limits)],
            cwd=None,
            env={**BASE_ENV, "HOME": _HOME, **command.env},
            inherit=watch.descriptors,
            stdin=command.stdin,
            grace_s=0,
        )
        job = await Job.start(launch, watch, self._limits)
        self._jobs = [known for known in self._jobs if known.exit_code is None] + [job]
        return job

    async def close(self) -> None:
        """End everything that it started."""
        await asyncio.gather(*(job.stop() for job in self._jobs))
        self._jobs = []

    def _arguments(self, command: Command) -> Iterator[str]:
        yield from _walls()
        yield from _network() if command.network else ()
        for mount in sorted(command.mounts, key=lambda mount: mount.target.count("/")):
            yield from ("--bind" if mount.writable else "--ro-bind", str(mount.source), mount.target)
        for folder in command.scratch:
            yield from ("--tmpfs", folder)
        yield from ("--remount-ro", "/", "--chdir", command.cwd)


def _walls() -> Iterator[str]:
    """Everything of the jail that is the same for every command."""
    yield from ("--unshare-all", "--die-with-parent", "--new-session", "--hostname", "site")
    yield from ("--uid", str(_USER), "--gid", str(_USER), "--cap-drop", "ALL")
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/") / name
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in ("alternatives", "ld.so.cache"):
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", _HOME)


def _network() -> Iterator[str]:
    yield "--share-net"
    for name in _ETC_FOR_NETWORK:
        # Where it is a link (to /run, mostly) what it leads to is shown in its place.
        yield from ("--ro-bind-try", str((Path("/etc") / name).resolve()), f"/etc/{name}")


class _Watch:
    """What we exchange with bubblewrap itself.

    It is told its arguments and the files of /etc through files in memory, because a jail sees the
    command line of its first process, and that would name our folders. It reports through another,
    which tells its own failure from that of the command: ``exit-code`` is there only when the
    command was really started inside a finished jail.
    """

    def __init__(self, arguments: Iterable[str], etc: Mapping[str, str]) -> None:
        self._status = os.memfd_create("webgen-status")
        self._open = [self._status]
        files = [word for name, text in etc.items() for word in self._file(f"/etc/{name}", text)]
        self._arguments = self._memory("".join(f"{word}\0" for word in (*files, *arguments)))

    @property
    def descriptors(self) -> tuple[int, ...]:
        return tuple(self._open)

    def bwrap(self) -> tuple[str, ...]:
        return (_program() or "bwrap", "--args", str(self._arguments), "--json-status-fd", str(self._status))

    def _file(self, path: str, text: str) -> tuple[str, str, str]:
        return "--ro-bind-data", str(self._memory(text)), path

    def _memory(self, text: str) -> int:
        descriptor = os.memfd_create("webgen-jail")
        self._open.append(descriptor)
        os.write(descriptor, os.fsencode(text))
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    def lost(self, output: str) -> str:
        if self._open and b'"exit-code"' not in os.pread(self._status, _STATUS_BYTES, 0):
            return f"the jail could not be made, or was killed: {output.strip()[-500:] or 'bwrap said nothing'}"
        return ""

    def close(self) -> None:
        while self._open:
            os.close(self._open.pop())


def _program() -> str | None:
    return shutil.which("bwrap")


@functools.cache
def why_no_jail() -> str:
    """Why no jail can be made here, as a sentence; empty where one can. Tries it once in a process's life."""
    program = _program()
    if program is None:
        return "bubblewrap (bwrap) is not installed"
    try:
        tried = subprocess.run(
            [program, *_walls(), "--", "/bin/sh", "-c", "exit 0"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    if tried.returncode != 0:
        said = tried.stderr.decode(errors="replace").strip() or f"exit code {tried.returncode}"
        return f"bubblewrap cannot make a jail here ({said}); user namespaces may be refused"
    return ""
