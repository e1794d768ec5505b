"""The plugin: one poll of the server, by the mediator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, SymptomDetector, hookimpl
from causely_plugin_prometheus.alert_detector import AlertDetector
from causely_plugin_prometheus.collector import PrometheusCollector
from causely_plugin_prometheus.config import PrometheusConfig
from causely_plugin_prometheus.discoverer import PrometheusDiscoverer

if TYPE_CHECKING:
    from causely_plugin_prometheus.poll import Poll

_ROUNDS = 4
"""For which nothing may be heard of an alert before it is taken as over."""


class PrometheusPlugin:
    """The integration of servers that speak PromQL."""

    causely_api = 1

    def __init__(self) -> None:
        self._poll: Poll | None = None

    @hookimpl
    def causely_config(self) -> type:
        """Which server, and which mappings; see :class:`PrometheusConfig`."""
        return PrometheusConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """The values of the series."""
        return [PrometheusCollector(context, self._shared(context))] if _asks(context) else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """What the series are of."""
        return [PrometheusDiscoverer(context, self._shared(context))] if _asks(context) else []

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> list[SymptomDetector]:
        """Alerts that fire."""
        return [AlertDetector(_ROUNDS * context.config.interval)] if _asks(context) else []

    def _shared(self, context: HookContext) -> Poll:
        from causely_plugin_prometheus.poll import Poll

        if self._poll is None:
            self._poll = Poll(context)
        return self._poll


def _asks(context: HookContext) -> bool:
    """In the mediator only, once there is a server: all agents together would ask it the same."""
    return context.component == "mediator" and bool(context.config.url)
