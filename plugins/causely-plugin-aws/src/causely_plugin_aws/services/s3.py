"""S3: buckets, and how they answer where their metrics of requests are on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityType, entity_id
from causely_core.polling import PollError, same
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import count, gauge, rate, share
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 10,000 ("Amazon S3 API Reference", ListBuckets), with a region only those of that region.
_BUCKETS = Call("s3", "list_buckets", "s3:ListAllMyBuckets", "Buckets", ("ContinuationToken", "ContinuationToken"))
# Pages have 500; 25 calls a second ("CloudWatch service quotas", ListMetrics).
_METRICS = Call("cloudwatch", "list_metrics", "cloudwatch:ListMetrics", "Metrics")
_PAGE = 1000

_MEASURES = (
    rate("request_rate", "AllRequests"),
    count("request_count", "AllRequests"),
    share("error_rate", ("5xxErrors",), "AllRequests"),
    gauge("request_duration.p95", "TotalRequestLatency", "p95", 0.001),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    filters = await _filters(api)
    async for raw in api.items(_BUCKETS, BucketRegion=api.region, MaxBuckets=_PAGE):
        if raw.get("BucketRegion", api.region) == api.region:
            yield bucket(raw, filters.get(raw["Name"], []), api)


def bucket(raw: Mapping[str, Any], filters: list[str], api: Api) -> Resource:
    """A bucket, with the filters by which its requests are measured."""
    name = raw["Name"]
    entity = described(api, EntityType.CLOUD_SERVICE, "s3", name)
    dimensions = ({"BucketName": name, "FilterId": filter} for filter in filters)
    return Resource(
        entity,
        f"arn:{api.partition}:s3:::{name}",
        (same(entity_id(EntityType.DATABASE, f"s3/{name}"), entity.id),),
        # The addresses are shared by all buckets.
        names={f"{name}.s3.{api.region}.amazonaws.com": entity.id, f"{name}.s3.amazonaws.com": entity.id},
        subjects=tuple(Subject(entity.id, "AWS/S3", each, _MEASURES) for each in dimensions),
    )


async def _filters(api: Api) -> Mapping[str, list[str]]:
    """Of each bucket that has some; without the right to ask, none."""
    found: dict[str, list[str]] = {}
    try:
        async for raw in api.items(_METRICS, Namespace="AWS/S3", MetricName="AllRequests"):
            named = {each["Name"]: each["Value"] for each in raw["Dimensions"]}
            if "FilterId" in named and "BucketName" in named:
                found.setdefault(named["BucketName"], []).append(named["FilterId"])
    except PollError:
        return found
    return found


SERVICE = Service("s3", (_BUCKETS, _METRICS), find)
