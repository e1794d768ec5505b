"""EKS: clusters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityType
from causely_plugin_aws.call import Call
from causely_plugin_aws.resource import Resource, Service

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Amazon EKS API Reference", ListClusters); what a cluster is, is a call a cluster.
_CLUSTERS = Call("eks", "list_clusters", "eks:ListClusters", "clusters", ("nextToken", "nextToken"))
_CLUSTER = Call("eks", "describe_cluster", "eks:DescribeCluster")
_PAGE = 100


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for name in api.items(_CLUSTERS, maxResults=_PAGE):
        yield cluster((await api.call(_CLUSTER, name=name))["cluster"], api)


def cluster(raw: Mapping[str, Any], api: Api) -> Resource:
    """A cluster. What is in it Kubernetes tells."""
    told = {
        "cloud.provider": "aws",
        "cloud.platform": "aws_eks",
        "cloud.account.id": api.account,
        "cloud.region": api.region,
        "k8s.cluster.version": raw.get("version", ""),
    }
    endpoint = raw.get("endpoint", "").removeprefix("https://")
    entity = Entity.of(EntityType.CLUSTER, raw["name"], "", {key: value for key, value in told.items() if value})
    return Resource(entity, raw.get("arn", ""), names={endpoint: entity.id} if endpoint else {})


SERVICE = Service("eks", (_CLUSTERS, _CLUSTER), find)
