"""Where the gateway gets a site's bytes from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from webgen_gym.errors import UsageError
from webgen_gym.types import Files

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class StaticUpstream:
    """The files of the workspace themselves; ``root`` is the folder that holds index.html, '' for the top."""

    files: Files
    root: str = ""


@dataclass(frozen=True, slots=True)
class SocketUpstream:
    """A dev server behind a unix socket. ``port`` is the one it listens on inside, needed for its Host header."""

    path: Path
    port: int

    @property
    def authority(self) -> str:
        """The host and port that it takes itself for."""
        return f"localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """How it may name itself in a redirect."""
        return f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"

    async def connect(self) -> Streams:
        """Open a connection. Raises OSError."""
        return await asyncio.open_unix_connection(str(self.path))


@dataclass(frozen=True, slots=True)
class AddressUpstream:
    """A server that somebody else runs, at an address like ``https://example.com`` or ``http://localhost:3000``."""

    host: str
    port: int
    tls: bool = False

    @classmethod
    def of(cls, url: str) -> AddressUpstream:
        """The server of a URL.

        Raises:
            UsageError: it is no http or https URL.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise UsageError(f"'{url}' is not the address of a website; it must begin with http:// or https://.")
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError as error:
            raise UsageError(f"'{url}' is not the address of a website: {error}.") from error
        return cls(parts.hostname, port, parts.scheme == "https")

    @property
    def authority(self) -> str:
        """Host and port, the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self._scheme] else f"{host}:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """How it names itself in a redirect."""
        return (f"{self._scheme}://{self.authority}",)

    async def connect(self) -> Streams:
        """Open a connection. Raises OSError, of which TLS errors are a kind."""
        return await asyncio.open_connection(self.host, self.port, ssl=self.tls or None)

    @property
    def _scheme(self) -> str:
        return "https" if self.tls else "http"


Server = SocketUpstream | AddressUpstream
Upstream = StaticUpstream | Server
