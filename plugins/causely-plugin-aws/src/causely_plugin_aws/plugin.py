"""The plugin: AWS, asked by the mediator."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, SymptomDetector, hookimpl
from causely_plugin_aws.collector import AwsCollector
from causely_plugin_aws.config import AwsConfig
from causely_plugin_aws.detectors import detectors
from causely_plugin_aws.discoverer import AwsDiscoverer

if TYPE_CHECKING:
    from causely_plugin_aws.shared import Shared

_MODELS = Path(__file__).parent / "causal"


class AwsPlugin:
    """The integration of AWS."""

    causely_api = 1

    def __init__(self) -> None:
        self._shared: Shared | None = None

    @hookimpl
    def causely_config(self) -> type:
        """Which accounts and regions; see :class:`AwsConfig`."""
        return AwsConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """How the resources are."""
        return [AwsCollector(context, self._of(context))] if _asks(context) else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """Which there are."""
        return [AwsDiscoverer(context, self._of(context))] if _asks(context) else []

    @hookimpl
    def causely_symptom_detectors(self, context: HookContext) -> list[SymptomDetector]:
        """Of attributes that only this plugin has."""
        return list(detectors()) if _asks(context) else []

    @hookimpl
    def causely_causal_models(self) -> Iterable[Path]:
        """What managed services suffer from beside what others of their kind do."""
        return sorted(_MODELS.glob("*.yaml"))

    def _of(self, context: HookContext) -> Shared:
        from causely_plugin_aws.shared import Shared

        if self._shared is None:
            self._shared = Shared(context)
        return self._shared


def _asks(context: HookContext) -> bool:
    """In the mediator only, once there is a region: all agents together would ask the same."""
    return context.component == "mediator" and bool(context.config.places())
