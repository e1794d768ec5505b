"""Agents that tell and write what real ones would, through the product's own link and store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import define, field

from capacity.attributes import OF_HOSTS, OF_REQUESTS
from capacity.installation import Installation
from capacity.readings import Readings, series_of
from causely_core.model import Entity, Manifestation, Relation, SymptomDelta, TopologyDelta
from causely_core.timeseries.victoria_metrics import VictoriaMetricsStore
from causely_core.wire import Snapshot
from causely_core.wire.dialect import FORWARD
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool


@define(eq=False)
class Agent:
    """One connection to the mediator, and one writer of series."""

    name: str
    topology: TopologyDelta
    readings: Readings
    link: LinkSender
    store: VictoriaMetricsStore
    ill: tuple[Manifestation, ...] = field(default=(), init=False)

    async def tell(self, symptoms: Sequence[Manifestation]) -> None:
        """Show those of the symptoms that are of the agent's own entities."""
        own = {each.id for each in self.topology.entities}
        self.ill = tuple(each for each in symptoms if each.symptom.entity in own)
        await self.link.send(self._active())

    async def write(self, every: float) -> None:
        """One sample of each series every so many seconds, until cancelled."""
        due = asyncio.get_running_loop().time()
        while True:
            await self.store.write(self.readings.at(time.time()))
            due += every
            await asyncio.sleep(due - asyncio.get_running_loop().time())

    def everything(self) -> Snapshot:
        """What the mediator asks for at the first connection."""
        return Snapshot((self.topology,), (self._active(),))

    def _active(self) -> SymptomDelta:
        return SymptomDelta(self.name, self.ill, snapshot=True)


@asynccontextmanager
async def agents(
    installation: Installation, folder: Path, mediator: str, victoria_metrics: str, every: float
) -> AsyncIterator[list[Agent]]:
    """All of them, connected and writing.

    Args:
        installation: is shared among them.
        folder: for their spools.
        mediator: address of its port for agents.
        victoria_metrics: base URL.
        every: seconds from one sample of a series to the next.
    """
    shares = enumerate(installation.shares())
    made = [_agent(f"agent-{n}", folder, mediator, victoria_metrics, *share) for n, share in shares]
    tasks = [asyncio.create_task(work) for each in made for work in (each.link.run(), each.write(every))]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in made:
            await each.store.aclose()
            each.link.spool.close()


def _agent(
    name: str, folder: Path, mediator: str, url: str, entities: tuple[Entity, ...], relations: tuple[Relation, ...]
) -> Agent:
    series = (*series_of(entities, OF_HOSTS), *series_of(entities, OF_REQUESTS))
    link = LinkSender(FORWARD, mediator, name, Spool(folder / f"{name}.spool"), lambda: agent.everything())
    topology = TopologyDelta(name, 1, entities, relations, snapshot=True)
    agent = Agent(name, topology, Readings(series), link, VictoriaMetricsStore(url, name))
    return agent
