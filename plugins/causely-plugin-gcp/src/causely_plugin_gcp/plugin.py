"""The plugin: one watch over the projects, by the mediator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_plugin_gcp.collector import GcpCollector
from causely_plugin_gcp.config import GcpConfig
from causely_plugin_gcp.discoverer import GcpDiscoverer

if TYPE_CHECKING:
    from causely_plugin_gcp.watch import Watch


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
        return [GcpCollector(self._shared(context), context.config.interval)] if _asks(context) else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The resources."""
        return [GcpDiscoverer(self._shared(context), context.config.resources_interval)] if _asks(context) else []

    def _shared(self, context: HookContext) -> Watch:
        from causely_plugin_gcp.watch import Watch

        if self._watch is None:
            self._watch = Watch(context)
        return self._watch


def _asks(context: HookContext) -> bool:
    """In the mediator only, once there are projects: all agents together would ask the same."""
    return context.component == "mediator" and bool(context.config.projects)
