"""Locks: which share of their time threads wait for them."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray


@define(eq=False)
class Locks:
    """Follows how long each thread has waited, waits that have not ended included."""

    _at: int = field(default=0, init=False)
    _waited: dict[tuple[int, int], int] = field(factory=dict, init=False)

    def shares(self, waiters: NDArray[np.void], now: int) -> dict[int, float]:
        """What processes have spent waiting for locks since the last time; nothing the first time.

        The share (0..1) is that of the time of those threads which have waited at all: of a hundred threads that have
        nothing to do, and two that take turns, it is what the two lose. Of a process whose threads have waited before
        it is 0 when they do not any more.

        Args:
            waiters: rows of the kernel's table, by ``WAITER``.
            now: nanoseconds of the monotonic clock when they were read.
        """
        since = waiters["since"].astype(np.int64)
        waited = waiters["waited"].astype(np.int64) + np.where(since > 0, np.maximum(now - since, 0), 0)
        threads = list(zip(waiters["tgid"].tolist(), waiters["tid"].tolist(), strict=True))
        before, passed = self._waited, now - self._at if self._at else 0
        self._waited, self._at = dict(zip(threads, waited.tolist(), strict=True)), now
        if passed <= 0:
            return {}
        shares: dict[int, list[float]] = {}
        for thread, total in self._waited.items():
            growth = min((total - before.get(thread, 0)) / passed, 1.0)
            shares.setdefault(thread[0], []).extend([growth] if growth > 0 else [])
        return {process: sum(each) / len(each) if each else 0.0 for process, each in shares.items()}
