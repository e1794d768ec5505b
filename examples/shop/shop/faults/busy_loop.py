"""Pure Python work that never ends and never lets go of the interpreter for long."""

from __future__ import annotations

from shop.faults.switch import Job


class BusyLoop(Job):
    """Threads that compute for nothing: together one core, as the interpreter's lock allows no more."""

    threads = 4

    def work(self) -> None:
        """Compute for a few milliseconds."""
        total = 0
        for number in range(50_000):
            total += number * number
