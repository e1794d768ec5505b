"""The spool: updates that the next hop has not acknowledged yet, kept on disk.

SQLite in WAL mode with ``synchronous=NORMAL``: an append is one committed transaction handed to the kernel
before it returns, so a killed process loses nothing. There is an fsync at each WAL checkpoint only; after a
power failure the newest appends may be missing, which the sender notices because the receiver then knows
higher numbers than the spool, and answers with a new epoch and a snapshot.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any, NamedTuple

from attrs import define, field

from causely_core.wire.errors import WireError

DEFAULT_MAX_BYTES = 64 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (sequence INTEGER PRIMARY KEY AUTOINCREMENT, payload BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS state (epoch TEXT NOT NULL, overflowed INTEGER NOT NULL);
"""


class Spooled(NamedTuple):
    """A payload under its number."""

    sequence: int
    payload: bytes


@define(eq=False)
class Spool:
    """A durable, bounded FIFO of serialized updates; thread-safe, and fast enough to be called inline.

    Attributes:
        path: the SQLite file; a file that is no spool is set aside as ``<name>.corrupt`` and begun anew.
        max_bytes: payload bytes kept; an append beyond drops all that is older and marks ``overflowed``.
    """

    path: Path
    max_bytes: int = DEFAULT_MAX_BYTES
    _bytes: int = field(default=0, init=False)
    _epoch: str = field(default="", init=False)
    _overflowed: bool = field(default=False, init=False)
    _last: int = field(default=0, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _db: sqlite3.Connection = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Open or create the file.

        Raises:
            WireError: the folder cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise WireError(f"spool: {self.path}: {error}, expected a writable path") from error
        except sqlite3.DatabaseError:
            self._set_aside()
            self._db = self._open()

    @property
    def epoch(self) -> str:
        """Random, new whenever the numbers begin anew."""
        return self._epoch

    @property
    def overflowed(self) -> bool:
        """Whether updates were dropped since the last :meth:`replace`."""
        return self._overflowed

    @property
    def size(self) -> int:
        """Payload bytes held."""
        return self._bytes

    @property
    def last(self) -> int:
        """The highest number given in this epoch; 0 before the first append."""
        return self._last

    @property
    def first(self) -> int:
        """The lowest number held; ``last + 1`` when empty."""
        with self._lock:
            row = self._db.execute("SELECT min(sequence) FROM updates").fetchone()
        return int(row[0]) if row[0] is not None else self._last + 1

    def append(self, payload: bytes) -> int:
        """Keep ``payload`` and return its number; it survives a kill from the moment this returns."""
        with self._lock:
            if self._bytes and self._bytes + len(payload) > self.max_bytes:
                return self._restart(payload, overflowed=True)
            return self._insert(payload)

    def replace(self, payload: bytes) -> int:
        """Drop everything, keep ``payload`` (a snapshot) instead, and clear ``overflowed``; atomic."""
        with self._lock:
            return self._restart(payload, overflowed=False)

    def read_from(self, sequence: int, limit: int) -> list[Spooled]:
        """Up to ``limit`` payloads numbered ``sequence`` or higher, in order."""
        query = "SELECT sequence, payload FROM updates WHERE sequence >= ? ORDER BY sequence LIMIT ?"
        with self._lock:
            return [Spooled(*row) for row in self._db.execute(query, (sequence, limit))]

    def ack(self, sequence: int) -> int:
        """Forget everything numbered ``sequence`` or lower; returns how many payloads that were."""
        with self._lock:
            rows = self._db.execute(
                "DELETE FROM updates WHERE sequence <= ? RETURNING length(payload)", (sequence,)
            ).fetchall()
            self._bytes -= sum(row[0] for row in rows)
            return len(rows)

    def renew(self) -> None:
        """Drop everything and begin a new epoch at 1, ``overflowed`` so that a snapshot comes first."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM updates")
            self._db.execute("DELETE FROM sqlite_sequence")
            self._begin(overflowed=True)

    def close(self) -> None:
        """Close the file; what it holds stays."""
        with self._lock:
            self._db.close()

    def _insert(self, payload: bytes) -> int:
        sequence = self._inserted(payload)
        self._bytes += len(payload)
        self._last = sequence
        return sequence

    def _restart(self, payload: bytes, *, overflowed: bool) -> int:
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM updates")
            self._db.execute("UPDATE state SET overflowed = ?", (overflowed,))
            sequence = self._inserted(payload)
        # Not before: on a full disk nothing has changed.
        self._overflowed, self._bytes, self._last = overflowed, len(payload), sequence
        return sequence

    def _inserted(self, payload: bytes) -> int:
        cursor = self._db.execute("INSERT INTO updates (payload) VALUES (?)", (payload,))
        return int(cursor.lastrowid or 0)

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=5.0)
        try:
            self._load(db)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _load(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_SCHEMA)
        state = db.execute("SELECT epoch, overflowed FROM state").fetchone()
        if state is None:
            self._begin(overflowed=False)
            return
        self._epoch, self._overflowed = str(state[0]), bool(state[1])
        self._bytes = _number(db, "SELECT total(length(payload)) FROM updates")
        self._last = _number(db, "SELECT total(seq) FROM sqlite_sequence WHERE name = 'updates'")

    def _begin(self, *, overflowed: bool) -> None:
        epoch = secrets.token_hex(8)
        self._db.execute("DELETE FROM state")
        self._db.execute("INSERT INTO state VALUES (?, ?)", (epoch, overflowed))
        self._epoch, self._overflowed, self._bytes, self._last = epoch, overflowed, 0, 0

    def _set_aside(self) -> None:
        self.path.replace(self.path.with_name(f"{self.path.name}.corrupt"))
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def _number(db: sqlite3.Connection, query: str) -> int:
    row: tuple[Any, ...] = db.execute(query).fetchone()
    return int(row[0])
