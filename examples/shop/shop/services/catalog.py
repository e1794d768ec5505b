"""Catalog: what is on sale (gRPC in front of SQL reads)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop import rpc
from shop.errors import NotFound
from shop.faults.hoarder import Hoarder
from shop.faults.slow_sql import SLOW_PRODUCT
from shop.faults.switch import Switch
from shop.goods import GOODS
from shop.runtime import Commands, run, switches
from shop.sql import Database, Row, Statement, open_database

if TYPE_CHECKING:
    from shop.settings import Settings

POOL_SIZE = 4
LIST = Statement("SELECT", "products", "SELECT id, name, price FROM products ORDER BY id LIMIT 20")
GET = Statement("SELECT", "products", "SELECT id, name, price FROM products WHERE id = ?")


class Catalog:
    """Products by list and by id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slow_get = Statement("SELECT", "products", SLOW_PRODUCT[database.driver.system])
        self.slow_sql = Switch()

    def list_products(self) -> list[dict[str, Any]]:
        """Return all products."""
        return [_product(row) for row in self._database.run(LIST)]

    def get_product(self, id: int) -> dict[str, Any]:
        """Return one product; raise NotFound."""
        rows = self._database.run(self._slow_get if self.slow_sql.on else GET, id)
        if not rows:
            raise NotFound(f"no product {id}")
        return _product(rows[0])


def _product(row: Row) -> dict[str, Any]:
    return dict(zip(("id", "name", "price"), row, strict=False))


def _stock_shelves(database: Database) -> None:
    goods = ", ".join(f"({id}, '{name}', {price})" for id, (name, price) in enumerate(GOODS, start=1))
    database.prepare(
        "CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL)",
        f"INSERT INTO products (id, name, price) VALUES {goods} ON CONFLICT DO NOTHING",
    )


def start(settings: Settings) -> Commands:
    """Fill the table and open the port."""
    database = open_database(settings, POOL_SIZE)
    _stock_shelves(database)
    catalog = Catalog(database)
    methods: dict[str, rpc.Method] = {
        "ListProducts": catalog.list_products,
        "GetProduct": catalog.get_product,
    }
    rpc.serve("shop.Catalog", methods, settings.port)
    return switches({"slow-sql": catalog.slow_sql, "memory-leak": Hoarder()})


if __name__ == "__main__":
    run(start)
