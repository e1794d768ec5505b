"""The discoverer: the machine, its disks, its containers and the services that listen on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from opentelemetry.metrics import CallbackOptions, Observation

from causely_core.model import TopologyDelta
from causely_core.rhythm import beat
from causely_core.traffic import LiveTopology
from causely_plugin_host.inventory import Inventory

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_plugin_host.sight import Seen, Sight


class HostDiscoverer:
    """Looks every few seconds at what there is.

    Attributes:
        name: ``host``.
        sight: looks at the machine.
    """

    name = "host"

    def __init__(self, context: HookContext, sight: Sight) -> None:
        self._context, self.sight = context, sight
        self._inventory = Inventory(sight.machine)
        self._topology = LiveTopology(context.config.max_entities, context.config.entity_ttl)
        context.meter.create_observable_gauge(
            "causely.host.entities.refused", [self._refused], "1", "entities beyond the limit"
        )

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """Give the topology as it is, then what changes."""
        try:
            await self._look()
            self._topology.flush(self._context.clock.now())
            yield self._topology.snapshot()
            while True:
                await beat(self._context.config.discovery_interval)
                await self._look()
                if delta := self._topology.flush(self._context.clock.now()):
                    yield delta
        finally:
            await self.sight.aclose()

    async def _look(self) -> None:
        seen = await self.sight.look()
        await asyncio.to_thread(self._take, seen, self._context.clock.now())

    def _take(self, seen: Seen, now: float) -> None:
        entities, relations = self._inventory.of(seen, self.sight.told.disks)
        for entity in entities:
            self._topology.add(entity, now)
        self._topology.relate(relations, now)

    def _refused(self, _: CallbackOptions) -> Iterable[Observation]:
        return [Observation(self._topology.refused)]
