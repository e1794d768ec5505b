"""A plugin at work, as the mediator runs it: its collectors and discoverers, and all that they tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
from attrs import define, evolve, field
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from structlog.testing import LogCapture

from causely_core.hookspecs import Collector, Discoverer
from causely_core.model import Clock, EntityId, Observation, SystemClock, Topology, TopologyDelta, entity_type
from causely_core.plugins import PluginManager
from causely_core.testing.asking import NAME
from causely_core.testing.fix import fix

DEADLINE = 40.0
"""Seconds in which what is waited for must have come."""


@define(eq=False)
class Watched:
    """What a plugin has told so far.

    Attributes:
        topology: of all its discoverers together.
        deltas: as they were told.
        relations: source, type and target of each, those of type ``same_as`` as well, which the mediator keeps.
        batches: how many batches of observations there were.
        rows: observations, oldest first.
        values: the newest by entity and attribute.
    """

    topology: Topology = field(factory=Topology)
    deltas: list[TopologyDelta] = field(factory=list)
    relations: set[tuple[EntityId, str, EntityId]] = field(factory=set)
    batches: int = 0
    rows: list[Observation] = field(factory=list)
    values: dict[tuple[EntityId, str], float] = field(factory=dict)
    _log: LogCapture = field(factory=LogCapture)
    _metrics: InMemoryMetricReader = field(factory=InMemoryMetricReader)
    _streams: list[asyncio.Task[None]] = field(factory=list)

    @property
    def said(self) -> list[str]:
        """What it logged: reasons, or the event where there is none."""
        return [str(entry.get("reason", entry["event"])) for entry in self._log.entries]

    @property
    def logged(self) -> list[Mapping[str, Any]]:
        """The same with everything that was said about it."""
        return list(self._log.entries)

    def heard(self, text: str) -> bool:
        """Whether it has logged this, among other things."""
        return any(text in each for each in self.said)

    def of(self, type: str) -> list[EntityId]:
        """The ids of entities of a type, sorted."""
        return sorted(id for id in self.topology.entities if entity_type(id) == type)

    def metric(self, name: str, **attributes: str) -> float:
        """The newest value of one of the plugin's own metrics, over all points that have these attributes.

        Of a histogram, how many values were recorded.
        """
        found = self._metrics.get_metrics_data()
        scopes = (scope for resource in (found.resource_metrics if found else ()) for scope in resource.scope_metrics)
        points = (each for scope in scopes for kept in scope.metrics if kept.name == name for each in _points(kept))
        wanted = attributes.items()
        return sum(_value(each) for each in points if wanted <= {**(each.attributes or {})}.items())

    async def until(self, condition: Callable[[], object], seconds: float = DEADLINE) -> None:
        """Wait until ``condition()`` is true; fails the test after so many seconds, with all that was told.

        What a stream raises meanwhile is raised here.
        """
        end = time.monotonic() + seconds
        while not condition():
            for failed in (each for each in self._streams if each.done()):
                failed.result()
            if time.monotonic() > end:
                told = f"{self.said} {sorted(self.topology.entities)} {sorted(self.relations)} {self.values}"
                fix(f"not within {seconds:g} s: {told:.4000}", "see what is missing above")
            await asyncio.sleep(0.05)

    async def observe(self, collector: Collector) -> None:
        """Take all that a collector tells."""
        async for batch in collector.observe():
            self.batches += 1
            self.rows += batch
            self.values |= {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def discover(self, discoverer: Discoverer) -> None:
        """Take all that a discoverer tells."""
        version = 0
        async for delta in discoverer.discover():
            version += 1
            self.deltas.append(delta)
            self.topology.apply(evolve(delta, source=discoverer.name, version=version))
            self.relations -= {(each.source, str(each.type), each.target) for each in delta.deleted_relations}
            self.relations |= {(each.source, str(each.type), each.target) for each in delta.relations}

    def _manager(self, component: str, clock: Clock, folder: Path, section: Mapping[str, Any]) -> PluginManager:
        logger = structlog.wrap_logger(None, processors=[self._log], wrapper_class=structlog.stdlib.BoundLogger)
        meter = MeterProvider([self._metrics]).get_meter("test")
        return PluginManager(component, clock, logger, meter, folder, {NAME: section})


@asynccontextmanager
async def watching(
    plugin: Any,
    section: Mapping[str, Any],
    folder: Path,
    component: str = "mediator",
    clock: Clock | None = None,
) -> AsyncIterator[Watched]:
    """Run all collectors and discoverers of a plugin until the block ends.

    Args:
        plugin: a class or an object.
        section: its section of the configuration, as parsed YAML.
        folder: for its files.
        component: that loads it.
        clock: the time; the system's by default.
    """
    seen = Watched()
    manager = seen._manager(component, clock or SystemClock(), folder, section)
    manager.register(NAME, plugin)
    collectors = [each for _, each in await manager.call("causely_collectors")]
    discoverers = [each for _, each in await manager.call("causely_discoverers")]
    seen._streams += [asyncio.create_task(seen.observe(each)) for each in collectors]
    seen._streams += [asyncio.create_task(seen.discover(each)) for each in discoverers]
    try:
        yield seen
    finally:
        for task in seen._streams:
            task.cancel()
        for task in seen._streams:
            with suppress(asyncio.CancelledError):
                await task


def _points(metric: Any) -> Any:
    return metric.data.data_points


def _value(point: Any) -> float:
    return float(point.value if hasattr(point, "value") else point.count)
