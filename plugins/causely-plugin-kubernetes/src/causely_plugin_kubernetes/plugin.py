"""The plugin: one look at the cluster, by the mediator."""

from __future__ import annotations

from causely_core.hookspecs import Discoverer, HookContext, hookimpl
from causely_core.kubernetes import cluster_url
from causely_plugin_kubernetes.config import KubernetesConfig


class KubernetesPlugin:
    """The built-in integration of Kubernetes."""

    causely_api = 1

    @hookimpl
    def causely_config(self) -> type:
        """Which cluster; see :class:`KubernetesConfig`."""
        return KubernetesConfig

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """What there is in the cluster, if there is one.

        In the mediator only: all agents together would ask the API for too much.
        """
        if context.component != "mediator" or not (context.config.kubeconfig or cluster_url()):
            return []
        from causely_plugin_kubernetes.discoverer import KubernetesDiscoverer

        return [KubernetesDiscoverer(context)]
