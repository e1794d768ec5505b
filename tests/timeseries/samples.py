"""Samples to store, and waiting for them to come back."""

import asyncio
import itertools
import time

import httpx

from causely_core.model import EntityId, Observation, ObservationBatch, Series

from .server import RUNNING

DEADLINE = 20.0
START = float(int(time.time()) - 600)
"""Seconds since the epoch, recent enough for every retention."""

_numbers = itertools.count(1)


def entity(name="cart"):
    """An id that no other test uses."""
    return EntityId(f"Service:{name}-{next(_numbers)}")


def rows(series, values, start=START):
    """One sample a second."""
    return [Observation(series, start + second, float(value)) for second, value in enumerate(values)]


def batch(*samples):
    return ObservationBatch.of(itertools.chain(*samples))


def one(name="cart", attribute="request_rate", values=(1.0,)):
    return batch(rows(Series(entity(name), attribute), values))


async def until(condition):
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.01)


async def settled(store):
    """Wait until nothing is pending and everything written can be read."""
    await until(lambda: not store.stats.pending)
    async with httpx.AsyncClient() as client:
        for server in RUNNING:
            (await client.get(f"{server.url}/internal/force_flush")).raise_for_status()


async def read(store, entities, attributes=None, start=START, end=START + 500.0):
    await settled(store)
    return await store.read(entities, attributes, start, end)
