"""Azure Cosmos DB: an account, with a name of its own and one in each region."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityType
from causely_plugin_azure.metrics.measure import Aggregation, Measure, Term, level, percent, share
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service
from causely_plugin_azure.services.endpoints import host

_STATUS = "StatusCode"
_FAILED = ("408", "410", "449", "500", "503")
"""What the service answers when it fails; others are for what was asked wrongly, or not there."""


def _hosts(account: Resource) -> Iterator[str]:
    yield host(account.text("documentEndpoint"))
    for kind in ("readLocations", "writeLocations"):
        for each in account.objects(kind):
            yield host(str(each.get("documentEndpoint") or ""))
    yield f"{account.name.lower()}.mongo.cosmos.azure.com"


def _count(_: Resource, found: tuple[float, ...]) -> float:
    return found[0]


def _rate(_: Resource, found: tuple[float, ...]) -> float:
    return found[0] / 60.0


_REQUESTS = Term("TotalRequests", Aggregation.COUNT, _STATUS)


def _answered(*codes: str) -> Term:
    return Term("TotalRequests", Aggregation.COUNT, _STATUS, frozenset(codes), 0.0)


SERVICE = Service(
    name="cosmos",
    type="microsoft.documentdb/databaseaccounts",
    title="Azure Cosmos DB",
    entity=EntityType.DATABASE,
    wanted=("documentEndpoint", "readLocations", "writeLocations"),
    hosts=_hosts,
    measures=(
        percent("azure.capacity_utilization", "NormalizedRUConsumption", Aggregation.MAXIMUM),
        share("throttled_rate", _answered("429"), _REQUESTS),
        share("error_rate", _answered(*_FAILED), _REQUESTS),
        Measure("request_count", (_REQUESTS,), _count, counts=True),
        Measure("request_rate", (_REQUESTS,), _rate),
        level("azure.request_duration", "ServerSideLatencyDirect", scale=0.001),
    ),
)
