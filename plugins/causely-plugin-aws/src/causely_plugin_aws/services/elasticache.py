"""ElastiCache: Redis, Valkey and Memcached."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityId, EntityType, entity_id
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import gauge, rate, share
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Amazon ElastiCache API Reference", MaxRecords).
_PAGE = 100
_MARKS = ("Marker", "Marker")
_GROUPS = Call(
    "elasticache",
    "describe_replication_groups",
    "elasticache:DescribeReplicationGroups",
    "ReplicationGroups",
    _MARKS,
)
_CLUSTERS = Call("elasticache", "describe_cache_clusters", "elasticache:DescribeCacheClusters", "CacheClusters", _MARKS)

_REDIS = (
    gauge("cpu_utilization", "EngineCPUUtilization", scale=0.01),
    gauge("memory_utilization", "DatabaseMemoryUsagePercentage", "Maximum", 0.01),
    rate("eviction_rate", "Evictions"),
    share("cache_miss_rate", ("CacheMisses",), "CacheMisses", "CacheHits"),
    gauge("replication_lag", "ReplicationLag", "Maximum"),
    rate("bandwidth_exceeded_rate", "NetworkBandwidthInAllowanceExceeded", "NetworkBandwidthOutAllowanceExceeded"),
)
_MEMCACHED = (
    gauge("cpu_utilization", "CPUUtilization", scale=0.01),
    rate("eviction_rate", "Evictions"),
    share("cache_miss_rate", ("GetMisses",), "GetMisses", "GetHits"),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_GROUPS, MaxRecords=_PAGE):
        yield group(raw, api)
    async for raw in api.items(_CLUSTERS, MaxRecords=_PAGE, ShowCacheNodeInfo=True):
        yield node(raw, api) if raw.get("ReplicationGroupId") else cluster(raw, api)


def group(raw: Mapping[str, Any], api: Api) -> Resource:
    """A replication group, with all endpoints of its own."""
    more = {"db.system.name": raw.get("Engine", "redis")}
    entity = described(api, EntityType.CACHE, "elasticache", raw["ReplicationGroupId"], more)
    return Resource(entity, raw.get("ARN", ""), hosts=tuple(sorted({*_endpoints(raw)})))


def node(raw: Mapping[str, Any], api: Api) -> Resource:
    """A member of a replication group: its values are the group's."""
    group = entity_id(EntityType.CACHE, api.key("elasticache", raw["ReplicationGroupId"]))
    return Resource(arn=raw.get("ARN", ""), subjects=(_subject(group, raw, _REDIS),))


def cluster(raw: Mapping[str, Any], api: Api) -> Resource:
    """A cluster of its own."""
    engine = raw.get("Engine", "")
    entity = described(api, EntityType.CACHE, "elasticache", raw["CacheClusterId"], {"db.system.name": engine})
    measures = _MEMCACHED if engine == "memcached" else _REDIS
    hosts = [raw.get("ConfigurationEndpoint"), *(each.get("Endpoint") for each in raw.get("CacheNodes", ()))]
    names = tuple(sorted({host["Address"] for host in hosts if host and host.get("Address")}))
    return Resource(entity, raw.get("ARN", ""), hosts=names, subjects=(_subject(entity.id, raw, measures),))


def _subject(entity: EntityId, raw: Mapping[str, Any], measures: tuple[Any, ...]) -> Subject:
    return Subject(entity, "AWS/ElastiCache", {"CacheClusterId": raw["CacheClusterId"]}, measures)


def _endpoints(raw: Mapping[str, Any]) -> Iterator[str]:
    told = [raw.get("ConfigurationEndpoint")]
    for shard in raw.get("NodeGroups", ()):
        told += [shard.get("PrimaryEndpoint"), shard.get("ReaderEndpoint")]
        told += [each.get("ReadEndpoint") for each in shard.get("NodeGroupMembers", ())]
    return (each["Address"] for each in told if each and each.get("Address"))


SERVICE = Service("elasticache", (_GROUPS, _CLUSTERS), find)
