"""Azure App Service: plans, apps and functions."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Relation, RelationType
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import count, level, per_second, percent, share, total
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


def _is_function(app: Resource) -> bool:
    return "functionapp" in app.kind


def _is_app(app: Resource) -> bool:
    return not _is_function(app)


def _hosts(app: Resource) -> Iterator[str]:
    yield app.text("defaultHostName")
    names = app.at("hostNames")
    yield from (name for name in (names if isinstance(names, list) else ()) if isinstance(name, str))


def _on_plan(app: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    if (plan := inventory.entity(app.text("serverFarmId"))) is not None:
        yield Relation(id, RelationType.RUNS_ON, plan)


_WANTED = ("defaultHostName", "hostNames", "serverFarmId")
_REQUESTS = (
    share("error_rate", total("Http5xx"), total("Requests")),
    count("request_count", "Requests"),
    per_second("request_rate", "Requests"),
    level("azure.request_duration", "HttpResponseTime"),
)

PLANS = Service(
    name="appservice",
    type="microsoft.web/serverfarms",
    title="App Service",
    entity=EntityType.CLOUD_SERVICE,
    measures=(
        percent("cpu_utilization", "CpuPercentage"),
        percent("memory_utilization", "MemoryPercentage"),
        level("azure.http_queue_length", "HttpQueueLength"),
    ),
)

APPS = Service(
    name="appservice",
    type="microsoft.web/sites",
    title="App Service",
    entity=EntityType.CLOUD_SERVICE,
    wanted=_WANTED,
    takes=_is_app,
    hosts=_hosts,
    relations=_on_plan,
    measures=_REQUESTS,
)

FUNCTIONS = Service(
    name="functions",
    type="microsoft.web/sites",
    title="Azure Functions",
    entity=EntityType.CLOUD_SERVICE,
    wanted=_WANTED,
    takes=_is_function,
    hosts=_hosts,
    relations=_on_plan,
    measures=_REQUESTS,
)
