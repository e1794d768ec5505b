"""Deltas reach their reader in order, and as one snapshot when there are too many."""

import asyncio

from causely_core.deltas import Deltas
from causely_core.model import TopologyDelta


def delta(version, snapshot=False):
    return TopologyDelta("", version, snapshot=snapshot)


async def read(deltas, count):
    reader = deltas.read()
    async with asyncio.timeout(10):
        return [await anext(reader) for _ in range(count)]


async def everything():
    return delta(0, snapshot=True)


async def test_a_reader_gets_a_snapshot_then_each_delta_in_order():
    deltas, found = Deltas(everything), []
    async for each in deltas.read():
        found.append(each)
        if len(found) == 4:
            break
        deltas.tell(delta(len(found)))
    assert found == [delta(0, snapshot=True), delta(1), delta(2), delta(3)]


async def test_a_reader_that_falls_behind_gets_a_snapshot_for_what_it_missed():
    deltas = Deltas(everything)
    reader = deltas.read()
    await anext(reader)
    for version in range(1, 66):
        deltas.tell(delta(version))
    async with asyncio.timeout(10):
        assert await anext(reader) == delta(0, snapshot=True)
        deltas.tell(delta(99))
        assert await anext(reader) == delta(99)
