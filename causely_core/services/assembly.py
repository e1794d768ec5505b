"""Building parts from settings: the one place that knows which part needs what.

A part is imported when it is made: an agent alone has no use for the analyzer's database and web server.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.hookspecs import unlimited
from causely_core.model import Clock, SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.admin import Admin
from causely_core.services.http import HttpServer
from causely_core.services.runtime import Part
from causely_core.services.settings import Settings
from causely_core.services.telemetry import Telemetry
from causely_core.timeseries.memory import MemoryStore
from causely_core.timeseries.open_store import open_store
from causely_core.timeseries.store import TimeSeriesStore

if TYPE_CHECKING:
    from causely_core.services.agent.memory import MemoryGuard
    from causely_core.services.agent.service import Agent
    from causely_core.services.analyzer.service import Analyzer
    from causely_core.services.mediator.service import Mediator
    from causely_core.services.watching.config import WatchConfig


@define
class Assembly:
    """Makes the parts of one process.

    Attributes:
        name: what the process calls itself in its own telemetry.
        beside: plugins to load that are not installed, by name: classes or objects.
        guard: of the process's memory; there is one where an agent with a limit has it to itself.
    """

    name: str
    settings: Settings
    logger: FilteringBoundLogger
    clock: Clock = field(factory=SystemClock)
    beside: Mapping[str, Any] = field(factory=dict)
    telemetry: Telemetry = field(init=False)
    managers: list[PluginManager] = field(factory=list, init=False)
    guard: MemoryGuard | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.telemetry = Telemetry.start(self.name, self.settings.telemetry)

    async def parts(self, component: str) -> list[Agent | Mediator | Analyzer]:
        """What the process of ``component`` runs, in the order of starting; ``run`` means all in one."""
        match component:
            case "agent":
                return [self.agent()]
            case "mediator":
                return [self.mediator()]
            case "analyzer":
                return [await self.analyzer()]
        analyzer, mediator = await self.analyzer(), self.mediator()
        return [analyzer, mediator, self.agent(mediator)] if self.settings.agent.wanted else [analyzer, mediator]

    def mediator(self) -> Mediator:
        """The mediator with every installed plugin."""
        from causely_core.services.mediator.service import Mediator

        manager = self._plugins("mediator", cluster=self.settings.mediator.cluster_name)
        return Mediator(
            self.settings.mediator,
            manager,
            self.clock,
            self.logger,
            self.telemetry.meter("mediator"),
            self.telemetry.tracer(),
            self._store(self.settings.mediator),
            self.settings.data_dir,
        )

    def agent(self, mediator: Mediator | None = None) -> Agent:
        """The agent with every installed plugin; it forwards to ``mediator`` where that is in the same process."""
        from causely_core.services.agent.allocator import be_frugal
        from causely_core.services.agent.service import Agent

        config = self.settings.agent
        if mediator is None:
            be_frugal()
            self.guard = self._guarded(config.memory_limit) if config.memory_limit else None
        manager = self._plugins(
            "agent",
            cluster=config.cluster_name,
            host_root=config.host_root,
            node=config.node,
            cpu_budget=config.cpu_budget,
            memory_pressure=self.guard.pressure if self.guard else unlimited,
        )
        return Agent(
            config,
            manager,
            self.clock,
            self.logger,
            self.telemetry.meter("agent"),
            self.telemetry.tracer(),
            self._store(config),
            self.settings.data_dir,
            (lambda: mediator.server.local) if mediator else (lambda: config.mediator),
        )

    async def analyzer(self) -> Analyzer:
        """The analyzer with the causal models of every installed plugin."""
        from causely_core.catalogue import load_catalogue
        from causely_core.services.analyzer.service import Analyzer

        catalogue = await load_catalogue(self._plugins("analyzer"))
        return Analyzer(
            self.settings.analyzer,
            catalogue,
            self.settings.data_dir,
            self.clock,
            self.logger,
            self.telemetry.meter("analyzer"),
            self.telemetry.tracer(),
        )

    def admin(self, *parts: Agent | Mediator | Analyzer) -> Part:
        """The admin port for ``parts``, ready when all of them are."""
        checks = {type(part).__name__.lower(): part.not_ready for part in parts}
        app = Admin(self.telemetry.registry, checks, tuple(self.managers)).app()
        return HttpServer(app, self.settings.admin_listen)

    def _guarded(self, limit: int) -> MemoryGuard:
        from causely_core.services.agent.memory import MemoryGuard

        guard = MemoryGuard(limit, self.logger)
        guard.instrument(self.telemetry.meter("agent"))
        return guard

    @cached_property
    def _memory(self) -> MemoryStore:
        return MemoryStore()

    def _store(self, config: WatchConfig) -> TimeSeriesStore:
        """In memory all parts share one, so that the mediator finds evidence of what the agent has seen."""
        return open_store(config.timeseries, config.name) if config.timeseries else self._memory

    def _plugins(self, component: str, **handles: Any) -> PluginManager:
        manager = PluginManager(
            component,
            self.clock,
            self.logger,
            self.telemetry.meter(component),
            # Apart for each component: in one process each has plugin objects of its own, which share no file.
            self.settings.data_dir / component,
            self.settings.sections(component),
            **handles,
        )
        for name, plugin in self.beside.items():
            manager.register(name, plugin)
        manager.load_installed()
        self.managers.append(manager)
        return manager
