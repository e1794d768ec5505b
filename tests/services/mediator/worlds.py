"""A plugin that observes what a test tells it to, a whole mediator around it, and an analyzer's receiving end."""

import asyncio
import time
from contextlib import asynccontextmanager

import grpc
import structlog
from attrs import define, field
from opentelemetry.metrics import NoOpMeter
from opentelemetry.trace import NoOpTracer

from causely_core.hookspecs import hookimpl
from causely_core.isolation import IsolationPolicy
from causely_core.model import (
    Baseline,
    Entity,
    Evidence,
    Manifestation,
    ObservationBatch,
    Relation,
    Series,
    Symptom,
    SymptomDelta,
    SymptomKey,
    SystemClock,
    ThresholdSource,
    Topology,
    TopologyDelta,
)
from causely_core.plugins import PluginManager
from causely_core.services.mediator import Mediator
from causely_core.services.mediator.config import MediatorConfig
from causely_core.wire import Snapshot
from causely_core.wire.channel import SERVER_OPTIONS, listen
from causely_core.wire.cursor import Cursor
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.servicers import AnalyzerLink

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


@define(eq=False)
class Receiver:
    """The analyzer's end of the link; what it holds outlives its port."""

    port: int = 0
    topology: Topology = field(factory=Topology)
    active: dict = field(factory=dict)
    payloads: list = field(factory=list)
    cursors: dict = field(factory=dict)
    link: AnalyzerLink = field(default=None, init=False)
    _server: grpc.aio.Server = field(default=None, init=False)

    async def start(self):
        self._server = grpc.aio.server(options=SERVER_OPTIONS)
        self.link = AnalyzerLink(LinkReceiver(self, self.apply))
        self.link.add_to(self._server)
        self.port = listen(self._server, f"127.0.0.1:{self.port}")
        await self._server.start()

    async def stop(self):
        await self._server.stop(None)

    def forget(self):
        """As with a new database."""
        self.topology, self.active, self.payloads, self.cursors = Topology(), {}, [], {}

    async def get(self, sender):
        return self.cursors.get(sender)

    async def apply(self, sender, updates):
        for update in updates:
            self._apply(update.payload)
        self.cursors[sender.name] = Cursor(sender.epoch, updates[-1].sequence)

    def _apply(self, payload):
        self.payloads.append(payload)
        match payload:
            case TopologyDelta():
                self.topology.apply(payload)
            case SymptomDelta():
                self._judged(payload)
            case Snapshot():
                self.topology = Topology()
                self.active = {}
                for part in (*payload.topology, *payload.symptoms):
                    self._apply(part)

    def _judged(self, delta):
        known = {} if delta.snapshot else self.active.setdefault(delta.source, {})
        for told in delta.manifestations:
            if told.symptom.active:
                known[told.symptom.key] = told.symptom
            else:
                known.pop(told.symptom.key, None)
        self.active[delta.source] = known

    @property
    def evidence(self):
        return [payload for payload in self.payloads if isinstance(payload, Evidence)]

    def symptoms(self, source="mediator"):
        return [(key.entity, key.name) for key in self.active.get(source, {})]


def mediator(folder, port, *plugins, meter=None, clock=None, **config):
    """One that reports to ``port``, with its plugins named p0, p1 and so on; not started."""
    config = {"detection_interval": 0.05, "agents_listen": "127.0.0.1:0", **config}
    clock, logger, meter = clock or SystemClock(), structlog.get_logger(), meter or NoOpMeter("test")
    policy = IsolationPolicy(backoff_base=0.02, backoff_limit=0.1)
    manager = PluginManager("mediator", clock, logger, meter, folder, policy=policy)
    for number, plugin in enumerate(plugins):
        manager.register(f"p{number}", plugin)
    settings = MediatorConfig(analyzer=f"127.0.0.1:{port}", **config)
    return Mediator(settings, manager, clock, logger, meter, NoOpTracer(), folder)


@asynccontextmanager
async def running(one):
    await one.start()
    try:
        yield one
    finally:
        async with asyncio.timeout(DEADLINE):
            await one.stop()
