"""A site's own server: started, waited for, watched, ended.

Exit codes and connections decide whether it is up, never words in its output.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import socket
import tempfile
import time
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from webgen_gym.errors import AgentFault, SandboxFailed
from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Mount, Running, Sandbox
from webgen_gym.site.probe import ask
from webgen_gym.site.upstream import SocketUpstream

T = TypeVar("T")

_RELAY = Path(__file__).with_name("relay.cjs")
_RELAY_SEEN_AT = "/webgen/relay.cjs"
_BACKLOG = 256
_TELLING_S = 0.5
_PAUSE_S = 0.02
_GLANCE_S = 0.25
_HEALTH_S = 2.0
_ENDING_S = 0.5
_QUIET_ROUNDS = 10
_FIRST_PORT = 10_000
_USUAL_OUTGOING_PORT = 32_768
_PORTS_TRIED = 100
_STATUS_LINE = len("HTTP/1.1 200")


@dataclass(frozen=True, slots=True)
class Serving:
    """How a server is started: a shell line that makes it listen on ``port``; ``told`` says how it knows."""

    line: str
    cwd: str
    mounts: Sequence[Mount]
    scratch: Sequence[str]
    env: Mapping[str, str]
    port: int
    told: str


class DevServer:
    """One server, reached through a unix socket that no process of the site can replace.

    We make the socket and hand over only its descriptor; the relay beside the server accepts on it.
    """

    def __init__(self, running: Running, upstream: SocketUpstream, told: str, limits: Limits) -> None:
        self._running = running
        self._told = told
        self._limits = limits
        self.upstream = upstream
        weakref.finalize(self, shutil.rmtree, upstream.path.parent, ignore_errors=True)

    @classmethod
    async def start(cls, sandbox: Sandbox, serving: Serving, limits: Limits) -> DevServer:
        """Start it; ``ready`` waits until it answers. Raises SandboxFailed where it cannot be started."""
        # Not below the site's folder: the path of a unix socket may have no more than some 100 bytes.
        folder = Path(tempfile.mkdtemp(prefix="webgen-", dir="/tmp"))
        upstream = SocketUpstream(folder / "s", serving.port)
        relay = Mount(_RELAY, _RELAY_SEEN_AT)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(upstream.path))
            listener.listen(_BACKLOG)
            relayed = [
                "node",
                "--max-old-space-size=64",
                sandbox.path(relay),
                str(serving.port),
            ]
            command = Command(
                argv=[*relayed, "/bin/sh", "-c", serving.line],
                cwd=serving.cwd,
                mounts=[*serving.mounts, relay],
                scratch=serving.scratch,
                env=serving.env,
                stdin=listener.fileno(),
            )
            running = await sandbox.spawn(command)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            # Only the relay keeps it open, so that connections are refused once it is gone.
            listener.close()
        return cls(running, upstream, serving.told, limits)

    async def ready(self) -> None:
        """Wait until it answers HTTP.

        Raises AgentFault with a sentence where it ends or does not answer in time, SandboxFailed
        where the sandbox broke down.
        """
        deadline = time.monotonic() + self._limits.start_s
        accepted = False
        while (left := deadline - time.monotonic()) > 0:
            try:
                answer = await self._unless_it_ends(ask(self.upstream, "/", timeout_s=left, max_bytes=_STATUS_LINE))
            except TimeoutError:
                # From a question that was asked at the last moment nothing can be told.
                accepted = accepted or left >= _TELLING_S
                break
            if answer is not None and answer.status:
                return await self._fall_quiet()
            accepted = answer is not None
            await asyncio.sleep(_PAUSE_S)
        raise AgentFault(self._late(accepted))

    async def health(self) -> str:
        """Empty, or a sentence when it no longer runs or no longer listens. Raises SandboxFailed."""
        try:
            self._check_alive()
            answered = await ask(self.upstream, "/", timeout_s=_HEALTH_S, max_bytes=_STATUS_LINE) is not None
            if not answered:
                await self._see_whether_it_ends()
        except AgentFault as fault:
            return fault.message
        except TimeoutError:
            # Slow is not dead; the browser has a deadline of its own.
            return ""
        return "" if answered else f"The server no longer listens on port {self.upstream.port}."

    def output(self) -> str:
        """What it has printed so far."""
        return self._running.output()

    async def stop(self) -> None:
        """End it with all that it started. Safe to call twice; never raises."""
        await self._running.stop()
        shutil.rmtree(self.upstream.path.parent, ignore_errors=True)

    async def _unless_it_ends(self, asking: Coroutine[Any, Any, T]) -> T:
        """What was asked for; a server that ends meanwhile never answers, and raises as ``_check_alive`` does."""
        answer = asyncio.ensure_future(asking)
        try:
            while not answer.done():
                self._check_alive()
                await asyncio.wait({answer}, timeout=_GLANCE_S)
            self._check_alive()
            return answer.result()
        finally:
            answer.cancel()

    async def _see_whether_it_ends(self) -> None:
        """A server that ends stops listening a moment before its exit code is known."""
        deadline = time.monotonic() + _ENDING_S
        while time.monotonic() < deadline:
            self._check_alive()
            await asyncio.sleep(_PAUSE_S)

    def _check_alive(self) -> None:
        code = self._running.exit_code
        if code is None:
            return
        if lost := self._running.lost:
            raise SandboxFailed(lost)
        raise AgentFault(f"The server ended with exit code {code}{_signal_note(code)}.")

    def _late(self, accepted: bool) -> str:
        port, limit = self.upstream.port, f"{self._limits.start_s:g} s (limits.start_s)"
        if accepted:
            return f"The server accepts connections on port {port}, but gave no HTTP answer within {limit}."
        return f"Nothing listens on port {port}, {self._told}, after {limit}."

    async def _fall_quiet(self) -> None:
        """Let it finish its greeting, which belongs to the log."""
        said = self._running.output()
        for _ in range(_QUIET_ROUNDS):
            await asyncio.sleep(self._limits.start_quiet_s)
            before, said = said, self._running.output()
            if before == said:
                return


def _signal_note(code: int) -> str:
    return " (out of memory, or killed)" if code == 137 else ""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now.

    Not one that the kernel gives to outgoing connections: asked again and again whether somebody listens there, it
    would one day connect such a port to itself.
    """
    for port in random.sample(range(_FIRST_PORT, _first_outgoing_port()), _PORTS_TRIED):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SandboxFailed(f"No port of 127.0.0.1 from {_FIRST_PORT} upwards is free; {_PORTS_TRIED} were tried.")


def _first_outgoing_port() -> int:
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _USUAL_OUTGOING_PORT
    return first if first >= _FIRST_PORT + _PORTS_TRIED else _USUAL_OUTGOING_PORT
