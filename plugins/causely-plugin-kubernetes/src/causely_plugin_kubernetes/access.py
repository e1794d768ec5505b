"""Which access the settings ask for."""

from __future__ import annotations

from causely_core.kubernetes import Access, ApiError, ServiceAccount, cluster_url
from causely_plugin_kubernetes.config import KubernetesConfig


def access_to(config: KubernetesConfig) -> Access:
    """By the kubeconfig, or by the service account of the pod.

    Raises:
        ApiError: the file cannot be read, or there is neither.
    """
    if config.kubeconfig:
        # Takes a second to import, and most run in a pod.
        from causely_plugin_kubernetes.kubeconfig import Kubeconfig

        return Kubeconfig(config.kubeconfig, config.context)
    if url := cluster_url():
        return ServiceAccount(url)
    raise ApiError("Kubernetes API: this is no pod of a cluster; set plugins.kubernetes.kubeconfig")
