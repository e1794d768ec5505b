"""The plugin that the measured mediator loads: it tells what the Kubernetes and OTLP plugins would."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from attrs import frozen

from capacity.attributes import OF_CONDITIONS, OF_REQUESTS, SECONDS
from capacity.readings import Readings, series_of
from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_core.model import Entity, ObservationBatch, TopologyDelta
from causely_core.rhythm import beat

NAME = "capacity"
_BEAT = SECONDS["requests"]


@frozen
class CapacityConfig:
    """What to tell.

    Attributes:
        told: file that this benchmark has written: the pickled delta of the topology, and the entities whose requests
            are told.
    """

    told: Path = Path()


class CapacityPlugin:
    """What the entry point names; only mediators load it."""

    causely_api = 1

    @hookimpl
    def causely_config(self) -> type:
        """See :class:`CapacityConfig`."""
        return CapacityConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> Sequence[Collector]:
        """Conditions, and requests of the services that are traced."""
        return [Conditions(context), Requests(context)] if context.component == "mediator" else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> Sequence[Discoverer]:
        """Containers, nodes and services."""
        return [Found(context)] if context.component == "mediator" else []


@frozen
class Found:
    """Tells the topology once."""

    context: HookContext
    name: str = "found"

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """One snapshot, after which nothing changes."""
        yield _told(self.context)[0]
        await asyncio.Event().wait()


@frozen
class Conditions:
    """Tells that all is well, a part at each beat, as the Kubernetes plugin does."""

    context: HookContext
    name: str = "conditions"

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Each series once in twenty seconds."""
        series = series_of(_told(self.context)[0].entities, OF_CONDITIONS)
        parts = round(SECONDS["conditions"] / _BEAT)
        readings = [Readings(series[part::parts]) for part in range(parts)]
        while True:
            for each in readings:
                await beat(_BEAT)
                yield each.at(self.context.clock.now())


@frozen
class Requests:
    """Tells of requests at each beat, as the OTLP plugin does; spans are not read."""

    context: HookContext
    name: str = "requests"

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Each series once in two seconds."""
        readings = Readings(series_of(_told(self.context)[1], OF_REQUESTS))
        while readings.series:
            await beat(_BEAT)
            yield readings.at(self.context.clock.now())


def _told(context: HookContext) -> tuple[TopologyDelta, list[Entity]]:
    topology, traced = pickle.loads(context.config.told.read_bytes())
    return topology, traced
