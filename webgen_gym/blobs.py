"""Screenshots and long texts, stored once by their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from webgen_gym.errors import BadRun, StorageFailed


class Blobs:
    """A folder of files that are named by the sha256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store ``content``; returns its name. '' for empty content, which needs no file.

        Raises:
            StorageFailed: the disk is full or refuses the write; nothing half-written remains.
        """
        if not content:
            return ""
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if path.exists():
            return name
        try:
            write_whole(path, content)
        except OSError as error:
            raise StorageFailed(f"The file {path} could not be written: {error.strerror or error}.") from error
        return name

    def get(self, name: str) -> bytes:
        """What is stored under ``name``; b'' for ''.

        Raises:
            BadRun: it is missing, or no longer what its name says.
        """
        if not name:
            return b""
        path = self.path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadRun(f"The blob {path} cannot be read: {error.strerror or error}.") from error
        if hashlib.sha256(content).hexdigest() != name:
            raise BadRun(f"The blob {path} is damaged: its content does not match its name.")
        return content

    def path(self, name: str) -> Path:
        """Where ``name`` lies, whether it exists or not."""
        return self._folder / name[:2] / name


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all; its folder is made where it is missing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp lets nobody else read; a run folder is meant to be shared.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
