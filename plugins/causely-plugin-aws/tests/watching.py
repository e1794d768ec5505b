"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

import asyncio
from contextlib import asynccontextmanager, suppress

from attrs import define, evolve, field
from causely_plugin_aws import AwsConfig, AwsPlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock, Topology, entity_type

DEADLINE = 40.0


@define
class Watching:
    """What was told so far."""

    topology: Topology = field(factory=Topology)
    values: dict = field(factory=dict)
    rows: list = field(factory=list)
    deltas: list = field(factory=list)
    _relations: dict = field(factory=dict)
    log: CapturingLogger = field(factory=CapturingLogger)

    async def observe(self, collector):
        async for batch in collector.observe():
            self.rows += batch
            self.values |= {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def discover(self, discoverer):
        async for delta in discoverer.discover():
            self.deltas.append(delta)
            self.topology.apply(evolve(delta, version=len(self.deltas)))
            self._relations.update(dict.fromkeys(delta.relations))
            for gone in delta.deleted_relations:
                self._relations.pop(gone, None)

    @property
    def said(self):
        """What was logged: reasons."""
        return [call.kwargs.get("reason", call.args[0] if call.args else "") for call in self.log.calls]

    @property
    def relations(self):
        """All, those too that the mediator keeps for itself."""
        return {(each.source, str(each.type), each.target) for each in self._relations}

    def of(self, type):
        return sorted(id for id in self.topology.entities if entity_type(id) == type)

    async def until(self, condition, seconds=DEADLINE):
        """Wait until ``condition()`` is true."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            told = f"{self.said} {sorted(self.topology.entities)} {self.relations} {self.values}"
            raise AssertionError(f"not within {seconds} s: {told}") from None


def context(tmp_path, component="mediator", logger=None, **settings):
    config = structure(settings, AwsConfig, "plugins.aws")
    return HookContext(component, config, SystemClock(), logger or CapturingLogger(), NoOpMeter("test"), tmp_path)


@asynccontextmanager
async def watched(tmp_path, section, **settings):
    """The plugin at work with some settings."""
    found, plugin = Watching(), AwsPlugin()
    about = context(tmp_path, logger=found.log, **{**section, **settings})
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
