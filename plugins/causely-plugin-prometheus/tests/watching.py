"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

import asyncio
from contextlib import asynccontextmanager, suppress

import structlog
from attrs import define, evolve, field
from causely_plugin_prometheus import PrometheusConfig, PrometheusPlugin
from opentelemetry.metrics import NoOpMeter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from structlog.testing import CapturingLogger

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock, Topology

from .servers import DEADLINE


def context(tmp_path, component="mediator", logger=None, meter=None, **settings):
    config, meter = PrometheusConfig(**settings), meter or NoOpMeter("test")
    return HookContext(component, config, SystemClock(), logger or structlog.get_logger(), meter, tmp_path)


@define
class Watching:
    """What was told so far."""

    topology: Topology = field(factory=Topology)
    values: dict = field(factory=dict)
    batches: int = 0
    deltas: list = field(factory=list)
    log: CapturingLogger = field(factory=CapturingLogger)
    reader: InMemoryMetricReader = field(factory=InMemoryMetricReader)

    def metric(self, name):
        """The newest point of one of the plugin's own metrics."""
        (scope,) = self.reader.get_metrics_data().resource_metrics[0].scope_metrics
        return next(each.data.data_points[0] for each in scope.metrics if each.name == name)

    async def observe(self, collector):
        async for batch in collector.observe():
            self.batches += 1
            self.values |= {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def discover(self, discoverer):
        async for delta in discoverer.discover():
            self.deltas.append(delta)
            self.topology.apply(evolve(delta, version=len(self.deltas)))

    @property
    def said(self):
        """What was logged: reasons."""
        return [call.kwargs.get("reason", call.args[0] if call.args else "") for call in self.log.calls]

    async def until(self, condition, seconds=DEADLINE):
        """Wait until ``condition()`` is true."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s: {self}") from None


@asynccontextmanager
async def watched(tmp_path, **settings):
    """The plugin at work with some settings."""
    found = Watching()
    given = {"interval": 0.5, "stale_after": 3.0, "window": "4s", **settings}
    meter = MeterProvider([found.reader]).get_meter("test")
    about = context(tmp_path, logger=found.log, meter=meter, **given)
    plugin = PrometheusPlugin()
    (collector,), (discoverer,) = plugin.causely_collectors(about), plugin.causely_discoverers(about)
    tasks = [asyncio.create_task(each) for each in (found.observe(collector), found.discover(discoverer))]
    try:
        yield found
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
