"""SQL with a CLIENT span for each statement, over a driver and a private pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from opentelemetry.trace import SpanKind

from shop.pool import Pool
from shop.telemetry import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shop.settings import Settings

Row = tuple[Any, ...]


class Driver(Protocol):
    """One kind of database. Statements mark parameters with `?`, and every connection auto-commits."""

    system: str

    def connect(self) -> Any:
        """Open a connection."""

    def dialect(self, text: str) -> str:
        """Return the statement as the database wants it."""

    def attributes(self) -> Mapping[str, Any]:
        """Return what a span says about the database."""


@dataclass(frozen=True)
class Statement:
    """A statement with its verb and table, as in `Statement("SELECT", "products", "SELECT ...")`."""

    operation: str
    table: str
    text: str


class Database:
    """A service's own pool on its database."""

    def __init__(self, name: str, driver: Driver, size: int) -> None:
        self.driver = driver
        self.pool = Pool(name, driver.connect, size)

    def run(self, statement: Statement, *parameters: Any) -> list[Row]:
        """Execute and return the rows; the span covers the execution and not the wait for the pool."""
        with self.pool.connection() as connection, self._span(statement):
            cursor = connection.execute(self.driver.dialect(statement.text), parameters)
            return cursor.fetchall() if cursor.description else []

    def prepare(self, *statements: str) -> None:
        """Execute statements that set the tables up, without spans."""
        with self.pool.connection() as connection:
            for text in statements:
                connection.execute(self.driver.dialect(text))

    def _span(self, statement: Statement) -> Any:
        return span(
            f"{statement.operation} {statement.table}",
            SpanKind.CLIENT,
            {
                **self.driver.attributes(),
                "db.operation.name": statement.operation,
                "db.collection.name": statement.table,
                "db.query.text": self.driver.dialect(statement.text),
            },
        )


def driver_for(settings: Settings) -> Driver:
    """Return the driver of the database that the supervisor chose."""
    if settings.database == "postgresql":
        # Not at the top: psycopg need not be installed, and takes long to import.
        from shop.postgres_driver import PostgresDriver

        return PostgresDriver(settings.address("postgres"), settings.name)
    from shop.sqlite_driver import SqliteDriver

    return SqliteDriver(settings.data_dir, settings.name)


def open_database(settings: Settings, size: int) -> Database:
    """Return the service's database with a pool of `size` connections."""
    return Database(settings.name, driver_for(settings), size)
