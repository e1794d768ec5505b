"""Azure Kubernetes Service."""

from __future__ import annotations

from causely_core.model import EntityType
from causely_plugin_azure.metrics.measure import Aggregation, level, percent
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


def _name(cluster: Resource) -> str:
    return cluster.name


def _hosts(cluster: Resource) -> tuple[str, ...]:
    return (cluster.text("fqdn"), cluster.text("privateFQDN"))


SERVICE = Service(
    name="aks",
    type="microsoft.containerservice/managedclusters",
    title="Azure Kubernetes Service (AKS)",
    entity=EntityType.CLUSTER,
    wanted=("fqdn", "privateFQDN", "nodeResourceGroup"),
    key=_name,
    hosts=_hosts,
    measures=(
        level("unschedulable_pods", "cluster_autoscaler_unschedulable_pods_count", Aggregation.MAXIMUM),
        percent("azure.api_server_cpu_utilization", "apiserver_cpu_usage_percentage", Aggregation.MAXIMUM),
        percent("azure.etcd_utilization", "etcd_database_usage_percentage", Aggregation.MAXIMUM),
    ),
)
