"""Telling: a snapshot once somebody has answered, then what changes."""

import asyncio

from attrs import evolve

from causely_core.model import Entity, Topology
from causely_core.polling import Told, changes

CART, ORDERS = Entity.of("Database", "cart"), Entity.of("Database", "orders")


async def test_it_waits_for_an_answer_and_tells_what_changes():
    answers = [None, Told.of([CART], []), Told.of([CART], []), None, Told.of([CART, ORDERS], []), Told.of([ORDERS], [])]

    async def look():
        if not answers:
            await asyncio.Event().wait()
        return answers.pop(0)

    stream, topology = changes(look, 0.01), Topology()
    told = []
    async with asyncio.timeout(20):
        for version in range(3):
            told.append(await anext(stream))
            topology.apply(evolve(told[-1], source="aws", version=version))
    await stream.aclose()
    assert [delta.snapshot for delta in told] == [True, False, False]
    assert [each.id for each in told[1].entities] == [ORDERS.id]
    assert {*topology.entities} == {ORDERS.id}
