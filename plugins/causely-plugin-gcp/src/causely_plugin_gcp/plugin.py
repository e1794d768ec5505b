"""The plugin: one watch over the projects, by the mediator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, SymptomDetector, hookimpl
from causely_plugin_gcp.config import GcpConfig

if TYPE_CHECKING:
    from causely_plugin_gcp.watch import Watch

_MODELS = Path(__file__).parent / "causal"


class GcpPlugin:
    """The integration of Google Cloud."""

    causely_api = 1

    def __init__(self) -> None:
        self._watch: Watch | None = None

    @hookimpl
    def causely_config(self) -> type:
        """Which projects, as whom, and for what; see :class:`GcpConfig`."""
        return GcpConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """How the resources are."""
        from causely_plugin_gcp.collector import GcpCollector

        return [GcpCollector(self._shared(context), context.config.interval)] if _asks(context) else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The resources."""
        from causely_plugin_gcp.discoverer import GcpDiscoverer

        return [GcpDiscoverer(self._shared(context), context.config.resources_interval)] if _asks(context) else []

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> list[SymptomDetector]:
        """Those of attributes that only Google Cloud has."""
        from causely_plugin_gcp.detectors import DETECTORS

        return list(DETECTORS) if _asks(context) else []

    @hookimpl
    def causely_causal_models(self) -> list[Path]:
        """What the services suffer from, a file for each type of entity."""
        return sorted(_MODELS.glob("*.yaml"))

    def _shared(self, context: HookContext) -> Watch:
        from causely_plugin_gcp.watch import Watch

        if self._watch is None:
            self._watch = Watch(context)
        return self._watch


def _asks(context: HookContext) -> bool:
    """In the mediator only, once there are projects: all agents together would ask the same."""
    return context.component == "mediator" and bool(context.config.projects)
