"""The guard: keeps the process below a limit of memory by telling who holds much to shed, or ends it in good order."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define, field
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from structlog.typing import FilteringBoundLogger

from causely_core.errors import CauselyError
from causely_core.hookspecs import MemoryPressure
from causely_core.services.agent.allocator import return_unused

HOLDS, SHEDS, EASED = 0.8, 0.9, 0.75
"""Shares of the limit from which on nothing shall grow, and something be shed; and below which all is well again."""

GROWTH = 0.01
"""Share of the limit by which memory has to have grown since something was shed for more to be.

What is freed is seldom given back: Python's allocator needs a whole MiB without anything in use for that. But it is
used first, so that memory does not grow any more if enough was shed. To shed on until it shrinks would be to shed all.
"""

TURN = 3.0
"""Seconds for which those who hold much are told to shed; they look every second or two."""

GRACE = 10.0
"""Seconds above the limit after which the process ends: shedding has had several turns by then."""

_INTERVAL, _AT_EASE = 0.5, 2.0
"""Seconds from one look to the next; and while memory is below :data:`FAR` of the limit, where waking would cost more
than all that is looked at."""

FAR = 0.6
"""Share of the limit that is far from it: 50 MiB, of the default one, to where nothing shall grow."""

_COLLECTIONS = 5.0
"""Seconds from one collection of garbage to the next, while shedding: each stops everything for 0.1 s or so."""

_MIB = 1 << 20
_STATM = Path("/proc/self/statm")


class MemoryExceededError(CauselyError):
    """The process takes more memory than it may, whatever was shed."""

    exit_code = os.EX_TEMPFAIL


def resident_memory() -> int:
    """Bytes of this process that are in memory, as the kernel counts them (VmRSS)."""
    return int(_STATM.read_text().split()[1]) * resource.getpagesize()


@define
class MemoryGuard:
    """Reads what the process takes, and says whether that is too much.

    Attributes:
        limit: bytes of resident memory.
        resident: tells what the process takes now.
        taken: what it took at the last look.
        collections: how many times garbage was collected for want of memory.
    """

    limit: int
    logger: FilteringBoundLogger
    resident: Callable[[], int] = resident_memory
    taken: int = field(default=0, init=False)
    collections: int = field(default=0, init=False)
    _pressure: MemoryPressure = field(default=MemoryPressure.NONE, init=False)
    _shed_at: float = field(default=0.0, init=False)
    _shed_until: float = field(default=0.0, init=False)
    _collected: float = field(default=0.0, init=False)
    _above_since: float | None = field(default=None, init=False)

    def pressure(self) -> MemoryPressure:
        """How short of memory the process was at the last look."""
        return self._pressure

    async def watch(self) -> None:
        """Look for ever.

        Raises:
            MemoryExceededError: nothing helps.
        """
        while True:
            self.look(time.monotonic())
            await asyncio.sleep(_INTERVAL if self.taken > FAR * self.limit else _AT_EASE)

    def look(self, now: float) -> None:
        """Read, and judge; under pressure, give back what is not used. ``now`` in seconds of any clock.

        Raises:
            MemoryExceededError: it has been above the limit for :data:`GRACE`.
        """
        self.taken = self.resident()
        before, self._pressure = self._pressure, self._judged(now)
        if self._pressure:
            self._reclaim(now, begins=self._pressure > before)
        if self._pressure is not before:
            self.logger.warning("memory pressure", now=self._pressure.name, resident=self.taken, limit=self.limit)
        if self.taken <= self.limit:
            self._above_since = None
        elif self._above_since is None:
            self._above_since = now
        elif now - self._above_since >= GRACE:
            raise MemoryExceededError(
                f"resident memory of {self.taken / _MIB:.0f} MiB has been above agent.memory_limit, "
                f"{self.limit / _MIB:.0f} MiB, for {GRACE:g} s, though all was shed that could be; the process ends"
            )

    def instrument(self, meter: Meter) -> None:
        """Show in ``meter`` what is taken, what may be, and what was done about it."""
        gauges: dict[str, tuple[str, Callable[[], int]]] = {
            "usage": ("By", lambda: self.taken),
            "limit": ("By", lambda: self.limit),
            "pressure": ("1", lambda: int(self._pressure)),
        }
        for name, (unit, read) in gauges.items():
            meter.create_observable_gauge(f"causely.memory.{name}", [_callback(read)], unit)
        meter.create_observable_counter("causely.memory.collections", [_callback(lambda: self.collections)])

    def _judged(self, now: float) -> MemoryPressure:
        share = self.taken / self.limit
        if share < (EASED if self._pressure else HOLDS):
            self._shed_at = self._shed_until = 0.0
            return MemoryPressure.NONE
        if share >= 1.0 or (share >= SHEDS and share >= self._shed_at + GROWTH):
            self._shed_at, self._shed_until = share, now + TURN
        return MemoryPressure.SHED if now < self._shed_until else MemoryPressure.HOLD

    def _reclaim(self, now: float, begins: bool) -> None:
        """Collect garbage when pressure ``begins`` or rises, and now and then while it is high."""
        if begins or (self._pressure is MemoryPressure.SHED and now - self._collected >= _COLLECTIONS):
            self._collected = now
            self.collections += 1
            gc.collect()
        return_unused()


def _callback(read: Callable[[], int]) -> Callable[[CallbackOptions], list[Observation]]:
    return lambda _: [Observation(read())]
