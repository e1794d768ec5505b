"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

import asyncio
from contextlib import asynccontextmanager, suppress

from attrs import define, evolve, field
from causely_plugin_gcp import GcpConfig, GcpPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock, Topology

DEADLINE = 40.0


class Log(CapturingLogger):
    """Keeps what is logged."""

    def bind(self, **_):
        return self


def context(tmp_path, section, component="mediator", logger=None, meter=None):
    config = structure(section, GcpConfig, "plugins.gcp")
    meter = meter or NoOpMeter("test")
    return HookContext(component, config, SystemClock(), logger or Log(), meter, tmp_path)


@define
class Watching:
    """What was told so far."""

    topology: Topology = field(factory=Topology)
    values: dict = field(factory=dict)
    batches: list = field(factory=list)
    deltas: list = field(factory=list)
    log: Log = field(factory=Log)

    async def observe(self, collector):
        async for batch in collector.observe():
            self.batches.append(batch)
            self.values |= {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def discover(self, discoverer):
        async for delta in discoverer.discover():
            self.deltas.append(delta)
            self.topology.apply(evolve(delta, version=len(self.deltas)))

    @property
    def said(self):
        """What was logged: reasons."""
        return [call.kwargs.get("reason", call.args[0] if call.args else "") for call in self.log.calls]

    @property
    def relations(self):
        """All that were told, with what the mediator keeps for itself."""
        told = (each for delta in self.deltas for each in delta.relations)
        return {(each.source, str(each.type), each.target) for each in told}

    async def until(self, condition, seconds=DEADLINE):
        """Wait until ``condition()`` is true."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s: {self.said} {self.values}") from None


@asynccontextmanager
async def watched(tmp_path, section):
    """The plugin at work with some settings."""
    found = Watching()
    about = context(tmp_path, section, logger=found.log)
    plugin = GcpPlugin()
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
