"""The files of a site on disk, where its processes can reach them.

The authority is the mapping in memory. What lies on disk may have been tampered with by the site:
no link is ever followed, and nothing outside the folder is touched.
"""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

from webgen_gym.sandbox.folders import remove, storage
from webgen_gym.types import Files

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class Checkout:
    """A mirror at ``folder``; ``staging`` is a folder beside it that the site's processes never see."""

    def __init__(self, folder: Path, staging: Path) -> None:
        self.folder = folder
        self._staging = staging

    def rebuild(self, files: Files) -> None:
        """Make the folder anew with exactly these files. Raises StorageFailed. Nothing may run in it."""
        with storage("the site's folder"):
            remove(self.folder)
            remove(self._staging)
            self.folder.mkdir(parents=True)
            self._staging.mkdir(parents=True)
        self.sync({}, files)

    def sync(self, old: Files, new: Files) -> None:
        """Write what differs between two states.

        Raises StorageFailed, and any other OSError where the site stands in the way, which
        ``rebuild`` mends.

        A file appears whole or not at all: it is written elsewhere and moved, so that a dev server
        never reads half of it.
        """
        with storage("the site's folder"), _opened(self.folder) as root, _opened(self._staging) as staging:
            for path in old.keys() - new.keys():
                _delete(root, path)
            for path, content in new.items():
                if old.get(path) != content:
                    _write(root, staging, path, content)

    def ensure_folder(self, path: str) -> Path:
        """Make sure that a real folder, and no link, is at this path."""
        with storage("the site's folder"), _opened(self.folder) as root:
            os.close(_descend(root, path.split("/"), make=True))
        return self.folder / path

    def discard(self) -> None:
        """Remove everything. Nothing may run in it."""
        remove(self.folder)
        remove(self._staging)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, _FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _descend(root: int, parts: list[str], *, make: bool) -> int:
    """Open a folder below ``root`` part by part; the caller closes it.

    With ``make`` a part that is missing is made, and one that is no folder is replaced. Without it
    FileNotFoundError or NotADirectoryError is raised.
    """
    current = os.dup(root)
    try:
        for part in parts:
            if make:
                _make_folder(current, part)
            below = os.open(part, _FOLDER, dir_fd=current)
            os.close(current)
            current = below
    except BaseException:
        os.close(current)
        raise
    return current


def _make_folder(parent: int, name: str) -> None:
    try:
        if stat.S_ISDIR(os.lstat(name, dir_fd=parent).st_mode):
            return
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        pass
    os.mkdir(name, 0o755, dir_fd=parent)


def _write(root: int, staging: int, path: str, content: bytes) -> None:
    *folders, name = path.split("/")
    temporary = uuid.uuid4().hex
    file = os.open(temporary, _NEW_FILE, 0o644, dir_fd=staging)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
    parent = _descend(root, folders, make=True)
    try:
        _clear_folder(parent, name, staging)
        os.rename(temporary, name, src_dir_fd=staging, dst_dir_fd=parent)
    finally:
        os.close(parent)


def _clear_folder(parent: int, name: str, staging: int) -> None:
    """A folder cannot be replaced by a file: move it out of the way, wherever it came from."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(os.lstat(name, dir_fd=parent).st_mode):
            os.rename(name, uuid.uuid4().hex, src_dir_fd=parent, dst_dir_fd=staging)


def _delete(root: int, path: str) -> None:
    """Remove a file, and the folders that it leaves empty. Where the site put something else, that stays."""
    *folders, name = path.split("/")
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        parent = _descend(root, folders, make=False)
        try:
            os.unlink(name, dir_fd=parent)
        finally:
            os.close(parent)
    if folders:
        _delete_if_empty(root, folders)


def _delete_if_empty(root: int, folders: list[str]) -> None:
    *above, name = folders
    with contextlib.suppress(OSError):
        parent = _descend(root, above, make=False)
        try:
            os.rmdir(name, dir_fd=parent)
        finally:
            os.close(parent)
        if above:
            _delete_if_empty(root, above)
