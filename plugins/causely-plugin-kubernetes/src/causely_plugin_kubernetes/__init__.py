"""Kubernetes for causely: what there is in a cluster, and what becomes of it."""

from causely_plugin_kubernetes.config import KubernetesConfig
from causely_plugin_kubernetes.plugin import KubernetesPlugin

__all__ = ["KubernetesConfig", "KubernetesPlugin"]
