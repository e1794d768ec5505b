"""PostgreSQL through psycopg."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shop.ports import Address

START_SECONDS = 20.0


class PostgresDriver:
    """The shop's one PostgreSQL server, as seen by one service."""

    system = "postgresql"

    def __init__(self, address: Address, service: str) -> None:
        self._address, self._service = address, service

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Open a connection; the server may still be starting, so keep trying for a while."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._connect()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=self._address.host, port=self._address.port, dbname="shop", user="shop", autocommit=True,
            application_name=self._service, options="-c statement_timeout=3000",
        )  # fmt: skip

    def dialect(self, text: str) -> str:
        """Return the statement with psycopg's parameter marks."""
        return text.replace("?", "%s")

    def attributes(self) -> Mapping[str, Any]:
        """Return system, database and address."""
        return {
            "db.system.name": self.system,
            "db.namespace": "shop",
            "server.address": self._address.host,
            "server.port": self._address.port,
        }
