"""A plugin that observes what a test tells it to, and the small shop it sees."""

import asyncio
import time
from contextlib import asynccontextmanager

from attrs import define, field

from causely_core.hookspecs import hookimpl
from causely_core.model import (
    Baseline,
    Entity,
    Manifestation,
    ObservationBatch,
    Relation,
    Series,
    Symptom,
    SymptomDelta,
    SymptomKey,
    ThresholdSource,
    TopologyDelta,
)

DEADLINE = 20.0
CART, WEB = Entity.of("Service", "cart", "cart"), Entity.of("Service", "web", "web")
CALL = Relation(WEB.id, "calls", CART.id)
SHOP = TopologyDelta("", 0, (CART, WEB), (CALL,))
HIGH = "RequestRate_High"
LIMIT = 10.0


def symptom(entity=CART.id, name=HIGH, active=True, onset=100.0):
    baseline = Baseline(1.0, LIMIT, ThresholdSource.DEFAULT)
    return Symptom(entity, name, active, onset, onset, 0.5, "request_rate", 20.0, baseline, "limit")


def symptoms(source, *told, snapshot=False):
    return SymptomDelta(source, tuple(Manifestation(one) for one in told), snapshot)


async def until(condition, deadline=DEADLINE):
    """Wait until ``condition`` gives something true; returns it."""
    async with asyncio.timeout(deadline):
        while not (found := condition()):
            await asyncio.sleep(0.01)
        return found


@define(eq=False)
class Told:
    """A collector or discoverer that yields what the test puts in; an exception is raised."""

    name: str = "told"
    items: asyncio.Queue = field(factory=asyncio.Queue)
    closed: int = 0

    def observe(self):
        return self._stream()

    discover = observe

    async def _stream(self):
        try:
            while True:
                item = await self.items.get()
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            self.closed += 1


@define
class Limit:
    """Whoever has a request rate over the limit is abnormal."""

    name: str = "limit"
    attributes: tuple[str, ...] = ("request_rate",)
    symptoms: dict[str, str] = field(factory=lambda: {HIGH: "request_rate"})

    def detect(self, window):
        rates = window.attributes.get("request_rate")
        for series, value in zip(rates.series, rates.values[:, -1], strict=True) if rates else ():
            if value > LIMIT or SymptomKey(series.entity, HIGH) in window.active:
                yield symptom(series.entity, active=bool(value > LIMIT))


@define(eq=False)
class ShopPlugin:
    """What a third party's plugin would be, with the test's hand on its streams."""

    causely_api = 1
    causely_shares_loop = True
    collector: Told = field(factory=Told)
    discoverer: Told = field(factory=Told)

    @hookimpl
    def causely_collectors(self, context):
        return [self.collector]

    @hookimpl
    def causely_discoverers(self, context):
        return [self.discoverer]

    @hookimpl
    def causely_symptom_detectors(self, context):
        return [Limit()]

    def discovers(self, *deltas):
        for delta in deltas:
            self.discoverer.items.put_nowait(delta)

    def observes(self, value, entity=CART.id, attribute="request_rate"):
        self.collector.items.put_nowait(ObservationBatch.at(time.time(), [(Series(entity, attribute), value)]))


@asynccontextmanager
async def running(one):
    await one.start()
    try:
        yield one
    finally:
        async with asyncio.timeout(DEADLINE):
            await one.stop()
