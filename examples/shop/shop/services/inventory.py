"""Inventory: how much is left (gRPC in front of SQL updates)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop import rpc
from shop.faults.nightly_count import NightlyCount
from shop.goods import GOODS
from shop.runtime import Commands, run, switches
from shop.sql import Database, Statement, open_database

if TYPE_CHECKING:
    from shop.settings import Settings

POOL_SIZE = 8
INITIAL_QUANTITY = 1_000_000
RESERVE = Statement("UPDATE", "stock", "UPDATE stock SET quantity = quantity - 1 WHERE product = ?")


class Inventory:
    """Quantities by product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, product: int) -> dict[str, int]:
        """Take one piece off the shelf."""
        self._database.run(RESERVE, product)
        return {"product": product}


def _fill_shelves(database: Database) -> None:
    rows = ", ".join(f"({product}, {INITIAL_QUANTITY})" for product in range(1, len(GOODS) + 1))
    database.prepare(
        "CREATE TABLE IF NOT EXISTS stock (product INTEGER PRIMARY KEY, quantity INTEGER NOT NULL)",
        f"INSERT INTO stock (product, quantity) VALUES {rows} ON CONFLICT DO NOTHING",
    )


def start(settings: Settings) -> Commands:
    """Fill the table and open the port."""
    database = open_database(settings, POOL_SIZE)
    _fill_shelves(database)
    rpc.serve("shop.Inventory", {"Reserve": Inventory(database).reserve}, settings.port)
    return switches({"lock-contention": NightlyCount(database.driver)})


if __name__ == "__main__":
    run(start)
