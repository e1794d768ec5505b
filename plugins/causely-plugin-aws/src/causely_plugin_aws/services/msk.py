"""MSK: clusters of Kafka."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityId, EntityType
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import gauge
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Amazon MSK API Reference", MaxResults); the names of brokers are a call a cluster.
_PAGE = 100
_CLUSTERS = Call("kafka", "list_clusters_v2", "kafka:ListClustersV2", "ClusterInfoList")
_BROKERS = Call("kafka", "get_bootstrap_brokers", "kafka:GetBootstrapBrokers")

_CLUSTER = (gauge("partitions_without_leader", "OfflinePartitionsCount", "Maximum"),)
_BROKER = (
    gauge("under_replicated_partitions", "UnderReplicatedPartitions", "Maximum"),
    gauge("disk_utilization", "KafkaDataLogsDiskUsed", "Maximum", 0.01),
    gauge("cpu_utilization", "CpuUser", scale=0.01),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_CLUSTERS, MaxResults=_PAGE):
        brokers = await api.call(_BROKERS, ClusterArn=raw["ClusterArn"]) if raw.get("State") == "ACTIVE" else {}
        yield cluster(raw, brokers, api)


def cluster(raw: Mapping[str, Any], brokers: Mapping[str, Any], api: Api) -> Resource:
    """A cluster: the worst of its brokers is how it is."""
    entity = described(api, EntityType.CLOUD_SERVICE, "msk", raw["ClusterName"], {"messaging.system": "kafka"})
    hosts = {host.rpartition(":")[0] for host in _hosts(brokers)}
    return Resource(entity, raw["ClusterArn"], hosts=tuple(sorted(hosts)), subjects=tuple(_subjects(raw, entity.id)))


def _subjects(raw: Mapping[str, Any], id: EntityId) -> Iterator[Subject]:
    cluster = {"Cluster Name": raw["ClusterName"]}
    yield Subject(id, "AWS/Kafka", cluster, _CLUSTER)
    for number in range(1, raw.get("Provisioned", {}).get("NumberOfBrokerNodes", 0) + 1):
        yield Subject(id, "AWS/Kafka", {**cluster, "Broker ID": str(number)}, _BROKER)


def _hosts(brokers: Mapping[str, Any]) -> Iterator[str]:
    return (host for name, told in brokers.items() if name.startswith("BootstrapBroker") for host in told.split(","))


SERVICE = Service("msk", (_CLUSTERS, _BROKERS), find)
