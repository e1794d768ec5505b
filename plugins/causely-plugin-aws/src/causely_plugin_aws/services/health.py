"""AWS Health: what AWS says is wrong with itself. Needs a support plan, without which it is asked once and left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityType, Series
from causely_plugin_aws.call import Call
from causely_plugin_aws.chunks import chunks
from causely_plugin_aws.resource import Resource, Service
from causely_plugin_aws.services.targets import target

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# One endpoint for all regions ("AWS Health endpoints and quotas"); pages have at most 100, and ten events can be asked
# about in a call ("AWS Health API Reference").
_EVENTS = Call(
    "health", "describe_events", "health:DescribeEvents", "events", ("nextToken", "nextToken"), region="us-east-1"
)
_AFFECTED = Call(
    "health",
    "describe_affected_entities",
    "health:DescribeAffectedEntities",
    "entities",
    ("nextToken", "nextToken"),
    region="us-east-1",
)
_PAGE, _AT_ONCE = 100, 10
_ISSUE = "provider_issue"


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    wanted = {"eventTypeCategories": ["issue"], "eventStatusCodes": ["open"], "regions": [api.region, "global"]}
    issues = [raw async for raw in api.items(_EVENTS, filter=wanted, maxResults=_PAGE)]
    for raw in issues:
        yield issue(raw, api)
    for some in chunks([raw["arn"] for raw in issues], _AT_ONCE):
        async for raw in api.items(_AFFECTED, filter={"eventArns": list(some)}, maxResults=_PAGE):
            yield affected(raw)


def issue(raw: Mapping[str, Any], api: Api) -> Resource:
    """A service that has an issue in the region."""
    service = str(raw.get("service", "")).lower()
    entity = Entity.of(
        EntityType.CLOUD_SERVICE,
        api.key(service, "").rstrip("/"),
        f"{raw.get('service', '')} in {api.region}",
        {"cloud.provider": "aws", "cloud.region": api.region, "aws.health.event": raw.get("eventTypeCode", "")},
    )
    return Resource(entity, values={Series(entity.id, _ISSUE): 1.0})


def affected(raw: Mapping[str, Any]) -> Resource:
    """A resource that an issue is of, if AWS names it by its ARN."""
    id = target(raw.get("entityValue", "")) if raw.get("statusCode") != "UNIMPAIRED" else None
    return Resource(values={Series(id, _ISSUE): 1.0}) if id else Resource()


SERVICE = Service("health", (_EVENTS, _AFFECTED), find)
