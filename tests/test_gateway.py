"""The gateway: a page reaches its own site, and no packet goes anywhere else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.limits import Limits
from webgen_gym.site.gateway import Gateway
from webgen_gym.site.upstream import StaticUpstream


class Canary:
    """A listener on the host's loopback that counts who connects."""

    def __init__(self) -> None:
        self.hits = 0
        self.port = 0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Canary"]:
        async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.hits += 1
            writer.close()

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


ESCAPES = {
    "fetch to loopback": "fetch('http://127.0.0.1:PORT/').catch(() => 0)",
    "fetch to localhost": "fetch('http://localhost:PORT/').catch(() => 0)",
    "fetch to IPv6 loopback": "fetch('http://[::1]:PORT/').catch(() => 0)",
    "fetch to another localhost name": "fetch('http://other.localhost:PORT/').catch(() => 0)",
    "fetch to its own name, other port": "fetch('http://site.localhost:PORT/').catch(() => 0)",
    "decimal address": "fetch('http://2130706433:PORT/').catch(() => 0)",
    "hex address": "fetch('http://0x7f000001:PORT/').catch(() => 0)",
    "https": "fetch('https://127.0.0.1:PORT/').catch(() => 0)",
    "WebSocket": "new Promise((r) => { const s = new WebSocket('ws://127.0.0.1:PORT/'); s.onerror = s.onopen = r })",
    "EventSource": "new Promise((r) => { const s = new EventSource('http://127.0.0.1:PORT/'); s.onerror = r })",
    "beacon": "navigator.sendBeacon('http://127.0.0.1:PORT/', 'x')",
    "image": "new Promise((r) => { const i = new Image(); i.onerror = i.onload = r; i.src = 'http://127.0.0.1:PORT/' })",
    "stylesheet": "document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href=http://127.0.0.1:PORT/>')",
    "iframe": "document.body.insertAdjacentHTML('beforeend', '<iframe src=http://127.0.0.1:PORT/></iframe>')",
    "form post": (
        "document.body.insertAdjacentHTML('beforeend', '<form method=post target=f action=http://127.0.0.1:PORT/>"
        "</form><iframe name=f></iframe>'), document.forms[0].submit()"
    ),
    "pop-up": "window.open('http://127.0.0.1:PORT/')",
    "metadata address": "fetch('http://169.254.169.254/latest/').catch(() => 0)",
    "WebRTC": (
        "new Promise((r) => { const c = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:PORT'},"
        "{urls: 'turn:127.0.0.1:PORT?transport=tcp', username: 'u', credential: 'p'}]}); c.createDataChannel('x');"
        "c.createOffer().then((o) => c.setLocalDescription(o)); c.onicegatheringstatechange = r })"
    ),
    "navigation": "location.href = 'http://127.0.0.1:PORT/'",
    "meta refresh": (
        "document.head.insertAdjacentHTML('beforeend',"
        " '<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:PORT/\">')"
    ),
}


@pytest.mark.parametrize("script", ESCAPES.values(), ids=list(ESCAPES))
def test_no_packet_leaves_by(run: Runner, show_site: ShowSite, script: str) -> None:
    async def work() -> tuple[int, int]:
        async with Canary().listening() as canary:
            page = f"<!doctype html><title>t</title><body><script>{script}</script>".replace("PORT", str(canary.port))
            async with show_site({"index.html": page}) as shown:
                await shown.visits.look()
                seen = canary.hits
                # The positive control: the listener does count.
                _, writer = await asyncio.open_connection("127.0.0.1", canary.port)
                writer.close()
                await asyncio.sleep(0.05)
                return seen, canary.hits

    assert run(work()) == (0, 1)


async def ask(address: str, request: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(65536), 2)
    finally:
        writer.close()


def answers(run: Runner, files: dict[str, bytes], *requests: bytes) -> list[bytes]:
    async def work() -> list[bytes]:
        door = await Gateway(Limits()).open()
        door.show(StaticUpstream(files))
        try:
            return [await ask(door.address, request) for request in requests]
        finally:
            await door.close()

    return run(work())


def get(url: str, method: str = "GET") -> bytes:
    return f"{method} {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


SITE = {"index.html": b"home", "about.html": b"about", "blog/index.html": b"blog", "a b.txt": b"space"}

STATIC = {
    "/": (200, b"home"),
    "/index.html": (200, b"home"),
    "/about": (200, b"about"),
    "/blog/": (200, b"blog"),
    "/blog": (301, b""),
    "/a%20b.txt": (200, b"space"),
    "/?q=1": (200, b"home"),
    "/missing": (404, b"There is no file"),
    "/../../etc/passwd": (404, b"There is no file"),
    "/%2e%2e/%2e%2e/etc/passwd": (404, b"There is no file"),
    "/favicon.ico": (204, b""),
}


@pytest.mark.parametrize("path", list(STATIC))
def test_a_static_site_is_answered_from_its_files(run: Runner, path: str) -> None:
    status, body = STATIC[path]
    (answer,) = answers(run, SITE, get(f"http://site.localhost{path}"))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert body in answer


REFUSED = {
    "another host": get("http://example.com/"),
    "another port of the site": get("http://site.localhost:8080/"),
    "https": get("https://site.localhost/"),
    "tunnel to another host": b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
    "tunnel to another port": b"CONNECT site.localhost:22 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a direct request to the door": get("/"),
    "a userinfo trick": get("http://site.localhost@example.com/"),
    "a bad port": get("http://site.localhost:99999/"),
}


@pytest.mark.parametrize("request_", REFUSED.values(), ids=list(REFUSED))
def test_everything_else_is_refused_at_once(run: Runner, request_: bytes) -> None:
    (answer,) = answers(run, SITE, request_)
    assert answer.startswith(b"HTTP/1.1 403 ")


def test_what_is_not_http_is_hung_up_on_and_the_door_goes_on(run: Runner) -> None:
    garbage, good = answers(run, SITE, b"\x16\x03\x01\x00\xa5 nonsense\r\n\r\n", get("http://site.localhost/"))
    assert garbage == b""
    assert b"home" in good


def test_refused_hosts_are_counted_by_name(run: Runner) -> None:
    async def work() -> tuple[dict[str, int], dict[str, int]]:
        door = await Gateway(Limits()).open()
        door.show(StaticUpstream(SITE))
        for _ in range(3):
            await ask(door.address, get("http://example.com/"))
        counted = dict(door.take_refused()), dict(door.take_refused())
        await door.close()
        return counted

    assert run(work()) == ({"example.com": 3}, {})


def test_a_head_request_gets_no_body(run: Runner) -> None:
    (answer,) = answers(run, SITE, get("http://site.localhost/", "HEAD"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert not answer.endswith(b"home")


def test_two_doors_show_two_sites_under_one_name(run: Runner) -> None:
    async def work() -> tuple[bytes, bytes]:
        gateway = Gateway(Limits())
        one, two = await gateway.open(), await gateway.open()
        one.show(StaticUpstream({"index.html": b"first"}))
        two.show(StaticUpstream({"index.html": b"second"}))
        request = get("http://site.localhost/")
        try:
            return await ask(one.address, request), await ask(two.address, request)
        finally:
            await one.close()
            await two.close()

    first, second = run(work())
    assert b"first" in first
    assert b"second" in second
