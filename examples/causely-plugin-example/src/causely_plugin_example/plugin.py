"""The plugin: what the entry point names."""

from __future__ import annotations

from causely_core.hookspecs import Collector, Discoverer, HookContext, SymptomDetector, hookimpl
from causely_plugin_example.collector import FolderCollector
from causely_plugin_example.config import ExampleConfig
from causely_plugin_example.detector import StaleDetector
from causely_plugin_example.discoverer import FolderDiscoverer


class ExamplePlugin:
    """Watches the folders of its configuration, in whatever component loads it."""

    causely_api = 1

    @hookimpl
    def causely_config(self) -> type:
        """Which folders; see :class:`ExampleConfig`."""
        return ExampleConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """How many files wait, and for how long."""
        return [FolderCollector(context)]

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The folders themselves."""
        return [FolderDiscoverer(context)]

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> list[SymptomDetector]:
        """Files that nobody processes."""
        return [StaleDetector(context.config.stale_after)]
