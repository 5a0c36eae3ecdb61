"""Removing and copying folders that a site's processes have written to, without following their links."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

from webgen_gym.errors import StorageFailed

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


@contextlib.contextmanager
def storage(what: str) -> Iterator[None]:
    """Turns a disk that is full, read-only or failing into StorageFailed; ``what`` was being written."""
    try:
        yield
    except OSError as error:
        if error.errno in _STORAGE:
            raise StorageFailed(f"{what} could not be written: {error.strerror}") from error
        raise


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; nothing happens where there is none.

    Depth and permissions inside do not matter. Nothing may still be running in it.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        _remove_folder(path)
    else:
        path.unlink(missing_ok=True)


def _remove_folder(path: Path) -> None:
    # Folders are moved up before they are emptied: a site can nest thousands, which neither the
    # stack of a recursive removal nor the table of open files would take.
    path.chmod(0o700)
    root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        waiting = _empty(root, root)
        while waiting:
            name = waiting.pop()
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
            try:
                waiting += _empty(folder, root)
            finally:
                os.close(folder)
            os.rmdir(name, dir_fd=root)
    finally:
        os.close(root)
    path.rmdir()


def _empty(folder: int, root: int) -> list[str]:
    moved = []
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.name, 0o700, dir_fd=folder)
            name = uuid.uuid4().hex
            os.rename(entry.name, name, src_dir_fd=folder, dst_dir_fd=root)
            moved.append(name)
        else:
            os.unlink(entry.name, dir_fd=folder)
    return moved


def link_copy(source: Path, target: Path) -> None:
    """Copy a folder by hard links where the file system allows it, by content elsewhere."""
    shutil.copytree(source, target, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)
