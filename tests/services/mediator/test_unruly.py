"""Unruly plugins: whatever one does, the others are heard within a second, it is seen, and it recovers by itself."""

import asyncio
import threading
import time

import pytest
from attrs import define, field

from causely_core.hookspecs import hookimpl
from causely_core.isolation import IsolationPolicy, UnitState
from causely_core.model import Entity, ObservationBatch, Series, TopologyDelta

from ..shop import running, until
from .worlds import mediator

LAG = 1.0
"""Seconds within which what a well-behaved plugin tells is taken."""


class Plugin:
    """One that brings what its class says."""

    causely_api = 1
    name = "values"

    @hookimpl
    def causely_collectors(self, context):
        return [self]


class Good(Plugin):
    """Tells the time it is."""

    async def observe(self):
        while True:
            now = time.time()
            yield ObservationBatch.at(now, [(Series("Service:good", "request_rate"), now)])
            await asyncio.sleep(0.02)


class Hung(Plugin):
    """Blocks its event loop for ever, the first time."""

    def __init__(self):
        self.held, self.attempts = threading.Event(), 0

    async def observe(self):
        self.attempts += 1
        if self.attempts == 1:
            self.held.wait(120)
        while True:
            yield ObservationBatch.at(time.time(), [(Series("Service:hung", "request_rate"), 1.0)])
            await asyncio.sleep(0.02)


class Slow(Plugin):
    """Computes without a break."""

    def __init__(self):
        self.ended = threading.Event()

    async def observe(self):
        while True:
            end = time.monotonic() + 0.4
            while time.monotonic() < end and not self.ended.is_set():
                sum(range(1000))
            yield ObservationBatch.at(time.time(), [(Series("Service:slow", "request_rate"), 1.0)])


class Crashing(Plugin):
    """Crashes until the one that it watches is well."""

    well = False

    async def observe(self):
        if not self.well:
            raise ConnectionError("refused by db:5432")
        yield ObservationBatch.at(time.time(), [(Series("Service:crashing", "request_rate"), 1.0)])
        await asyncio.sleep(3600)


class Eating(Plugin):
    """Tells of ever more things, as one does that takes the id of each request for a name."""

    def __init__(self):
        self.told = 0

    @hookimpl
    def causely_discoverers(self, context):
        return [self]

    def _new(self, count):
        self.told += count
        return [f"request-{number}" for number in range(self.told - count, self.told)]

    async def observe(self):
        while True:
            rows = [(Series(f"Service:{name}", "request_rate"), 1.0) for name in self._new(20_000)]
            yield ObservationBatch.at(time.time(), rows)
            await asyncio.sleep(0.05)

    async def discover(self):
        while True:
            yield TopologyDelta("", 0, tuple(Entity.of("Service", name) for name in self._new(2_000)))
            await asyncio.sleep(0.05)


class Breaking(Plugin):
    """Brings what is no collector."""

    @hookimpl
    def causely_collectors(self, context):
        return ["values"]


@define(eq=False)
class Lags:
    """A store that notes how long after it was measured a value arrives."""

    of: dict = field(factory=dict)

    async def write(self, batch):
        now = time.time()
        for series, at in {*zip(batch.series, batch.times.tolist(), strict=True)} if len(batch) < 100 else ():
            self.of.setdefault(series.entity, []).append(now - at)

    async def aclose(self):
        """Nothing to close."""


@pytest.fixture
def lags():
    return Lags()


@pytest.fixture
def start(tmp_path, analyzer, lags):
    """Starts a mediator with plugins; a blocked event loop is given up after ``deadline`` seconds."""

    def start(*plugins, deadline=10.0, **config):
        one = mediator(tmp_path, analyzer.port, *plugins, **config)
        one.plugins.policy = IsolationPolicy(deadline=deadline, backoff_base=0.05, backoff_limit=0.2, cool_down=0.5)
        one.watch.store = lags
        return running(one)

    return start


def unit(one, plugin, kind="collector"):
    return next(each for each in one.plugins.plugins[plugin].units if each.kind == kind)


async def heard(lags, entity="Service:good", times=25):
    """Wait for so many values more; the longest that one of them took."""
    known = lags.of.setdefault(entity, [])
    before = len(known)
    await until(lambda: len(known) >= before + times)
    return max(known[before:])


async def test_one_that_blocks_is_left_behind_and_tried_again(start, lags):
    hung = Hung()
    async with start(Good(), hung, deadline=1.0) as one:
        blocked = unit(one, "p1")
        await until(lambda: blocked.total_failures)
        assert "its event loop was held up for 1 s" in blocked.last_error
        assert max(lags.of["Service:good"]) < LAG
        await heard(lags, "Service:hung")
        assert blocked.state is UnitState.RUNNING
        hung.held.set()


async def test_one_that_computes_without_a_break_holds_up_nobody(start, lags):
    slow = Slow()
    async with start(Good(), slow) as one:
        await heard(lags, "Service:slow", 4)
        assert await heard(lags) < LAG
        assert unit(one, "p1").seconds > unit(one, "p0").seconds
        slow.ended.set()


async def test_one_that_crashes_is_seen_and_recovers(start, lags):
    crashing = Crashing()
    async with start(Good(), crashing) as one:
        failing = unit(one, "p1")
        await until(lambda: failing.state is UnitState.OPEN)
        assert failing.last_error == "ConnectionError: refused by db:5432"
        assert one.plugins.plugins["p1"].state == "circuit open"
        assert await heard(lags) < LAG
        crashing.well = True
        await heard(lags, "Service:crashing", 1)


async def test_one_that_tells_without_end_finds_no_more_room(start, lags):
    async with start(Good(), Eating(), discoverer_limit=5_000) as one:
        greedy = unit(one, "p1", "discoverer")
        await until(lambda: greedy.total_failures)
        assert "5000 are allowed: let it discover less" in greedy.last_error
        await until(lambda: unit(one, "p1").items >= 6)
        assert await heard(lags) < LAG
        assert len(one.watch.intake.topology.entities) <= 5_001


async def test_one_that_brings_what_is_no_collector_is_left_out(start, lags):
    async with start(Good(), Breaking()) as one:
        assert await heard(lags) < LAG
        assert one.plugins.plugins["p1"].state == "failed"
        assert one.plugins.plugins["p1"].error == "causely_collectors: TypeError: expected a Collector, found 'values'"
