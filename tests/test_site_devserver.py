"""Servers of every kind and temper: exit codes and connections decide, never words."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.data.sites import in_both, needs_jail, needs_node, package, server, site
from webgen_gym.errors import SandboxFailed
from webgen_gym.limits import Limits
from webgen_gym.sandbox import Command, JailSandbox
from webgen_gym.site.devserver import free_port
from webgen_gym.site.probe import ask
from webgen_gym.site.site import Site
from webgen_gym.site.upstream import SocketUpstream
from webgen_gym.types import Build, Stage

QUICK = replace(Limits(), start_s=15, stop_s=0.5)
IMPATIENT = replace(QUICK, start_s=2.0, build_s=0.8)
HELLO = "require('http').createServer((q, r) => r.end('hello from ' + q.headers.host)).listen(process.env.PORT)"


async def body(shown: Site, path: str = "/") -> bytes:
    assert isinstance(shown.upstream, SocketUpstream)
    answer = await ask(shown.upstream, path, timeout_s=5)
    assert answer is not None
    return answer.body


async def outcome(sandbox: str, folder: Path, code: str, limits: Limits = QUICK) -> Build:
    async with site(sandbox, folder, limits=limits) as shown:
        build = await shown.bring_up(server(code))
        assert build.ok is (shown.upstream is not None)
        return build


# ------------------------------------------------------------------ up


@in_both
async def test_a_server_is_reached_through_its_socket(sandbox: str, tmp_path: Path) -> None:
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        build = await shown.bring_up(server(HELLO))
        assert (build.ok, build.stage, build.kind, build.message) == (True, Stage.UP, "node", "The site started.")
        assert build.log == "$ node server.js\n"
        assert isinstance(shown.upstream, SocketUpstream)
        assert len(str(shown.upstream.path)) < 100
        assert await body(shown) == f"hello from localhost:{shown.upstream.port}".encode()
        assert await shown.health() == ""


@in_both
async def test_the_word_error_in_the_output_of_a_healthy_server_means_nothing(sandbox: str, tmp_path: Path) -> None:
    code = "console.error('ERROR: Found 0 errors. Error! failed to fail'); " + HELLO
    build = await outcome(sandbox, tmp_path, code)
    assert build.ok
    assert "ERROR: Found 0 errors" in build.log


@in_both
async def test_a_server_that_answers_500_is_up(sandbox: str, tmp_path: Path) -> None:
    code = "require('http').createServer((q, r) => { r.statusCode = 500; r.end() }).listen(process.env.PORT)"
    assert (await outcome(sandbox, tmp_path, code)).ok


@in_both
async def test_an_address_in_the_output_is_not_believed(sandbox: str, tmp_path: Path) -> None:
    code = "console.log('Local: http://169.254.169.254:80/ http://localhost:1/'); " + HELLO
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        assert (await shown.bring_up(server(code))).ok
        assert (await body(shown)).startswith(b"hello")


@in_both
async def test_a_server_that_listens_on_the_other_loopback_is_found(sandbox: str, tmp_path: Path) -> None:
    if not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    assert (await outcome(sandbox, tmp_path, HELLO.replace("PORT)", "PORT, '::1')"))).ok


@in_both
async def test_a_slow_starter_is_waited_for(sandbox: str, tmp_path: Path) -> None:
    assert (await outcome(sandbox, tmp_path, f"setTimeout(() => {{ {HELLO} }}, 700)")).ok


@in_both
async def test_a_large_answer_comes_through_whole(sandbox: str, tmp_path: Path) -> None:
    code = HELLO.replace("'hello from ' + q.headers.host", "'x'.repeat(5000000)")
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        assert isinstance(shown.upstream, SocketUpstream)
        answer = await ask(shown.upstream, "/", timeout_s=10, max_bytes=10_000_000)
        assert answer is not None
        assert len(answer.body) == 5_000_000


@needs_node
@needs_jail
async def test_two_sites_of_one_machine_have_the_same_port_and_do_not_collide(tmp_path: Path) -> None:
    async with site("jail", tmp_path / "a", limits=QUICK) as one, site("jail", tmp_path / "b", limits=QUICK) as two:
        builds = await asyncio.gather(
            one.bring_up(server(HELLO.replace("hello", "one"))), two.bring_up(server(HELLO.replace("hello", "two")))
        )
        assert all(build.ok for build in builds)
        assert (await body(one), await body(two)) == (b"one from localhost:3000", b"two from localhost:3000")


@needs_node
@needs_jail
async def test_a_server_with_the_usual_port_written_into_it_works_in_a_jail(tmp_path: Path) -> None:
    assert (await outcome("jail", tmp_path, HELLO.replace("process.env.PORT", "3000"))).ok


# ------------------------------------------------------------------ not up


@in_both
async def test_a_server_that_exits_with_1(sandbox: str, tmp_path: Path) -> None:
    build = await outcome(sandbox, tmp_path, "console.log('about to stop'); process.exit(1)")
    assert (build.ok, build.stage) == (False, Stage.START)
    assert build.message == "The server ended with exit code 1."
    assert build.log == "$ node server.js\nabout to stop\n"


@in_both
async def test_a_program_that_ends_well_is_no_server(sandbox: str, tmp_path: Path) -> None:
    assert (await outcome(sandbox, tmp_path, "console.log('all good')")).message == "The server ended with exit code 0."


@in_both
async def test_a_server_that_throws_shows_why(sandbox: str, tmp_path: Path) -> None:
    build = await outcome(sandbox, tmp_path, "require('no-such-module')")
    assert build.message == "The server ended with exit code 1."
    assert "Cannot find module 'no-such-module'" in build.log
    assert str(tmp_path) not in build.log


@in_both
async def test_a_server_that_never_listens(sandbox: str, tmp_path: Path) -> None:
    began = time.monotonic()
    build = await outcome(sandbox, tmp_path, "console.log('thinking'); setInterval(() => {}, 1000)", IMPATIENT)
    port = 3000 if sandbox == "jail" else "PORT"
    told = "the one given by the environment variable PORT"
    assert build.message == f"Nothing listens on port {port}, {told}, after 2 s (limits.start_s)."
    assert "thinking" in build.log
    assert time.monotonic() - began < 6


@in_both
async def test_a_server_on_another_port_is_not_found(sandbox: str, tmp_path: Path) -> None:
    build = await outcome(sandbox, tmp_path, HELLO.replace("process.env.PORT", "39517"), IMPATIENT)
    assert build.message.startswith("Nothing listens on port")


@in_both
async def test_a_server_that_accepts_and_says_nothing(sandbox: str, tmp_path: Path) -> None:
    build = await outcome(
        sandbox, tmp_path, "require('net').createServer(() => {}).listen(process.env.PORT)", IMPATIENT
    )
    assert "accepts connections on port" in build.message
    assert "no HTTP answer within 2 s (limits.start_s)" in build.message


@in_both
async def test_a_server_that_does_not_speak_http(sandbox: str, tmp_path: Path) -> None:
    code = "require('net').createServer((s) => s.end('220 mail.example ESMTP\\r\\n')).listen(process.env.PORT)"
    assert "no HTTP answer" in (await outcome(sandbox, tmp_path, code, IMPATIENT)).message


@in_both
async def test_a_server_that_asks_a_question_gets_no_answer(sandbox: str, tmp_path: Path) -> None:
    code = "require('readline').createInterface({input: process.stdin}).question('Continue? [y/N] ', () => {})"
    assert (await outcome(sandbox, tmp_path, code, IMPATIENT)).stage is Stage.START


@in_both
async def test_a_script_that_is_no_command(sandbox: str, tmp_path: Path) -> None:
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        build = await shown.bring_up({"package.json": package({"dev": "no-such-tool --watch"})})
    assert build.message == "The server ended with exit code 127."
    assert "no-such-tool" in build.log


@in_both
async def test_a_package_that_is_not_there_is_not_fetched_when_the_server_starts(sandbox: str, tmp_path: Path) -> None:
    limits = replace(QUICK, start_s=20)
    async with site(sandbox, tmp_path, limits=limits) as shown:
        began = time.monotonic()
        build = await shown.bring_up({"package.json": package({"start": "npx --yes is-number"})})
    assert not build.ok
    assert "ENOTCACHED" in build.log
    assert time.monotonic() - began < 10


@in_both
async def test_a_server_that_leaves_and_stays_behind_is_not_up_and_not_left(sandbox: str, tmp_path: Path) -> None:
    code = """
        const child = require('child_process').spawn(process.argv0, ['-e', 'setInterval(() => {}, 999)', 'daemon-canary'],
            {detached: true, stdio: 'ignore'})
        child.unref()
    """
    build = await outcome(sandbox, tmp_path, code)
    assert build.message == "The server ended with exit code 0."
    assert _with_word("daemon-canary") == []


@in_both
async def test_a_server_that_ends_while_it_is_asked_is_not_waited_for(sandbox: str, tmp_path: Path) -> None:
    code = "require('net').createServer(() => setTimeout(() => process.exit(3), 50)).listen(process.env.PORT)"
    assert (await outcome(sandbox, tmp_path, code)).message == "The server ended with exit code 3."


def test_a_free_port_is_none_that_a_connection_to_it_could_come_from() -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(free_port() < first for _ in range(200))


@in_both
async def test_the_site_does_not_get_our_end_of_its_socket(sandbox: str, tmp_path: Path) -> None:
    with contextlib.ExitStack() as many:
        # A high number: Node.js closes only what it inherits under the low ones.
        for _ in range(64):
            many.enter_context(socket.socket())
        async with site(sandbox, tmp_path, limits=QUICK) as shown:
            build = await shown.bring_up({"package.json": package({"start": "ls -l /proc/self/fd; exit 3"})})
    assert "/dev/null" in build.log
    assert "socket:" not in build.log


# ------------------------------------------------------------------ before the server


@in_both
async def test_what_comes_first_is_run_and_logged_in_order(sandbox: str, tmp_path: Path) -> None:
    scripts = {"build": "echo built > out", "prestart": "cat out", "start": "node dist/server.js"}
    files = {"package.json": package(scripts), "dist/server.js": HELLO.encode()}
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        build = await shown.bring_up(files)
    assert build.log == "$ echo built > out\n\n$ cat out\nbuilt\n\n$ node dist/server.js\n"


@in_both
async def test_a_build_that_fails(sandbox: str, tmp_path: Path) -> None:
    scripts = {"build": "echo compiling; exit 2", "preview": "node server.js"}
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        build = await shown.bring_up({"package.json": package(scripts)})
    assert (build.ok, build.stage) == (False, Stage.BUILD)
    assert build.message == "`echo compiling; exit 2` ended with exit code 2."
    assert build.log == "$ echo compiling; exit 2\ncompiling\n"


@in_both
async def test_a_build_that_hangs(sandbox: str, tmp_path: Path) -> None:
    async with site(sandbox, tmp_path, limits=IMPATIENT) as shown:
        build = await shown.bring_up({"package.json": package({"predev": "sleep 99", "dev": "node server.js"})})
    assert build.message == "`sleep 99` was stopped after 0.8 s (limits.build_s)."


# ------------------------------------------------------------------ afterwards


@in_both
async def test_a_server_that_dies_later_is_reported(sandbox: str, tmp_path: Path) -> None:
    code = HELLO.replace("r.end(", "q.url === '/die' ? process.exit(7) : r.end(")
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        assert isinstance(shown.upstream, SocketUpstream)
        await ask(shown.upstream, "/die", timeout_s=5)
        while not (problem := await shown.health()):
            await asyncio.sleep(0.02)
        assert problem == "The server ended with exit code 7."


@in_both
async def test_a_server_that_stops_listening_is_reported(sandbox: str, tmp_path: Path) -> None:
    code = f"const s = {HELLO}; s.on('request', (q) => q.url === '/deaf' && s.close()); setInterval(() => {{}}, 999)"
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        assert await shown.health() == ""
        await body(shown, "/deaf")
        assert (await shown.health()).startswith("The server no longer listens on port")


@in_both
async def test_a_slow_server_is_not_dead(sandbox: str, tmp_path: Path) -> None:
    code = "let n = 0; " + HELLO.replace("r.end(", "n++ === 0 ? r.end() : setTimeout(() => r.end('late'), 99000, ")
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        assert await shown.health() == ""


@in_both
async def test_a_server_whose_relay_it_kills_is_not_up(sandbox: str, tmp_path: Path) -> None:
    code = HELLO + "; setTimeout(() => process.kill(process.ppid, 'SIGKILL'), 600)"
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        while not (problem := await shown.health()):
            await asyncio.sleep(0.02)
        assert problem == "The server ended with exit code 137 (out of memory, or killed)."


@in_both
async def test_nothing_is_left_of_a_closed_site(sandbox: str, tmp_path: Path) -> None:
    code = HELLO + "; process.title = 'title'; require('child_process').spawn('sleep', ['9173'], {detached: true})"
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        assert isinstance(shown.upstream, SocketUpstream)
        upstream = shown.upstream
        assert [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "9173"]]
    assert [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "9173"]] == []
    assert not upstream.path.parent.exists()
    assert await ask(upstream, "/", timeout_s=1) is None
    assert [path.name for path in (tmp_path / "site-folder").iterdir()] == []


@in_both
async def test_a_new_state_of_the_files_starts_from_a_clean_folder(sandbox: str, tmp_path: Path) -> None:
    leave = "require('fs').writeFileSync('left-over', 'x'); "
    look = HELLO.replace("'hello from ' + q.headers.host", "require('fs').readdirSync('.').join()")
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(leave + HELLO))
        await shown.bring_up(server(look))
        assert await body(shown) == b"package.json,server.js"


@in_both
async def test_what_the_server_prints_later_can_be_read(sandbox: str, tmp_path: Path) -> None:
    code = HELLO.replace("r.end(", "console.log('asked for', q.url) || r.end(")
    async with site(sandbox, tmp_path, limits=QUICK) as shown:
        await shown.bring_up(server(code))
        await body(shown, "/about")
        while "/about" not in shown.said():
            await asyncio.sleep(0.02)
        assert shown.said() == "asked for /\nasked for /about"


# ------------------------------------------------------------------ the walls


@needs_node
@needs_jail
async def test_a_server_in_a_jail_sees_no_secret_and_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-6620")
    listener = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    code = f"""
        const fs = require('fs'), net = require('net')
        const seen = fs.readdirSync('/proc').filter((p) => /^\\d+$/.test(p)).map((p) => {{
            try {{ return fs.readFileSync(`/proc/${{p}}/environ`, 'utf8') }} catch {{ return '' }}
        }}).join()
        net.connect({port}, '127.0.0.1').on('connect', () => serve('reached')).on('error', (e) => serve(e.code))
        const serve = (word) => require('http').createServer((q, r) => r.end(word + seen)).listen(process.env.PORT)
    """
    async with listener, site("jail", tmp_path, limits=QUICK) as shown:
        assert (await shown.bring_up(server(code))).ok
        said = await body(shown)
    assert said.startswith(b"ECONNREFUSED")
    assert b"canary-6620" not in said
    assert b"PORT=3000" in said


@needs_node
@needs_jail
async def test_a_jail_that_cannot_be_made_is_our_fault(tmp_path: Path) -> None:
    class Broken(JailSandbox):
        def _arguments(self, command: Command) -> Iterator[str]:
            return iter(["--ro-bind", "/nowhere", "/nowhere"])

    made = Site(sandbox=lambda: Broken(QUICK), folder=tmp_path / "f", cache=tmp_path / "c", limits=QUICK)
    with pytest.raises(SandboxFailed, match="the jail could not be made.*nowhere"):
        await made.bring_up(server(HELLO))
    await made.close()


@needs_node
async def test_a_site_asks_for_no_sandbox_until_it_needs_one(tmp_path: Path) -> None:
    def refuse() -> JailSandbox:
        raise AssertionError("a static site needs no sandbox")

    made = Site(sandbox=refuse, folder=tmp_path / "f", cache=tmp_path / "c", limits=QUICK)
    build = await made.bring_up({"index.html": b"<h1>plain</h1>"})
    assert (build.ok, build.kind) == (True, "static")
    await made.close()
    assert list(tmp_path.iterdir()) == []


@needs_node
async def test_a_cancelled_start_leaves_nothing(tmp_path: Path) -> None:
    made = Site(sandbox="process", folder=tmp_path / "f", cache=tmp_path / "c", limits=replace(QUICK, start_s=60))
    code = "require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 999)"
    task = asyncio.create_task(made.bring_up(server(code)))
    note = tmp_path / "f" / "site" / "pid"
    while not (note.exists() and note.read_text()):
        await asyncio.sleep(0.02)
    pid = int(note.read_text())
    assert _is_alive(pid)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _is_alive(pid)
    await made.close()


@in_both
def test_nothing_is_left_when_python_is_killed(sandbox: str, tmp_path: Path) -> None:
    canary = f"sleep-{uuid.uuid4().hex}"
    code = f"require('child_process').spawn(process.argv0, ['-e', 'setInterval(() => {{}}, 999)', '{canary}']); {HELLO}"
    program = f"""
import asyncio, os, pathlib
from tests.data.sites import server, site
async def main():
    async with site({sandbox!r}, pathlib.Path({str(tmp_path)!r})) as shown:
        assert (await shown.bring_up(server({code!r}))).ok
        print("up", flush=True)
        os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=False, timeout=60)
    assert done.stdout == b"up\n", done.stderr
    deadline = time.monotonic() + 10
    while _with_word(canary) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _with_word(canary) == []


def _with_word(word: str) -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if word in (p.info["cmdline"] or [])]


def _is_alive(pid: int) -> bool:
    # Who inherits an orphan may leave it a zombie.
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_the_relay_is_shipped() -> None:
    assert os.access(Path(__file__).parents[1] / "webgen_gym" / "site" / "relay.cjs", os.R_OK)
