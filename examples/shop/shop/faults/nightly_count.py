"""A stock-taking job that holds its locks for far too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.faults.switch import Job

if TYPE_CHECKING:
    from shop.sql import Driver

HOLD_SECONDS = 1.2
GAP_SECONDS = 0.1


class NightlyCount(Job):
    """Locks every row of stock in one transaction, again and again, on a connection of its own."""

    def __init__(self, driver: Driver) -> None:
        super().__init__()
        self._connection = driver.connect()

    def work(self) -> None:
        """Touch all rows, count at leisure while they are locked, commit, and take a breath."""
        self._connection.execute("BEGIN")
        try:
            self._connection.execute("UPDATE stock SET quantity = quantity + 0")
            self.pause(HOLD_SECONDS)
        finally:
            self._connection.execute("COMMIT")
        self.pause(GAP_SECONDS)
