"""Azure Cache for Redis."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityType
from causely_plugin_azure.metrics.measure import Aggregation, per_second, percent, share, total
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


def _hosts(cache: Resource) -> Iterator[str]:
    yield cache.text("hostName")


SERVICE = Service(
    name="redis",
    type="microsoft.cache/redis",
    title="Azure Cache for Redis",
    entity=EntityType.CACHE,
    wanted=("hostName",),
    hosts=_hosts,
    addressed=True,
    measures=(
        percent("cpu_utilization", "percentProcessorTime", Aggregation.MAXIMUM),
        percent("azure.capacity_utilization", "serverLoad", Aggregation.MAXIMUM),
        percent("memory_utilization", "usedmemorypercentage", Aggregation.MAXIMUM),
        per_second("eviction_rate", "evictedkeys"),
        share("cache_miss_rate", total("cachemisses"), total("cachemisses"), total("cachehits")),
        per_second("request_rate", "totalcommandsprocessed"),
    ),
)
