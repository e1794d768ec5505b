"""Following what a discoverer finds."""

import asyncio
from contextlib import asynccontextmanager

from attrs import evolve

from causely_core.model import Topology


class Following:
    """A topology that a discoverer keeps."""

    def __init__(self):
        self.topology, self.version, self.snapshots = Topology(), 0, 0

    async def take(self, stream):
        async for delta in stream:
            self.version += 1
            self.snapshots += delta.snapshot
            self.topology.apply(evolve(delta, source="k", version=self.version))

    def has(self, *ids):
        return set(ids) <= self.topology.entities.keys()


@asynccontextmanager
async def following(discoverer):
    found, stream = Following(), discoverer.discover()
    task = asyncio.create_task(found.take(stream))
    try:
        await until(lambda: found.snapshots or task.done())
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stream.aclose()


async def until(condition, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def same_as_fresh(found, discoverer):
    """Until what was followed is what a new discoverer finds."""
    async with following(discoverer()) as fresh:
        wanted = fresh.topology
    await until(lambda: (found.topology.entities, found.topology.relations) == (wanted.entities, wanted.relations))


def between(topology, namespace):
    return {relation for relation in topology.relations if namespace in relation.source}
