"""A whole mediator around a test's plugin, and an analyzer's receiving end."""

import grpc
import structlog
from attrs import define, field
from opentelemetry.metrics import NoOpMeter
from opentelemetry.trace import NoOpTracer

from causely_core.isolation import IsolationPolicy
from causely_core.model import Evidence, SymptomDelta, SystemClock, Topology, TopologyDelta
from causely_core.plugins import PluginManager
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.service import Mediator
from causely_core.timeseries.open_store import open_store
from causely_core.wire import Snapshot
from causely_core.wire.channel import SERVER_OPTIONS, listen
from causely_core.wire.cursor import Cursor
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.servicers import AnalyzerLink


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
    store = open_store(settings.timeseries or None)
    return Mediator(settings, manager, clock, logger, meter, NoOpTracer(), store, folder)
