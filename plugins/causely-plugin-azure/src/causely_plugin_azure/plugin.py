"""The plugin, for the mediator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, SymptomDetector, hookimpl
from causely_plugin_azure.config import AzureConfig
from causely_plugin_azure.detectors import detectors

if TYPE_CHECKING:
    from causely_plugin_azure.poll import Poll


class AzurePlugin:
    """The integration of Azure."""

    causely_api = 1

    def __init__(self) -> None:
        """Nothing is asked yet, and Azure's libraries are not loaded."""
        self._poll: Poll | None = None

    @hookimpl
    def causely_config(self) -> type:
        """Which subscriptions, as whom, and how often; see :class:`AzureConfig`."""
        return AzureConfig

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> list[SymptomDetector]:
        """Of what only this plugin measures."""
        return [*detectors()] if _asks(context) else []

    @hookimpl
    def causely_causal_models(self) -> list[Path]:
        """What Azure's services suffer from."""
        return sorted((Path(__file__).parent / "causal").glob("*.yaml"))

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """The metrics of the resources."""
        if not _asks(context):
            return []
        from causely_plugin_azure.collector import AzureCollector

        return [AzureCollector(context, self._shared(context))]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The resources."""
        if not _asks(context):
            return []
        from causely_plugin_azure.discoverer import AzureDiscoverer

        return [AzureDiscoverer(context, self._shared(context))]

    def _shared(self, context: HookContext) -> Poll:
        from causely_plugin_azure.poll import Poll

        if self._poll is None:
            self._poll = Poll(context)
        return self._poll


def _asks(context: HookContext) -> bool:
    """In the mediator only, once there are subscriptions: all agents together would ask the same."""
    return context.component == "mediator" and bool(context.config.asks)
