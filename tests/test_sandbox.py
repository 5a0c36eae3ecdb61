"""What both sandboxes hold, and by name what the plain process does not."""

from __future__ import annotations

import asyncio
import os
import shlex
import socket
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from tests.data.sites import SANDBOXES, needs_jail
from webgen_gym import sandbox as sandboxes
from webgen_gym.errors import MissingTool, SandboxFailed, UsageError
from webgen_gym.limits import Limits
from webgen_gym.sandbox import Command, Finished, Mount, Sandbox, choose, jail

LIMITS = replace(Limits(), stop_s=0.5)


@dataclass
class Box:
    """A sandbox with one writable folder in it."""

    sandbox: Sandbox
    mount: Mount

    def command(self, script: str, *, network: bool = False, scratch: tuple[str, ...] = ()) -> Command:
        where = self.sandbox.path(self.mount)
        return Command(
            ["/bin/sh", "-c", script], where, [self.mount], [f"{where}/{name}" for name in scratch], {}, network
        )

    async def sh(self, script: str, *, timeout_s: float = 20, network: bool = False) -> Finished:
        return await self.sandbox.run(self.command(script, network=network), timeout_s=timeout_s)

    async def python(self, code: str, *, network: bool = False) -> Finished:
        (self.mount.source / "program.py").write_text(textwrap.dedent(code))
        return await self.sh("/usr/bin/python3 program.py", network=network)


@pytest.fixture
async def box(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Box]:
    sandbox = choose(request.param, LIMITS)
    folder = tmp_path / "folder"
    folder.mkdir()
    yield Box(sandbox, Mount(folder, "/box", writable=True))
    await sandbox.close()


both = pytest.mark.parametrize("box", SANDBOXES, indirect=True)
jailed = pytest.mark.parametrize("box", [SANDBOXES[1]], indirect=True)


# ------------------------------------------------------------------ running


@both
async def test_a_command_ends_with_its_exit_code_and_output(box: Box) -> None:
    done = await box.sh("echo out; echo err >&2; exit 3")
    assert (done.exit_code, done.output, done.timed_out) == (3, "out\nerr\n", False)


@both
async def test_a_signal_is_reported_as_a_shell_does(box: Box) -> None:
    assert (await box.sh("kill -9 $$")).exit_code == 137


@both
async def test_a_command_that_takes_too_long_is_ended_and_its_output_kept(box: Box) -> None:
    done = await box.sh("echo begun; sleep 60", timeout_s=0.5)
    assert done.timed_out
    assert done.output == "begun\n"
    assert done.seconds < 5


@both
async def test_a_command_that_ignores_sigterm_is_killed(box: Box) -> None:
    began = time.monotonic()
    done = await box.sh("trap '' TERM; echo deaf; while :; do sleep 1; done", timeout_s=0.3)
    assert done.timed_out
    assert time.monotonic() - began < 5


@both
async def test_a_command_that_reads_its_input_finds_it_empty(box: Box) -> None:
    assert (await box.sh("cat; echo end")).output == "end\n"


@both
async def test_a_flood_of_output_is_drained_and_shortened(box: Box) -> None:
    done = await box.sh("yes | head -c 30000000; echo the end")
    assert done.exit_code == 0
    assert len(done.output) < LIMITS.log_head_bytes + LIMITS.log_tail_bytes + 100
    assert "bytes left out" in done.output
    assert done.output.endswith("the end\n")


@both
async def test_what_is_written_to_a_writable_mount_stays(box: Box) -> None:
    await box.sh("echo kept > file")
    assert (box.mount.source / "file").read_text() == "kept\n"


@both
async def test_scratch_folders_are_empty_at_first_and_gone_afterwards(box: Box) -> None:
    (box.mount.source / "old").mkdir()
    command = box.command("ls old; echo x > old/new; ls old", scratch=("old",))
    assert (await box.sandbox.run(command, timeout_s=20)).output == "new\n"
    left = box.mount.source / "old"
    assert not left.exists() or not list(left.iterdir())


@both
async def test_output_of_a_running_command_can_be_read(box: Box) -> None:
    running = await box.sandbox.spawn(box.command("echo ready; sleep 60"))
    while "ready" not in running.output():
        await asyncio.sleep(0.02)
    assert running.exit_code is None
    await running.stop()
    await running.stop()
    assert running.exit_code is not None


@both
async def test_a_command_that_cannot_be_found_is_its_own_fault(box: Box) -> None:
    command = Command(["no-such-program"], box.sandbox.path(box.mount), [box.mount])
    assert (await box.sandbox.run(command, timeout_s=20)).exit_code == 127


@both
async def test_a_working_folder_that_is_missing_is_our_fault(box: Box) -> None:
    command = Command(["true"], box.sandbox.path(box.mount) + "/missing", [box.mount])
    with pytest.raises(SandboxFailed):
        await box.sandbox.run(command, timeout_s=20)


# ------------------------------------------------------------------ ending

DAEMONS = {
    "child": "python3 m.py {mark} & sleep 0.3",
    "setsid": "setsid python3 m.py {mark} & sleep 0.3",
    "double fork": "(setsid setsid python3 m.py {mark} >/dev/null 2>&1 &) ; sleep 0.3",
    "nohup": "nohup python3 m.py {mark} >/dev/null 2>&1 & sleep 0.3",
    "renamed, without an environment": "env -i PATH=$PATH python3 m.py {mark} >/dev/null 2>&1 & sleep 0.3",
}
SLEEPER = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(99)"
)


def _living(mark: str) -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or [])]


@both
@pytest.mark.parametrize("daemon", DAEMONS)
async def test_a_process_that_hides_is_gone_when_the_command_has_ended(box: Box, daemon: str) -> None:
    mark = f"mark-{uuid.uuid4().hex}"
    (box.mount.source / "m.py").write_text(SLEEPER)
    await box.sh(DAEMONS[daemon].format(mark=mark))
    assert (box.mount.source / mark).exists(), "the daemon was never there"
    assert _living(mark) == []


@both
async def test_closing_the_sandbox_ends_what_still_runs(box: Box) -> None:
    mark = f"mark-{uuid.uuid4().hex}"
    (box.mount.source / "m.py").write_text(SLEEPER)
    await box.sandbox.spawn(box.command(f"setsid python3 m.py {mark} & python3 m.py {mark}"))
    while not (box.mount.source / mark).exists():
        await asyncio.sleep(0.02)
    await box.sandbox.close()
    assert _living(mark) == []


@both
async def test_a_cancelled_command_is_ended(box: Box) -> None:
    mark = f"mark-{uuid.uuid4().hex}"
    (box.mount.source / "m.py").write_text(SLEEPER)
    task = asyncio.create_task(box.sh(f"python3 m.py {mark}"))
    while not (box.mount.source / mark).exists():
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _living(mark) == []


@pytest.mark.parametrize("name", SANDBOXES)
def test_nothing_is_left_when_python_exits_without_closing(name: str, tmp_path: Path) -> None:
    assert _living_after(name, tmp_path, "raise SystemExit") == []


@needs_jail
def test_nothing_is_left_in_a_jail_when_python_is_killed(tmp_path: Path) -> None:
    assert _living_after("jail", tmp_path, "os.kill(os.getpid(), 9)") == []


def _living_after(name: str, tmp_path: Path, end: str) -> list[int]:
    mark = f"mark-{uuid.uuid4().hex}"
    (tmp_path / "m.py").write_text(SLEEPER)
    program = f"""
        import asyncio, os, pathlib
        from webgen_gym.limits import Limits
        from webgen_gym.sandbox import Command, Mount, choose
        async def main():
            mount = Mount(pathlib.Path({str(tmp_path)!r}), "/box", writable=True)
            sandbox = choose({name!r}, Limits())
            await sandbox.spawn(Command(["python3", "m.py", {mark!r}], sandbox.path(mount), [mount]))
            while not pathlib.Path({str(tmp_path / mark)!r}).exists():
                await asyncio.sleep(0.02)
            {end}
        asyncio.run(main())
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, timeout=60, check=False)
    assert (tmp_path / mark).exists()
    deadline = time.monotonic() + 5
    while _living(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return _living(mark)


# ------------------------------------------------------------------ what a command sees


@both
async def test_our_environment_is_not_handed_on(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary-7391")
    monkeypatch.setenv("NODE_ENV", "production")
    done = await box.sh("env")
    assert "canary-7391" not in done.output
    assert "NODE_ENV" not in done.output
    names = {line.split("=")[0] for line in done.output.splitlines()}
    assert names <= {
        *("PATH", "HOME", "LANG", "TZ", "CI", "NO_COLOR", "FORCE_COLOR", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"),
        "WEBGEN_TREE",
    }


@both
async def test_our_open_files_are_not_handed_on(box: Box, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        done = await box.sh("ls -l /proc/self/fd")
    assert "secret" not in done.output


@both
async def test_home_is_fresh_and_writable(box: Box) -> None:
    done = await box.sh('ls -A "$HOME" | grep -v tmp; echo x > "$HOME/file" && cat "$HOME/file"')
    assert done.output == "x\n"


@both
async def test_limits_of_files_are_lowered(box: Box) -> None:
    done = await box.sh("ulimit -c; ulimit -n; ulimit -f")
    assert done.output.split() == ["0", str(LIMITS.open_files), str(LIMITS.written_file_mib * 2048)]


@both
async def test_a_file_beyond_the_limit_cannot_be_written(box: Box) -> None:
    small = choose(box.sandbox.name, replace(LIMITS, written_file_mib=1))
    done = await small.run(box.command("head -c 3000000 /dev/zero > big"), timeout_s=20)
    await small.close()
    assert done.exit_code != 0
    assert (box.mount.source / "big").stat().st_size == 1024 * 1024


@jailed
async def test_a_jail_shows_no_file_of_ours(box: Box, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary-5512")
    places = [
        "/root",
        "/home",
        "/box/..",
        "/etc/shadow",
        "/var",
        "/run",
        "/srv",
        "/opt",
        str(tmp_path),
        str(Path.cwd()),
    ]
    done = await box.sh(
        f"for place in {shlex.join(places)}; do find $place -maxdepth 3 2>/dev/null; done; cat {tmp_path}/secret"
    )
    seen = {line for line in done.output.splitlines() if line.startswith("/")}
    assert "canary-5512" not in done.output
    assert not [
        line for line in seen if line.startswith(("/root", "/home", "/var", "/run", "/srv", "/opt", str(tmp_path)))
    ]


@jailed
async def test_a_jail_can_be_written_to_nowhere_else(box: Box) -> None:
    done = await box.sh(
        "for place in / /usr /etc /bin /box /tmp /dev/shm; do touch $place/x 2>/dev/null && echo $place; done"
    )
    assert done.output.split() == ["/box", "/tmp", "/dev/shm"]


@jailed
async def test_a_read_only_mount_is_read_only(box: Box, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "file").write_text("given")
    command = replace(
        box.command("cat /given/file; echo x > /given/file; rm /given/file"),
        mounts=[box.mount, Mount(tmp_path / "given", "/given")],
    )
    done = await box.sandbox.run(command, timeout_s=20)
    assert done.output.startswith("given")
    assert done.exit_code != 0
    assert (tmp_path / "given" / "file").read_text() == "given"


@jailed
async def test_a_jail_shows_no_process_of_ours(box: Box, tmp_path: Path) -> None:
    done = await box.sh("ls /proc | grep -c '^[0-9]'; cat /proc/*/cmdline | tr '\\0' ' '")
    assert int(done.output.split()[0]) < 12
    assert str(tmp_path) not in done.output


@jailed
async def test_a_jail_has_no_capabilities_and_gains_none(box: Box) -> None:
    done = await box.sh("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status")
    assert done.output.split() == ["CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"]


@jailed
async def test_a_command_cannot_write_to_the_jails_report(box: Box) -> None:
    done = await box.sh("ls -l /proc/*/fd 2>/dev/null | grep -c memfd; echo 'bwrap: Can not make the jail'; exit 1")
    assert (done.exit_code, done.output.split()[0]) == (1, "0")


# ------------------------------------------------------------------ network


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port that is open on all interfaces of the host, and who came."""
    seen: list[str] = []
    server = socket.create_server(("0.0.0.0", 0))

    def serve() -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            seen.append(address[0])
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], seen
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks the routing table only
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


CONNECT = """
    import socket
    for host in {hosts!r}:
        try:
            socket.create_connection((host, {port}), timeout=5).close()
            print("reached", host)
        except OSError as error:
            print("refused", host, type(error).__name__)
"""


@jailed
async def test_a_jail_reaches_neither_loopback_nor_the_network(box: Box, listener: tuple[int, list[str]]) -> None:
    port, seen = listener
    hosts = ["127.0.0.1", _own_address(), "localhost"]
    done = await box.python(CONNECT.format(hosts=hosts, port=port))
    assert done.output.count("refused") == len(hosts)
    assert seen == []


@both
async def test_a_command_with_network_reaches_the_network(box: Box, listener: tuple[int, list[str]]) -> None:
    port, seen = listener
    done = await box.python(CONNECT.format(hosts=[_own_address()], port=port), network=True)
    assert done.output.startswith("reached")
    assert len(seen) == 1


@jailed
async def test_a_jail_has_a_loopback_of_its_own(box: Box) -> None:
    done = await box.python("""
        import socket
        server = socket.create_server(("127.0.0.1", 3000))
        socket.create_connection(("localhost", 3000)).close()
        print("connected")
    """)
    assert done.output == "connected\n"


# ------------------------------------------------------------------ choosing


def test_an_unknown_sandbox_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match='no sandbox is called "podman"'):
        choose("podman", Limits())


@pytest.mark.parametrize("name", ["auto", "jail"])
def test_without_bubblewrap_it_is_said_how_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    jail.why_no_jail.cache_clear()
    try:
        with pytest.raises(MissingTool, match='not installed. Install bubblewrap .* sandbox="process"'):
            choose(name, Limits())
    finally:
        jail.why_no_jail.cache_clear()


def test_a_refused_user_namespace_is_named_as_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    jail.why_no_jail.cache_clear()
    try:
        assert "setting up uid map: Permission denied" in jail.why_no_jail()
    finally:
        jail.why_no_jail.cache_clear()


def test_the_plain_process_says_that_it_is_no_isolation_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandboxes.process, "_said", False)
    choose("process", Limits())
    choose("process", Limits())
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ['sandbox="process" is no isolation']
