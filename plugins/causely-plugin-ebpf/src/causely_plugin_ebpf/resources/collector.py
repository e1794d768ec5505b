"""The collector of what services wait for and suffer, and the discoverer of where they are busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from threading import Lock
from typing import TYPE_CHECKING

from attrs import evolve

from causely_core.deltas import Deltas
from causely_core.host import Machine
from causely_core.model import HOTTEST, Entity, EntityId, ObservationBatch, TopologyDelta
from causely_core.rhythm import TOGETHER, beat
from causely_core.traffic import LiveTopology
from causely_plugin_ebpf.instruments import observe
from causely_plugin_ebpf.resources.population import Population
from causely_plugin_ebpf.resources.probe import Probe
from causely_plugin_ebpf.resources.reading import Reading

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext


class Resources:
    """Watches the services and disks of a machine.

    Attributes:
        name: ``resources``.
    """

    name = "resources"

    def __init__(self, context: HookContext, machine: Machine) -> None:
        self._context, self._machine = context, machine
        self._reading = Reading(Population(machine, context.config.resource_interval * TOGETHER))
        self._topology = LiveTopology(context.config.max_entities, context.config.entity_ttl)
        self._deltas = Deltas(self._known)
        self._running = False
        self._lock = Lock()
        deaths = self._reading.deaths
        observe(
            context.meter, {"deaths.unknown": ("deaths of processes of no known service", lambda: deaths.unknown)}, {}
        )

    @property
    def running(self) -> bool:
        """Whether all that happens from now on is seen."""
        return self._running

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Watch, and give the values of every interval.

        Raises:
            CannotCompile: bcc, headers or rights are missing.
            KernelError: the kernel refuses.
        """
        context = self._context
        probe = await asyncio.to_thread(Probe.load, context.config, context.data_dir, self._machine.root)
        for text in probe.missing:
            context.logger.warning("not watched", reason=text)
        try:
            await asyncio.to_thread(self._read, probe)
            self._running = True
            while True:
                await beat(context.config.resource_interval)
                yield await asyncio.to_thread(self._read, probe)
                self._tell()
        finally:
            self._running = False
            with self._lock:  # a reading that was cancelled goes on to its end
                probe.close()

    def discover(self) -> AsyncIterator[TopologyDelta]:
        """Give what is known of services, then what changes."""
        return self._deltas.read()

    async def _known(self) -> TopologyDelta:
        return self._topology.snapshot()

    def _read(self, probe: Probe) -> ObservationBatch:
        with self._lock:
            now = self._context.clock.now()
            return ObservationBatch.at(now, self._reading.read(probe, now))

    def _tell(self) -> None:
        now = self._context.clock.now()
        services = self._reading.population.services
        for id, binary in self._reading.profile.hottest().items():
            if id in services:
                self._topology.add(_busy(services[id].entities, id, binary), now)
        if delta := self._topology.flush(now):
            self._deltas.tell(delta)


def _busy(entities: tuple[Entity, ...], id: EntityId, binary: str) -> Entity:
    """The service as it was described, and where it is busy."""
    service = next(entity for entity in entities if entity.id == id)
    return evolve(service, attributes={**service.attributes, HOTTEST: binary})
