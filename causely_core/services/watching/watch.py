"""A watch: what the plugins of one part see is kept, judged, and told as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from attrs import define, field
from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer
from structlog.typing import FilteringBoundLogger

from causely_core.apart import Apart
from causely_core.detection.depths import depths
from causely_core.detection.windows import WindowBuffer
from causely_core.hookspecs import Collector, Discoverer
from causely_core.isolation import supervise
from causely_core.model import Clock, Manifestation, ObservationBatch, Symptom, SymptomDelta, TopologyDelta
from causely_core.plugins import Plugin, PluginManager
from causely_core.rhythm import beat
from causely_core.services.watching.config import WatchConfig
from causely_core.services.watching.instruments import instrument
from causely_core.services.watching.judging import Judge
from causely_core.services.watching.marked import Marked
from causely_core.services.watching.resolving import Resolver
from causely_core.services.watching.tasks import Tasks, attempt
from causely_core.services.watching.topology import TopologyIntake
from causely_core.timeseries.store import TimeSeriesStore

_AT_ONCE = 20_000
"""Rows of a batch that are taken without letting anybody else have a turn: about 50 ms."""


@define(eq=False)
class Watch:
    """Collectors, discoverers and detectors of one part, one task for each stream.

    Attributes:
        store: where series are written; closed with the watch.
        topology: awaited with each delta of the topology.
        symptoms: awaited with the symptoms that changed; first, and after it has raised, with a snapshot.
        resolver: of the ids of several sources, where they come together.
        intake: the topology known now.
        judge: the symptoms active now; there is none before the start.
        tasks: the streams, and what else is to run as long as the watch.
    """

    config: WatchConfig
    plugins: PluginManager
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    tracer: Tracer
    store: TimeSeriesStore
    topology: Callable[[TopologyDelta], Awaitable[object]]
    symptoms: Callable[[SymptomDelta], Awaitable[object]]
    resolver: Resolver | None = None
    intake: TopologyIntake = field(init=False)
    judge: Judge = field(init=False)
    tasks: Tasks = field(factory=Tasks, init=False)
    _buffer: WindowBuffer = field(init=False)
    _behind: bool = field(default=True, init=False)
    _apart: dict[str, Apart] = field(factory=dict, init=False)

    @intake.default
    def _nothing_known(self) -> TopologyIntake:
        return TopologyIntake(self.config.name, self.resolver, self.config.discoverer_limit)

    async def start(self) -> None:
        """Start every plugin's streams, withdraw the symptoms of the life before, and begin to judge."""
        await self._start_plugins()
        await self._tell(())
        self.tasks.spawn(self._judge_forever())
        instrument(self.meter, self.plugins.component, self.judge, self.intake)

    async def stop(self) -> None:
        """Stop the streams and all other tasks, and flush the store."""
        await self.tasks.stop()
        await asyncio.gather(*(each.aclose() for each in self._apart.values()))
        await self.store.aclose()

    async def observe(self, batch: ObservationBatch) -> None:
        """Take a collector's batch: keep it for judging and store it. Short of memory, what is new is only stored."""
        for part in batch.parts(_AT_ONCE):
            await self._take(part)
            # One collector's flood is not to hold up all the others.
            await asyncio.sleep(0)

    async def _take(self, batch: ObservationBatch) -> None:
        batch = self.intake.named(batch)
        self._buffer.append(batch, admit=not self.plugins.memory_pressure())
        await self.store.write(batch)

    async def judge_once(self) -> None:
        """Judge now and tell what changed, with the symptoms that are newly watched."""
        now = self.clock.now()
        with self.tracer.start_as_current_span("judge") as span:
            changed = await self.judge.judge(now)
            span.set_attribute("causely.symptoms.changed", len(changed))
        try:
            await self._tell(changed)
        except Exception:
            # Whether it was heard is not known; the next one tells everything.
            self._behind = True
            raise

    async def settle(self, tell_everything: Callable[[], Awaitable[object]]) -> None:
        """Call ``tell_everything`` once every source has had time to speak; again when that fails."""
        settled = False
        while not settled:
            await asyncio.sleep(self.config.settle_after)
            settled = await attempt(self.logger, "settling", tell_everything())

    def active(self) -> SymptomDelta:
        """A snapshot of all symptoms that are active now."""
        return self._delta(tuple(self.judge.active.values()), snapshot=True)

    async def _tell(self, changed: tuple[Symptom, ...]) -> None:
        for watched in self.intake.watched(self.judge.watched()):
            await self.topology(watched)
        delta = self.active() if self._behind else self._delta(changed)
        if delta:
            await self.symptoms(delta)
        self._behind = False

    def _delta(self, symptoms: tuple[Symptom, ...], snapshot: bool = False) -> SymptomDelta:
        return SymptomDelta(self.config.name, tuple(Manifestation(symptom) for symptom in symptoms), snapshot)

    async def _start_plugins(self) -> None:
        detectors = await self.plugins.call("causely_symptom_detectors")
        units = [(self.plugins.unit(plugin, "detector", found.name), found) for plugin, found in detectors]
        judging = [found for _, found in detectors]
        wanted = {name for found in judging for name in found.attributes}
        self._buffer = WindowBuffer(attributes=wanted, depths=depths(judging))
        self.judge = Judge(self._buffer, units, self.config.thresholds, Marked(self.intake).entities)
        for plugin, collector in await self.plugins.call("causely_collectors"):
            self._collect(plugin, collector)
        for plugin, discoverer in await self.plugins.call("causely_discoverers"):
            self._discover(plugin, discoverer)

    def _collect(self, plugin: Plugin, collector: Collector) -> None:
        unit = self.plugins.unit(plugin, "collector", collector.name)
        self.tasks.spawn(supervise(unit, collector.observe, self.observe, self._apart_for(plugin)))

    def _discover(self, plugin: Plugin, discoverer: Discoverer) -> None:
        unit = self.plugins.unit(plugin, "discoverer", discoverer.name)

        async def take(delta: TopologyDelta) -> None:
            for told in self.intake.accept(unit.name, delta):
                await self.topology(told)

        self.tasks.spawn(supervise(unit, discoverer.discover, take, self._apart_for(plugin)))

    def _apart_for(self, plugin: Plugin) -> Apart | None:
        if plugin.shares_loop:
            return None
        return self._apart.setdefault(plugin.name, Apart(plugin.name, self.plugins.policy.deadline))

    async def _judge_forever(self) -> None:
        while True:
            await beat(self.config.detection_interval)
            await attempt(self.logger, "judging", self.judge_once())
