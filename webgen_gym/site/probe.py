"""Asks a dev server through its unix socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from webgen_gym.site.upstream import SocketUpstream

_READ = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``status`` is 0 where it was no HTTP; ``body`` as it was sent, perhaps chunked."""

    status: int
    body: bytes = b""


async def ask(upstream: SocketUpstream, target: str, *, timeout_s: float, max_bytes: int = _READ) -> Answer | None:
    """``GET target``; None where nobody answers: no server, or one that closes without a word.

    Raises TimeoutError where a connection was made and no complete answer came in time.
    """
    async with asyncio.timeout(timeout_s):
        try:
            reader, writer = await asyncio.open_unix_connection(str(upstream.path))
        except OSError:
            return None
        try:
            return await _exchange(reader, writer, upstream.port, target, max_bytes)
        except OSError:
            return None
        finally:
            writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, target: str, max_bytes: int
) -> Answer | None:
    head = f"GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    data = b""
    while len(data) < max_bytes and (chunk := await reader.read(_READ)):
        data += chunk
    if not data:
        return None
    return _parse(data)


def _parse(data: bytes) -> Answer:
    head, _, body = data.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        return Answer(0)
    return Answer(int(words[1]), body)
