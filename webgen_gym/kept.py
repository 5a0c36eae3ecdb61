"""Values that are kept by key, in one SQLite file that any number of processes may use at once.

When they grow beyond a bound, what was used least recently goes.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webgen_gym.errors import StorageFailed, UsageError

_BUSY_S = 30.0
_AGAIN_S = 0.01
# Of an error code of SQLite, the part that says what kind it is.
_PRIMARY = 0xFF
# Room is made a little at a time, so that not every new value has to make some.
_KEPT_SHARE = 0.9

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS kept (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_use ON kept (used);
CREATE TABLE IF NOT EXISTS total (bytes INTEGER NOT NULL);
INSERT INTO total SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM total);
CREATE TRIGGER IF NOT EXISTS added AFTER INSERT ON kept BEGIN UPDATE total SET bytes = bytes + NEW.bytes; END;
CREATE TRIGGER IF NOT EXISTS removed AFTER DELETE ON kept BEGIN UPDATE total SET bytes = bytes - OLD.bytes; END;
"""
_NEXT_USE = "(SELECT COALESCE(MAX(used), 0) + 1 FROM kept)"
_OLDEST = """
DELETE FROM kept WHERE key IN (
    SELECT key FROM (SELECT key, SUM(bytes) OVER (ORDER BY used DESC, key) AS upto FROM kept) WHERE upto > ?)
"""


class Kept:
    """``file`` is made where it is missing; ``what`` names it in messages. It may cross a fork and serve many threads.

    ``max_bytes`` bounds the values together; the file is somewhat larger.

    Raises:
        UsageError: the bound is below 1.
        StorageFailed: the file cannot be made, read or written, or is no such store; from every method.
    """

    def __init__(self, file: Path, max_bytes: int, what: str) -> None:
        if max_bytes < 1:
            raise UsageError(f"The bound of the {what} is {max_bytes} bytes; it must be 1 or more.")
        self.file = file
        self._max_bytes = max_bytes
        self._what = what
        self._lock = threading.Lock()
        self._pid = 0
        self._connection: sqlite3.Connection | None = None
        with self._open():
            pass

    def get(self, key: str) -> bytes | None:
        """The value under a key; None where there is none."""
        with self._open() as store:
            row = store.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            store.execute(f"UPDATE kept SET used = {_NEXT_USE} WHERE key = ?", (key,))
        return bytes(row[0])

    def put(self, key: str, value: bytes) -> bytes:
        """Keep a value; returns the one that is kept, which is the first of several processes' at once."""
        with self._open() as store:
            store.execute(f"INSERT OR IGNORE INTO kept VALUES (?, ?, ?, {_NEXT_USE})", (key, value, len(value)))
            (kept,) = store.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
            (total,) = store.execute("SELECT bytes FROM total").fetchone()
            if total > self._max_bytes:
                store.execute(_OLDEST, (int(_KEPT_SHARE * self._max_bytes),))
        return bytes(kept)

    def forget(self, key: str) -> None:
        """Keep nothing under a key any more."""
        with self._open() as store:
            store.execute("DELETE FROM kept WHERE key = ?", (key,))

    def __len__(self) -> int:
        with self._open() as store:
            (count,) = store.execute("SELECT COUNT(*) FROM kept").fetchone()
        return int(count)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The store for one transaction."""
        with self._lock:
            try:
                store = self._connected()
                with store:
                    store.execute("BEGIN IMMEDIATE")
                    yield store
            except (sqlite3.Error, OSError) as error:
                self._connection = None
                raise StorageFailed(f"The {self._what} {self.file} cannot be used: {error}.") from error

    def _connected(self) -> sqlite3.Connection:
        """The connection of this process: one that was opened before a fork must not be used after it.

        Nor one to a file that has since been removed, which somebody who clears a cache may do at any time.
        """
        if self._connection is None or self._pid != os.getpid() or not self.file.exists():
            self.file.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(self.file, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
            _prepare(store)
            self._connection, self._pid = store, os.getpid()
        return self._connection


def _prepare(store: sqlite3.Connection) -> None:
    """Make what is missing. Where two make a file at once, SQLite turns one of them away instead of having it wait."""
    ends = time.monotonic() + _BUSY_S
    while True:
        try:
            store.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def count(file: Path) -> int:
    """How many values a file keeps; 0 where it is no store of this kind. Changes nothing."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
        try:
            (found,) = store.execute("SELECT COUNT(*) FROM kept").fetchone()
        except sqlite3.Error:
            return 0
    return int(found)
