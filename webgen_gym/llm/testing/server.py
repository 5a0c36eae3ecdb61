"""A real HTTP server on the loopback interface that speaks the chat completions API and plays a script.

The script is a list of texts, faults and raw replies, one per request, the last one for ever; or a function of
the request. A request for the model ``fault:NAME`` gets that fault, whatever the script says.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import h11

from webgen_gym.errors import UsageError
from webgen_gym.llm.testing.api import completion, error, event_stream, models
from webgen_gym.llm.testing.faults import Delivery, Fault, HttpReply, reply_of, said
from webgen_gym.llm.testing.seen import SeenRequest

Reply = str | Fault | HttpReply
Script = Sequence[Reply] | Callable[[SeenRequest], Reply | Awaitable[Reply]]

_CHUNK = 64 * 1024
_TRICKLE_S = 0.05
_TRICKLE_BYTES = 1_000_000
# Lingering for 0 s: closing sends RST instead of FIN.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@contextmanager
def fault_server(script: Script = ("An answer.",)) -> Iterator[FaultServer]:
    """Run a server in a thread of its own for the length of a ``with`` block."""
    server = FaultServer(script)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fault-server")
    thread.start()

    def run(work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result()

    try:
        run(server.start())
        yield server
    finally:
        run(server.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class FaultServer:
    """The server itself. ``requests`` are all completions that were asked for, in order of arrival.

    ``most_at_once`` is the largest number of them that were unanswered at one moment.
    """

    def __init__(self, script: Script) -> None:
        if not callable(script) and not script:
            raise UsageError("A fault server needs at least one reply.")
        self._script = script
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_once = 0
        self.most_at_once = 0
        self.requests: list[SeenRequest] = []

    @property
    def url(self) -> str:
        """The base URL for a client, ending in ``/v1``."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 lets the kernel choose."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)

    async def stop(self) -> None:
        """Drop every connection and stop listening. Does nothing if it never started."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._converse(_Connection(reader, writer))
        except (OSError, EOFError, h11.ProtocolError, asyncio.CancelledError):
            pass  # the client went away or spoke no HTTP, or the server is stopping
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _converse(self, connection: _Connection) -> None:
        while (asked := await connection.next_request()) is not None:
            head, body = asked
            if not await connection.send(await self._answer(head, body)):
                return

    async def _answer(self, head: h11.Request, body: bytes) -> HttpReply:
        path = head.target.decode("ascii").partition("?")[0]
        if (head.method, path) == (b"GET", "/v1/models"):
            return said(models("scripted", *(f"fault:{fault}" for fault in Fault)))
        if (head.method, path) != (b"POST", "/v1/chat/completions"):
            return _plain_error(404, f"There is no {path} here.")
        request = _read(head, body)
        if request is None:
            return _plain_error(400, "The body is not a JSON object with messages.")
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return _http(await self._reply(request, len(self.requests) - 1), request)
        finally:
            self._at_once -= 1

    async def _reply(self, request: SeenRequest, number: int) -> Reply:
        if request.model.startswith("fault:"):
            return Fault(request.model.removeprefix("fault:"))
        if not callable(self._script):
            return self._script[min(number, len(self._script) - 1)]
        reply = self._script(request)
        return await reply if inspect.isawaitable(reply) else reply


class _Connection:
    """HTTP/1.1 on one socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def next_request(self) -> tuple[h11.Request, bytes] | None:
        """The next request, its body read; None when the client is done."""
        if self._http.our_state is h11.DONE:
            self._http.start_next_cycle()
        head = await self._event()
        if not isinstance(head, h11.Request):
            return None
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
        return head, bytes(body)

    async def send(self, reply: HttpReply) -> bool:
        """Deliver a reply as it says; False when the connection is spent."""
        length = _TRICKLE_BYTES if reply.delivery is Delivery.TRICKLE else len(reply.body)
        headers = [*reply.headers.items(), ("Content-Length", str(length))]
        self._write(h11.Response(status_code=reply.status, headers=headers))
        if reply.delivery is Delivery.WHOLE:
            self._write(h11.Data(data=reply.body))
            self._write(h11.EndOfMessage())
            await self._writer.drain()
            return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        await self._misdeliver(reply)
        return False

    async def _misdeliver(self, reply: HttpReply) -> None:
        if reply.delivery is Delivery.RESET:
            self._write(h11.Data(data=reply.body[: len(reply.body) // 2]))
            await self._writer.drain()
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            return
        gone = asyncio.ensure_future(self._reader.read())  # ends when the client hangs up
        try:
            while reply.delivery is Delivery.TRICKLE and not gone.done():
                self._write(h11.Data(data=b" "))
                await self._writer.drain()
                await asyncio.wait([gone], timeout=_TRICKLE_S)
            await gone
        finally:
            gone.cancel()

    async def _event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]  # mypy does not narrow by a class
            self._http.receive_data(await self._reader.read(_CHUNK))

    def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")


def _http(reply: Reply, request: SeenRequest) -> HttpReply:
    if isinstance(reply, Fault):
        return reply_of(reply, request)
    if isinstance(reply, str):
        return said(event_stream(request, reply) if request.streams else completion(request, reply))
    return reply


def _read(head: h11.Request, body: bytes) -> SeenRequest | None:
    with contextlib.suppress(ValueError):
        parsed = json.loads(body)
        if isinstance(parsed, dict) and isinstance(parsed.get("messages"), list):
            return SeenRequest(
                {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}, parsed
            )
    return None


def _plain_error(status: int, message: str) -> HttpReply:
    return HttpReply(status, json.dumps(error(message)).encode(), {"Content-Type": "application/json"})
