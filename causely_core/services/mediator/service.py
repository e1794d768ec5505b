"""The mediator as a running part: plugins in, uplink out, one task for each stream."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from attrs import define, field
from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer
from structlog.typing import FilteringBoundLogger

from causely_core import __version__
from causely_core.detection.windows import WindowBuffer
from causely_core.egress.gate import EgressGate
from causely_core.egress.ledger import Ledger
from causely_core.hookspecs import Collector, Discoverer
from causely_core.isolation import supervise
from causely_core.model import (
    Clock,
    EvidenceRequest,
    Manifestation,
    ObservationBatch,
    Symptom,
    SymptomDelta,
    TopologyDelta,
)
from causely_core.plugins import Plugin, PluginManager
from causely_core.services.mediator.agents import AgentIntake
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.mediator.evidence import gather
from causely_core.services.mediator.judging import Judge
from causely_core.services.mediator.server import AgentServer
from causely_core.services.mediator.topology import TopologyIntake
from causely_core.services.mediator.uplink import Uplink
from causely_core.timeseries.open_store import open_store
from causely_core.timeseries.store import TimeSeriesStore
from causely_core.wire import Snapshot
from causely_core.wire.dialect import MEDIATE
from causely_core.wire.sender import LinkSender
from causely_core.wire.spool import Spool


@define
class Mediator:
    """Watches through plugins, judges, and reports to the analyzer.

    Attributes:
        data_dir: spool, ledger and plugin folders live here.
    """

    config: MediatorConfig
    plugins: PluginManager
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    tracer: Tracer
    data_dir: Path
    intake: TopologyIntake = field(init=False)
    judge: Judge = field(init=False)
    agents: AgentIntake = field(init=False)
    uplink: Uplink = field(init=False)
    server: AgentServer = field(init=False)
    _buffer: WindowBuffer = field(init=False)
    _store: TimeSeriesStore = field(init=False)
    _link: LinkSender = field(init=False)
    _gate: EgressGate = field(init=False)
    _tasks: list[asyncio.Task[Any]] = field(factory=list, init=False)

    async def start(self) -> None:
        """Open spool, store and ports, then start every plugin's streams."""
        self.intake = TopologyIntake(self.config.name)
        self._store = open_store(self.config.timeseries or None)
        self._open_uplink()
        self.agents = AgentIntake(self.intake, lambda: self.uplink)
        self.server = AgentServer(self.config.agents_listen, self.agents, self.config.agents_tls, self.logger)
        await self.server.start()
        await self._start_plugins()
        await self.uplink.symptoms(self._delta((), snapshot=True))
        # Not before: the analyzer may ask for a snapshot, which tells what the judge holds.
        self._spawn(self._link.run())
        self._spawn(self._judge_forever())
        self._instrument()

    async def stop(self) -> None:
        """Stop the streams, close the ports, flush ledger and spool."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.server.stop()
        await self._store.aclose()
        self._gate.ledger.close()
        self._link.spool.close()

    def not_ready(self) -> str:
        """Why the mediator is not ready; empty when it is."""
        stopped = [task for task in self._tasks if task.done()]
        return "a stream has ended" if stopped else "" if self._tasks else "not started"

    async def observe(self, batch: ObservationBatch) -> None:
        """Take a collector's batch: keep it for judging and store it."""
        self._buffer.append(batch)
        await self._store.write(batch)

    async def judge_once(self) -> None:
        """Judge now and send what changed, with the symptoms that are newly watched."""
        now = self.clock.now()
        with self.tracer.start_as_current_span("judge") as span:
            changed = await self.judge.judge(now)
            span.set_attribute("causely.symptoms.changed", len(changed))
        watched = self.intake.watched(self.judge.watched())
        if watched is not None:
            await self.uplink.topology(watched)
        if changed:
            await self.uplink.symptoms(self._delta(changed))

    def _open_uplink(self) -> None:
        self._gate = EgressGate(self.config.egress, Ledger(self.data_dir), self.config.analyzer, self.clock)
        spool = Spool(self.data_dir / "uplink.spool", max_bytes=self.config.spool_max_bytes)
        self._link = LinkSender(
            MEDIATE,
            self.config.analyzer,
            self.config.name,
            spool,
            self._snapshot,
            cluster=self.config.cluster,
            version=__version__,
            tls=self.config.analyzer_tls,
            on_evidence=self._answer,
            clock=self.clock,
            meter=self.meter,
            logger=self.logger,
        )
        self.uplink = Uplink(self._gate, self._link)

    async def _start_plugins(self) -> None:
        detectors = await self.plugins.call("causely_symptom_detectors")
        units = [(self.plugins.unit(plugin, "detector", found.name), found) for plugin, found in detectors]
        self._buffer = WindowBuffer(attributes={name for _, found in detectors for name in found.attributes})
        self.judge = Judge(self._buffer, units, self.config.thresholds, lambda: self.intake.entities)
        for plugin, collector in await self.plugins.call("causely_collectors"):
            self._collect(plugin, collector)
        for plugin, discoverer in await self.plugins.call("causely_discoverers"):
            self._discover(plugin, discoverer)

    def _collect(self, plugin: Plugin, collector: Collector) -> None:
        unit = self.plugins.unit(plugin, "collector", collector.name)
        self._spawn(supervise(unit, collector.observe, self.observe))

    def _discover(self, plugin: Plugin, discoverer: Discoverer) -> None:
        unit = self.plugins.unit(plugin, "discoverer", discoverer.name)

        async def take(delta: TopologyDelta) -> None:
            await self.uplink.topology(self.intake.accept(unit.name, delta))

        self._spawn(supervise(unit, discoverer.discover, take))

    async def _judge_forever(self) -> None:
        while True:
            await asyncio.sleep(self.config.detection_interval)
            try:
                await self.judge_once()
            except Exception as problem:
                self.logger.exception("judging failed", error=str(problem))

    async def _answer(self, request: EvidenceRequest) -> None:
        await self.uplink.evidence(await gather(self._gate.request(request), self._store))

    def _snapshot(self) -> Snapshot:
        own = self._delta(tuple(self.judge.active.values()), snapshot=True)
        return self.uplink.snapshot(self.intake.topology.snapshots(), (own, *self.agents.snapshots()))

    def _delta(self, symptoms: tuple[Symptom, ...], snapshot: bool = False) -> SymptomDelta:
        return SymptomDelta(self.config.name, tuple(Manifestation(symptom) for symptom in symptoms), snapshot)

    def _instrument(self) -> None:
        from opentelemetry.metrics import CallbackOptions, Observation

        def observe_active(options: CallbackOptions) -> list[Observation]:
            return [Observation(len(self.judge.active))]

        def observe_entities(options: CallbackOptions) -> list[Observation]:
            return [Observation(len(self.intake.entities))]

        self.meter.create_observable_gauge("causely.symptoms.active", [observe_active])
        self.meter.create_observable_gauge("causely.topology.entities", [observe_entities])

    def _spawn(self, work: Any) -> None:
        self._tasks.append(asyncio.create_task(work))
