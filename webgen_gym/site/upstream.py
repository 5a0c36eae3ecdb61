"""Where the gateway gets a site's bytes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from webgen_gym.types import Files


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


Upstream = StaticUpstream | SocketUpstream
