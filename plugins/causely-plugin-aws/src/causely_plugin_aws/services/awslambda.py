"""Lambda: functions, what they read, and the concurrency that all of a region share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import count, gauge, rate, share, used
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.targets import target

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Control plane: 15 calls a second ("Lambda quotas", invocations and API requests); pages have at most 50 functions and
# 100 mappings ("AWS Lambda API Reference", MaxItems).
_MARKS = ("Marker", "NextMarker")
_FUNCTIONS = Call("lambda", "list_functions", "lambda:ListFunctions", "Functions", _MARKS)
_MAPPINGS = Call(
    "lambda", "list_event_source_mappings", "lambda:ListEventSourceMappings", "EventSourceMappings", _MARKS
)
_LIMITS = Call("lambda", "get_account_settings", "lambda:GetAccountSettings")

_FUNCTION = (
    rate("request_rate", "Invocations"),
    count("request_count", "Invocations", "Throttles"),
    share("error_rate", ("Errors",), "Invocations"),
    share("throttled_rate", ("Throttles",), "Invocations", "Throttles"),
    gauge("request_duration.p95", "Duration", "p95", 0.001),
    gauge("iterator_age", "IteratorAge", "Maximum", 0.001),
)
_ALL = (used("concurrency_utilization", "ConcurrentExecutions", of="concurrency", statistic="Maximum"),)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_FUNCTIONS, MaxItems=50):
        yield function(raw, api)
    async for raw in api.items(_MAPPINGS, MaxItems=100):
        yield mapping(raw)
    yield whole((await api.call(_LIMITS)).get("AccountLimit", {}), api)


def whole(limits: Mapping[str, Any], api: Api) -> Resource:
    """Lambda itself in this region: what functions without a reserve of their own share."""
    entity = Entity.of(EntityType.CLOUD_SERVICE, _whole(api), f"Lambda in {api.region}", {"cloud.provider": "aws"})
    facts = {"concurrency": float(limits.get("ConcurrentExecutions", 0))}
    return Resource(entity, subjects=(Subject(entity.id, "AWS/Lambda", {}, _ALL, facts),))


def function(raw: Mapping[str, Any], api: Api) -> Resource:
    """A function."""
    name, runtime = raw["FunctionName"], raw.get("Runtime", "")
    more = {"faas.name": name, "process.runtime.name": runtime, "faas.version": raw.get("Version", "")}
    entity = described(api, EntityType.CLOUD_SERVICE, "lambda", name, more)
    part = Relation(entity.id, RelationType.PART_OF, entity_id(EntityType.CLOUD_SERVICE, _whole(api)))
    subject = Subject(entity.id, "AWS/Lambda", {"FunctionName": name}, _FUNCTION)
    return Resource(entity, raw["FunctionArn"], (part,), subjects=(subject,))


def mapping(raw: Mapping[str, Any]) -> Resource:
    """What a function reads."""
    function, source = target(raw.get("FunctionArn", "")), target(raw.get("EventSourceArn", ""))
    if function is None or source is None:
        return Resource()
    return Resource(arn=raw["UUID"], relations=(_reads(function, source),))


def _reads(function: EntityId, source: EntityId) -> Relation:
    return Relation(function, RelationType.CONSUMES_FROM, source)


def _whole(api: Api) -> str:
    return api.key("lambda", "concurrency").removesuffix("/concurrency")


SERVICE = Service("lambda", (_FUNCTIONS, _MAPPINGS, _LIMITS), find)
