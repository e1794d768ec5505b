"""The plugin: one look at the cluster, by the mediator."""

from __future__ import annotations

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_core.kubernetes import cluster_url
from causely_plugin_kubernetes.conditions.collector import ConditionsCollector
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.config import KubernetesConfig


class KubernetesPlugin:
    """The built-in integration of Kubernetes."""

    causely_api = 1

    def __init__(self) -> None:
        self._conditions = Conditions()

    @hookimpl
    def causely_config(self) -> type:
        """Which cluster; see :class:`KubernetesConfig`."""
        return KubernetesConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """How the things of the cluster are, as the discoverer sees them."""
        return [ConditionsCollector(context, self._conditions)] if _looks(context) else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """What there is in the cluster."""
        if not _looks(context):
            return []
        from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer

        return [KubernetesDiscoverer(context, self._conditions)]


def _looks(context: HookContext) -> bool:
    """In the mediator only, if there is a cluster: all agents together would ask the API for too much."""
    return context.component == "mediator" and bool(context.config.kubeconfig or cluster_url())
