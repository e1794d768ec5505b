"""SQLite, with one file for each service, so that one service's locks are not another's."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BUSY_SECONDS = 3.0


class SqliteDriver:
    """A service's own database file in write-ahead mode."""

    system = "sqlite"

    def __init__(self, data_dir: str, service: str) -> None:
        self._path, self._service = Path(data_dir, f"{service}.sqlite"), service

    def connect(self) -> sqlite3.Connection:
        """Open a connection that any thread may use, one at a time."""
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    def dialect(self, text: str) -> str:
        """Return the statement as it is."""
        return text

    def attributes(self) -> Mapping[str, Any]:
        """Return system and database; a file has no address."""
        return {"db.system.name": self.system, "db.namespace": self._service}
