"""Orders: what was bought (HTTP in front of SQL, through a small pool)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from shop.faults.leaky_report import LeakyReport
from shop.pool import PoolTimeout
from shop.runtime import Commands, run, switches
from shop.sql import Database, Statement, open_database
from shop.telemetry import log
from shop.web import Request, Web

if TYPE_CHECKING:
    from shop.settings import Settings

POOL_SIZE = 4
INSERT = Statement("INSERT", "orders", "INSERT INTO orders (id, buyer, mail, total, placed_at) VALUES (?, ?, ?, ?, ?)")
LATEST = Statement("SELECT", "orders", "SELECT id, total FROM orders WHERE buyer = ? ORDER BY placed_at DESC LIMIT 5")
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, buyer TEXT NOT NULL, mail TEXT NOT NULL, "
    "total REAL NOT NULL, placed_at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS orders_by_buyer ON orders (buyer, placed_at)",
)


class Orders:
    """Placed orders by buyer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, request: Request) -> dict[str, Any]:
        """Write an order down."""
        order = request.body
        try:
            self._database.run(INSERT, order["id"], order["buyer"], order["mail"], order["total"], time.time())
        except PoolTimeout:
            log.error("order %s of %s could not be written: no free connection", order["id"], order["mail"])
            raise
        return {"id": order["id"]}

    def latest(self, request: Request) -> list[dict[str, Any]]:
        """Return a buyer's latest orders."""
        rows = self._database.run(LATEST, request.params["user"])
        return [{"id": id, "total": total} for id, total in rows]


def start(settings: Settings) -> Commands:
    """Create the table and open the port."""
    database = open_database(settings, POOL_SIZE)
    database.prepare(*SCHEMA)
    orders = Orders(database)
    Web({"POST /orders": orders.place, "GET /orders/{user}": orders.latest}).serve(settings.port)
    return switches({"pool-exhaustion": LeakyReport(database.pool)})


if __name__ == "__main__":
    run(start)
