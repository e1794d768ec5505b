"""A whole agent around a test's plugins, and a mediator that can be lost and started again."""

import structlog
from attrs import define, field
from opentelemetry.metrics import NoOpMeter
from opentelemetry.trace import NoOpTracer

from causely_core.isolation import IsolationPolicy
from causely_core.model import SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.agent.config import AgentConfig
from causely_core.services.agent.service import Agent
from causely_core.services.mediator.service import Mediator
from causely_core.timeseries.memory import MemoryStore
from causely_core.wire.backoff import Backoff

from ..mediator.worlds import mediator

NAME = "agent-n1"


def agent(folder, port, *plugins, store=None, **config):
    """One that forwards to ``port``, with its plugins named p0, p1 and so on; not started."""
    clock, logger, meter = SystemClock(), structlog.get_logger(), NoOpMeter("test")
    policy = IsolationPolicy(backoff_base=0.02, backoff_limit=0.1)
    manager = PluginManager("agent", clock, logger, meter, folder, policy=policy)
    for number, plugin in enumerate(plugins):
        manager.register(f"p{number}", plugin)
    settings = AgentConfig(**{"name": NAME, "detection_interval": 0.02, "mediator": f"127.0.0.1:{port}", **config})
    return Impatient(settings, manager, clock, logger, meter, NoOpTracer(), store or MemoryStore(), folder)


class Impatient(Agent):
    """Tries again soon, for the test's sake."""

    def _open_link(self):
        super()._open_link()
        self.link.backoff = Backoff(0.02, 0.1)
        self.link.look_at_files = 0.05


@define(eq=False)
class Home:
    """A mediator whose memory ends with its process and whose disk and port stay."""

    folder: object
    analyzer: int
    config: dict = field(factory=dict)
    port: int = 0
    one: Mediator = field(default=None, init=False)

    async def start(self):
        self.one = mediator(self.folder, self.analyzer, agents_listen=f"127.0.0.1:{self.port}", **self.config)
        await self.one.start()
        self.port = self.one.server.port

    async def stop(self):
        if self.one is not None:
            await self.one.stop()
            self.one = None

    def active(self, name=NAME):
        held = self.one.agents.active.get(name)
        return sorted(held.keys) if held else []
