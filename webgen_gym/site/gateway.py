"""The gateway: the only network that the browser has.

Every browser context gets a *door*, a proxy of its own on an ephemeral port. A door knows one
site and one host name, ``site.localhost``; whatever else is asked for is refused at once and
counted. So a page reaches its own site and nothing else: not the internet, not the host's
loopback, not another session, neither by redirect, fetch, WebSocket nor service worker.

The host name is the same for all sites, because pages print it and looks must be reproducible;
what separates two sessions is the door. It ends in ``.localhost``, because browsers treat only
that (and https) as a secure context, in which ``crypto.randomUUID`` and the clipboard exist as
they do on a developer's machine.

Does not hold: another program of the same machine that connects to a door can read that site.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

from webgen_gym.limits import Limits
from webgen_gym.site.static import answer
from webgen_gym.site.upstream import Server, StaticUpstream, Upstream

SITE_HOST = "site.localhost"
SITE_ORIGIN = f"http://{SITE_HOST}"

_CHUNK = 64 * 1024
_HOP_BY_HOP = frozenset({b"proxy-connection", b"proxy-authorization", b"keep-alive", b"te", b"trailer"})


class Gateway:
    """Opens doors. Holds no state but the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def open(self) -> Door:
        """A new door on the loopback interface, on a port that the kernel picks."""
        door = Door(self._limits)
        await door.start()
        return door


class Door:
    """The proxy of one session's browser context."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._upstream: Upstream | None = None
        self._refused: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Called by the gateway."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_CHUNK)

    @property
    def address(self) -> str:
        """The proxy's URL, for the browser context."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def show(self, upstream: Upstream | None) -> None:
        """From now on answer from here; None answers every request with 503."""
        self._upstream = upstream

    def take_refused(self) -> Mapping[str, int]:
        """The hosts refused since the last call and how often."""
        refused, self._refused = self._refused, Counter()
        return refused

    async def close(self) -> None:
        """Stop listening and cut what is open. Safe to call twice."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -------------------------------------------------------------- connections

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await _Visit(self, reader, writer).serve()
        except (OSError, EOFError, h11.ProtocolError, asyncio.CancelledError):
            # The browser went away, or spoke something that is not HTTP: nobody is left to tell.
            return
        finally:
            writer.close()

    def admits(self, host: str, port: int) -> bool:
        """True for the session's own site; everything else is counted."""
        if host == SITE_HOST and port == 80:
            return True
        self._refused[host] += 1
        return False

    @property
    def upstream(self) -> Upstream | None:
        """What the door shows now."""
        return self._upstream

    @property
    def limits(self) -> Limits:
        """The bounds that a visit keeps."""
        return self._limits


class _Target(NamedTuple):
    host: str
    port: int
    path: str


class _Visit:
    """One connection of the browser: requests in absolute form, or a CONNECT tunnel to the site."""

    def __init__(self, door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._door = door
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_CHUNK)
        self._tunnelled = False
        self._head_only = False
        self._behind: _Upstream | None = None

    async def serve(self) -> None:
        try:
            while await self._one_request():
                pass
        finally:
            if self._behind is not None:
                self._behind.close()

    async def _one_request(self) -> bool:
        request = await self._next_event()
        if not isinstance(request, h11.Request):
            return False
        if request.method == b"CONNECT":
            return await self._connect(request)
        self._head_only = request.method == b"HEAD"
        target = self._target(request)
        if not self._door.admits(target.host, target.port):
            await self._drain_request()
            await self._plain(403, f"{target.host} is not part of this site; there is no network here.")
        else:
            upgraded = await self._answer(request, target.path)
            if upgraded:
                return False
        return self._again()

    def _again(self) -> bool:
        if self._http.our_state is h11.MUST_CLOSE or self._http.their_state is h11.MUST_CLOSE:
            return False
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    async def _connect(self, request: h11.Request) -> bool:
        host, _, port = request.target.decode("latin-1").rpartition(":")
        admitted = self._door.admits(host, int(port) if port.isdigit() else 0)
        await self._drain_request()
        if not admitted or self._tunnelled:
            await self._plain(403, f"{host} is not part of this site; there is no network here.")
            return False
        self._writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await self._writer.drain()
        left, _ = self._http.trailing_data
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_CHUNK)
        if left:
            self._http.receive_data(left)
        self._tunnelled = True
        return True

    def _target(self, request: h11.Request) -> _Target:
        raw = request.target.decode("latin-1")
        if self._tunnelled:
            return _Target(SITE_HOST, 80, raw)
        parts = urlsplit(raw)
        path = parts.path or "/"
        if parts.query:
            path += "?" + parts.query
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            port = 0
        return _Target(parts.hostname or "?", port, path)

    # -------------------------------------------------------------- answers

    async def _answer(self, request: h11.Request, path: str) -> bool:
        """Answer one admitted request; true when the connection became a raw tunnel."""
        upstream = self._door.upstream
        if isinstance(upstream, StaticUpstream):
            await self._drain_request()
            await self._static(request, upstream, path)
            return False
        if upstream is None:
            await self._drain_request()
            await self._plain(503, "The site is not running.")
            return False
        return await self._forward(request, upstream, path)

    async def _static(self, request: h11.Request, upstream: StaticUpstream, path: str) -> None:
        if request.method not in {b"GET", b"HEAD"}:
            await self._plain(405, "A static site answers GET and HEAD only.")
            return
        reply = answer(upstream, path)
        headers = [("content-type", reply.content_type), ("cache-control", "no-store")]
        if reply.location:
            headers.append(("location", reply.location))
        await self._respond(reply.status, headers, reply.body)

    async def _plain(self, status: int, text: str) -> None:
        await self._respond(status, [("content-type", "text/plain; charset=utf-8")], text.encode())

    async def _respond(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        length = [] if status in {204, 304} else [("content-length", str(len(body)))]
        self._send(h11.Response(status_code=status, headers=[*headers, *length]))
        if body and not self._head_only:
            self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())
        await self._writer.drain()

    async def _forward(self, request: h11.Request, upstream: Server, path: str) -> bool:
        try:
            behind = await self._reach(upstream)
            await behind.ask(request, path, self._body())
            reply = await behind.reply()
        except (OSError, EOFError, h11.RemoteProtocolError) as error:
            self._drop_upstream()
            await self._drain_request()
            await self._plain(502, f"The site's server did not answer: {type(error).__name__}.")
            return False
        if isinstance(reply, h11.InformationalResponse):
            await self._tunnel(behind, reply)
            return True
        await self._relay(behind, reply)
        return False

    async def _reach(self, upstream: Server) -> _Upstream:
        if self._behind is None or not self._behind.reusable(upstream):
            self._drop_upstream()
            self._behind = await _Upstream.connect(upstream)
        return self._behind

    def _drop_upstream(self) -> None:
        if self._behind is not None:
            self._behind.close()
            self._behind = None

    async def _relay(self, behind: _Upstream, reply: h11.Response) -> None:
        self._send(h11.Response(status_code=reply.status_code, headers=behind.headers_back(reply), reason=reply.reason))
        passed = 0
        async for data in behind.body():
            passed += len(data)
            if passed > self._door.limits.response_bytes:
                # Nothing sensible can follow half an answer; the browser sees a broken transfer.
                raise EOFError
            self._send(h11.Data(data=data))
            await self._writer.drain()
        self._send(h11.EndOfMessage())
        await self._writer.drain()

    async def _tunnel(self, behind: _Upstream, reply: h11.InformationalResponse) -> None:
        """Pass bytes both ways after 101 Switching Protocols (hot-reload and application WebSockets)."""
        self._send(reply)
        await self._writer.drain()
        early, _ = self._http.trailing_data
        behind.writer.write(early)
        late, _ = behind.http.trailing_data
        self._writer.write(late)
        await asyncio.gather(_pump(self._reader, behind.writer), _pump(behind.reader, self._writer))

    # -------------------------------------------------------------- bytes

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            self._http.receive_data(await self._reader.read(_CHUNK))

    async def _body(self) -> AsyncIterator[bytes]:
        while self._http.their_state is h11.SEND_BODY:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    async def _drain_request(self) -> None:
        async for _ in self._body():
            pass


class _Upstream:
    """One connection to a site's server, spoken to as if the browser had its own address for it."""

    def __init__(self, upstream: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._upstream = upstream
        self.reader = reader
        self.writer = writer
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_CHUNK)

    @classmethod
    async def connect(cls, upstream: Server) -> _Upstream:
        return cls(upstream, *await upstream.connect())

    def reusable(self, upstream: Server) -> bool:
        if self._upstream != upstream or self.reader.at_eof():
            return False
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()
        return self.http.our_state is h11.IDLE

    async def ask(self, request: h11.Request, path: str, body: AsyncIterator[bytes]) -> None:
        headers = [(name, self._inward(name, value)) for name, value in request.headers if name not in _HOP_BY_HOP]
        self._send(h11.Request(method=request.method, target=path, headers=headers))
        async for data in body:
            self._send(h11.Data(data=data))
            await self.writer.drain()
        self._send(h11.EndOfMessage())
        await self.writer.drain()

    async def reply(self) -> h11.Response | h11.InformationalResponse:
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Response):
                return event
            if isinstance(event, h11.InformationalResponse) and event.status_code == 101:
                return event
            if isinstance(event, h11.ConnectionClosed):
                raise EOFError

    def headers_back(self, reply: h11.Response) -> list[tuple[bytes, bytes]]:
        return [(name, self._outward(name, value)) for name, value in reply.headers if name not in _HOP_BY_HOP]

    async def body(self) -> AsyncIterator[bytes]:
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return

    def close(self) -> None:
        self.writer.close()

    def _inward(self, name: bytes, value: bytes) -> bytes:
        # Dev servers check Host and Origin against their own address (Vite answers 403 otherwise).
        if name == b"host":
            return self._upstream.authority.encode()
        if name in {b"origin", b"referer"}:
            return value.replace(SITE_ORIGIN.encode(), self._upstream.origins[0].encode(), 1)
        return value

    def _outward(self, name: bytes, value: bytes) -> bytes:
        if name == b"location":
            for origin in self._upstream.origins:
                value = value.replace(origin.encode(), SITE_ORIGIN.encode(), 1)
        return value

    def _send(self, event: h11.Event) -> None:
        data = self.http.send(event)
        if data:
            self.writer.write(data)

    async def _next_event(self) -> h11.Event:
        while True:
            event = self.http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            self.http.receive_data(await self.reader.read(_CHUNK))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
