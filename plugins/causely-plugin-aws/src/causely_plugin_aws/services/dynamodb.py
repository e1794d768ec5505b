"""DynamoDB: tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

from causely_core.model import EntityType, entity_id
from causely_core.polling import same
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import PERIOD, Measure, Stat
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 100 ("Amazon DynamoDB API Reference", ListTables). Of what a table is nothing is asked: that would
# be a call a table.
_TABLES = Call(
    "dynamodb",
    "list_tables",
    "dynamodb:ListTables",
    "TableNames",
    ("ExclusiveStartTableName", "LastEvaluatedTableName"),
)

_OPERATIONS = ("GetItem", "PutItem", "Query", "UpdateItem")
"""Those that are asked for: each costs three metrics."""
_THROTTLED = (Stat("ReadThrottleEvents", "Sum"), Stat("WriteThrottleEvents", "Sum"))


def _operations(metric: str, statistic: str) -> tuple[Stat, ...]:
    return tuple(Stat(metric, statistic, {"Operation": each}) for each in _OPERATIONS)


_SERVED = _operations("SuccessfulRequestLatency", "SampleCount")
_FAILED = _operations("SystemErrors", "Sum")


def _requests(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
    there = [each for each in seen if each is not None]
    return sum(there) if there else None


def _rate(seen: Sequence[float | None], facts: Mapping[str, float]) -> float | None:
    found = _requests(seen, facts)
    return None if found is None else found / PERIOD


def _slowest(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
    there = [each for each in seen if each is not None]
    return max(there) / 1000.0 if there else None


def _failing(parts: int) -> Measure:
    """The share that ``parts`` have, which no other statistic counts."""
    attribute, stats = ("throttled_rate", _THROTTLED) if parts == len(_THROTTLED) else ("error_rate", _FAILED)

    def value(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
        failed, served = (sum(each or 0.0 for each in some) for some in (seen[:parts], seen[parts:]))
        return failed / (failed + served) if failed + served else None

    return Measure(attribute, (*stats, *_SERVED), value)


_MEASURES = (
    Measure("request_rate", _SERVED, _rate),
    Measure("request_count", _SERVED, _requests, counted=True),
    Measure("request_duration.p95", _operations("SuccessfulRequestLatency", "p95"), _slowest),
    _failing(len(_FAILED)),
    _failing(len(_THROTTLED)),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for name in api.items(_TABLES):
        yield table(name, api)


def table(name: str, api: Api) -> Resource:
    """A table. The endpoint is shared by all tables, so that spans which name the table tell which one is meant."""
    entity = described(api, EntityType.DATABASE, "dynamodb", name, {"db.system.name": "aws.dynamodb"})
    server = f"dynamodb.{api.region}.amazonaws.com"
    spoken = (f"{system}/{server}/{name}" for system in ("dynamodb", "aws.dynamodb"))
    return Resource(
        entity,
        f"arn:{api.partition}:dynamodb:{api.region}:{api.account}:table/{name}",
        tuple(same(entity_id(EntityType.DATABASE, each), entity.id) for each in spoken),
        subjects=(Subject(entity.id, "AWS/DynamoDB", {"TableName": name}, _MEASURES),),
    )


SERVICE = Service("dynamodb", (_TABLES,), find)
