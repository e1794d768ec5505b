"""A report that takes connections from the pool and is slow to give them back."""

from __future__ import annotations

from contextlib import ExitStack

from shop.faults.switch import Job
from shop.pool import Pool, PoolTimeout

HOLD_SECONDS = 1.2
GAP_SECONDS = 0.1


class LeakyReport(Job):
    """Checks out every connection of a pool and sits on them; the database has nothing to do."""

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._pool = pool

    def work(self) -> None:
        """Take all connections, keep them, and let the requests have them for a moment."""
        with ExitStack() as held:
            try:
                for _ in range(self._pool.size):
                    held.enter_context(self._pool.connection())
            except PoolTimeout:
                return
            self.pause(HOLD_SECONDS)
        self.pause(GAP_SECONDS)
