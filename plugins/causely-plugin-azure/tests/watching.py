"""The plugin as the mediator runs it: its collector and its discoverer, and all that they tell."""

import asyncio
import re
from contextlib import asynccontextmanager, suppress

import structlog
from attrs import define, evolve, field
from causely_plugin_azure import AzureConfig, AzurePlugin
from opentelemetry.metrics import NoOpMeter
from structlog.testing import CapturingLogger

from causely_core.config import structure
from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock, Topology

DEADLINE = 60.0


def context(tmp_path, section, component="mediator", logger=None):
    config = structure(section, AzureConfig, "plugins.azure")
    return HookContext(component, config, SystemClock(), logger or structlog.get_logger(), NoOpMeter("test"), tmp_path)


@define
class Watching:
    """What was told so far."""

    topology: Topology = field(factory=Topology)
    relations: set = field(factory=set)
    values: dict = field(factory=dict)
    deltas: list = field(factory=list)
    log: CapturingLogger = field(factory=CapturingLogger)

    async def observe(self, collector):
        async for batch in collector.observe():
            self.values |= {(row.series.entity, row.series.attribute): row.value for row in batch}

    async def discover(self, discoverer):
        async for delta in discoverer.discover():
            self.deltas.append(delta)
            self.relations -= {_ends(each) for each in delta.deleted_relations}
            self.relations |= {_ends(each) for each in delta.relations}
            self.topology.apply(evolve(delta, version=len(self.deltas)))

    @property
    def ids(self):
        """Of resources; services in regions are ``CloudService:azure/<region>/<service>``."""
        return {id for id in self.topology.entities if not re.fullmatch(r"CloudService:azure/[^/]+/[^/]+", id)}

    @property
    def said(self):
        """What was logged: reasons, or the message where there is none."""
        return [str(call.kwargs.get("reason", call.args[0] if call.args else "")) for call in self.log.calls]

    def heard(self, text):
        return any(text in each for each in self.said)

    async def until(self, condition, seconds=DEADLINE):
        """Wait until ``condition()`` is true."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s; said {self.said}, ids {self.ids}") from None


def _ends(relation):
    return relation.source, str(relation.type), relation.target


@asynccontextmanager
async def watched(tmp_path, section):
    """The plugin at work with some settings."""
    found = Watching()
    about = context(tmp_path, section, logger=found.log)
    plugin = AzurePlugin()
    streams = [found.observe(each) for each in plugin.causely_collectors(about)]
    streams += [found.discover(each) for each in plugin.causely_discoverers(about)]
    tasks = [asyncio.create_task(each) for each in streams]
    try:
        yield found
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
