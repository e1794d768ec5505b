"""The collector of what the kernel's diagnostics of sockets tell of services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from causely_core.model import ObservationBatch, Series
from causely_core.rhythm import beat
from causely_plugin_host.connections import Connections

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation

    from causely_core.hookspecs import HookContext
    from causely_plugin_host.sight import Seen, Sight


_FEWER = 8
"""Of the sockets that are looked at, one of so many is while memory is short: one takes 1.5 KB for a moment."""


class ConnectionCollector:
    """Looks every few seconds at all TCP sockets.

    Attributes:
        name: ``connections``.
        sight: looks at the machine.
        shortened: looks that were cut short for want of memory.
    """

    name = "connections"

    def __init__(self, context: HookContext, sight: Sight) -> None:
        self._context, self.sight = context, sight
        self._connections = Connections(sight.machine.root, sight.machine.node.id, context.config.max_sockets)
        self.shortened = 0
        context.meter.create_observable_counter("causely.host.sockets.shortened", [self._told])

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give the values of every interval; what is told by how counters grow, from the second one on."""
        while True:
            seen = await self.sight.look()
            yield await asyncio.to_thread(self.read, seen, self._context.clock.now())
            await beat(self._context.config.connections_interval)

    def read(self, seen: Seen, now: float) -> ObservationBatch:
        """The values at ``now``, in seconds since the epoch, of what was seen just now."""
        most = self._context.config.max_sockets
        if self._context.memory_pressure():
            most = max(most // _FEWER, 1)
            self.shortened += 1
        before, self._connections.most = self._connections.problem, most
        found = self._connections.values(seen, now, self._context.config.connections_interval)
        rows = [(Series(id, attribute), value) for id, (attribute, value) in found if value is not None]
        if self._connections.problem not in ("", before):
            self._context.logger.warning("some TCP sockets are not seen", error=self._connections.problem)
        return ObservationBatch.at(now, rows)

    def _told(self, _: CallbackOptions) -> list[Observation]:
        from opentelemetry.metrics import Observation

        return [Observation(self.shortened)]
