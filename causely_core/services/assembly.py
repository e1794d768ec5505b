"""Building parts from settings: the one place that knows which part needs what."""

from __future__ import annotations

from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.catalogue import load_catalogue
from causely_core.model import Clock, SystemClock
from causely_core.plugins import PluginManager
from causely_core.services.admin import Admin
from causely_core.services.analyzer import Analyzer
from causely_core.services.http import HttpServer
from causely_core.services.mediator import Mediator
from causely_core.services.runtime import Part
from causely_core.services.settings import Settings
from causely_core.services.telemetry import Telemetry


@define
class Assembly:
    """Makes the parts of one process.

    Attributes:
        name: what the process calls itself in its own telemetry.
    """

    name: str
    settings: Settings
    logger: FilteringBoundLogger
    clock: Clock = field(factory=SystemClock)
    telemetry: Telemetry = field(init=False)
    managers: list[PluginManager] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.telemetry = Telemetry.start(self.name, self.settings.telemetry)

    def mediator(self) -> Mediator:
        """The mediator with every installed plugin."""
        manager = self._plugins("mediator")
        return Mediator(
            self.settings.mediator,
            manager,
            self.clock,
            self.logger,
            self.telemetry.meter(),
            self.telemetry.tracer(),
            self.settings.data_dir,
        )

    async def analyzer(self) -> Analyzer:
        """The analyzer with the causal models of every installed plugin."""
        catalogue = await load_catalogue(self._plugins("analyzer"))
        return Analyzer(
            self.settings.analyzer,
            catalogue,
            self.settings.data_dir,
            self.clock,
            self.logger,
            self.telemetry.meter(),
            self.telemetry.tracer(),
        )

    def admin(self, *parts: Mediator | Analyzer) -> Part:
        """The admin port for ``parts``, ready when all of them are."""
        checks = {type(part).__name__.lower(): part.not_ready for part in parts}
        app = Admin(self.telemetry.registry, checks, tuple(self.managers)).app()
        return HttpServer(app, self.settings.admin_listen)

    def _plugins(self, component: str) -> PluginManager:
        manager = PluginManager(
            component,
            self.clock,
            self.logger,
            self.telemetry.meter(),
            self.settings.data_dir,
            self.settings.plugins,
        )
        manager.load_installed()
        self.managers.append(manager)
        return manager
