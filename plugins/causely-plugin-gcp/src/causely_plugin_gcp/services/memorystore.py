"""Memorystore: Redis, Redis Cluster and Valkey, and what their metrics mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from causely_core.model import EntityType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, entity, given
from causely_plugin_gcp.metric import Metric, rate
from causely_plugin_gcp.service import Service

_REDIS, _NODE = "redis/{resource.instance_id}", ("resource.node_id",)
_CLUSTER = "redis-cluster/{resource.location}/{resource.cluster_id}"
_VALKEY = "valkey/{resource.location}/{resource.instance_id}"


def redis(asset: Asset) -> Found:
    """An instance of Memorystore for Redis."""
    data = asset.data
    hosts = given((data.get("host"), data.get("readEndpoint")))
    full = asset.name.removeprefix("//redis.googleapis.com/")
    return Found(asset.name, _cache(asset, "redis"), hosts=hosts, keys=(f"redis/{full}",))


def cluster(asset: Asset) -> Found:
    """A cluster of Memorystore for Redis Cluster."""
    hosts = given(each.get("address") for each in asset.data.get("discoveryEndpoints") or ())
    return Found(
        asset.name,
        _cache(asset, "redis"),
        hosts=hosts,
        keys=(f"redis-cluster/{asset.location}/{asset.short}",),
    )


def valkey(asset: Asset) -> Found:
    """An instance of Memorystore for Valkey."""
    keys = (f"valkey/{asset.location}/{asset.short}",)
    return Found(asset.name, _cache(asset, "valkey"), hosts=given(_endpoints(asset.data)), keys=keys)


def _cache(asset: Asset, system: str) -> Any:
    return entity(asset, EntityType.CACHE, "memorystore", {"db.system.name": system})


def _endpoints(data: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(each.get("address") or "") for each in data.get("discoveryEndpoints") or ())
    for endpoint in data.get("endpoints") or ():
        for each in endpoint.get("connections") or ():
            yield str((each.get("pscAutoConnection") or {}).get("ipAddress") or "")


MEMORYSTORE = Service(
    "memorystore",
    {
        "redis.googleapis.com/Instance": redis,
        "redis.googleapis.com/Cluster": cluster,
        "memorystore.googleapis.com/Instance": valkey,
    },
    (
        # One thread does all commands: its seconds a second are the share of what it can do.
        rate("redis.googleapis.com/stats/cpu_utilization_main_thread", "cpu_utilization", _REDIS, by=_NODE),
        Metric("redis.googleapis.com/stats/memory/usage_ratio", "memory_utilization", _REDIS),
        rate("redis.googleapis.com/stats/evicted_keys", "eviction_rate", _REDIS),
        # Of the nodes that which finds most: nobody may ask a replica.
        Metric("redis.googleapis.com/stats/cache_hit_ratio", "cache_miss_rate", _REDIS, scale=-1.0, offset=1.0),
        Metric("redis.googleapis.com/cluster/cpu/maximum_utilization", "cpu_utilization", _CLUSTER),
        Metric("redis.googleapis.com/cluster/memory/maximum_utilization", "memory_utilization", _CLUSTER),
        Metric("memorystore.googleapis.com/instance/cpu/maximum_utilization", "cpu_utilization", _VALKEY),
        Metric("memorystore.googleapis.com/instance/memory/maximum_utilization", "memory_utilization", _VALKEY),
    ),
)
