"""A plugin at work in a test."""

import asyncio

import pytest

from causely_core.hookspecs import hookimpl
from causely_core.model import Entity, ObservationBatch, Relation, Series, TopologyDelta
from causely_core.testing import watching

ORDERS = Entity.of("Database", "acme/orders", "orders")
ADDRESS = Relation("ExternalService:orders.acme.example", "same_as", ORDERS.id)


class Acme:
    causely_api = 1
    name = "databases"
    problem = None

    @hookimpl
    def causely_collectors(self, context):
        self.context = context
        self.asked = context.meter.create_counter("acme_requests")
        return [self]

    @hookimpl
    def causely_discoverers(self, context):
        return [self]

    async def observe(self):
        while True:
            if self.problem:
                raise self.problem
            self.asked.add(1, {"api": "list"})
            yield ObservationBatch.at(self.context.clock.now(), [(Series(ORDERS.id, "cpu_utilization"), 0.5)])
            await asyncio.sleep(0.01)

    async def discover(self):
        self.context.logger.warning("one zone is missing", reason="zone b did not answer")
        yield TopologyDelta("", 0, (ORDERS,), (ADDRESS,), snapshot=True)
        await asyncio.sleep(0.05)
        yield TopologyDelta("", 0, (), (), (), (ADDRESS,))
        await asyncio.Event().wait()


async def test_all_that_a_plugin_tells_is_there(tmp_path):
    async with watching(Acme, {}, tmp_path) as seen:
        await seen.until(lambda: seen.values and seen.relations)
        assert seen.values == {(ORDERS.id, "cpu_utilization"): 0.5}
        assert seen.relations == {(ADDRESS.source, "same_as", ORDERS.id)}
        assert seen.of("Database") == [ORDERS.id]
        assert seen.said == ["zone b did not answer"]
        await seen.until(lambda: seen.metric("acme_requests", api="list") >= 2)
        await seen.until(lambda: not seen.relations)


async def test_what_a_stream_raises_is_raised(tmp_path):
    plugin = Acme()

    async def work():
        async with watching(plugin, {}, tmp_path) as seen:
            await seen.until(lambda: seen.values)
            plugin.problem = ConnectionError("refused")
            await seen.until(lambda: False)

    with pytest.raises(ConnectionError, match="refused"):
        await work()


async def test_what_never_comes_is_told_with_what_came(tmp_path):
    async with watching(Acme, {}, tmp_path) as seen:
        await seen.until(lambda: seen.values)
        with pytest.raises(pytest.fail.Exception, match=r"not within 0.1 s.*Database:acme/orders"):
            await seen.until(lambda: False, 0.1)
