"""Azure SQL Database: a database of a logical server, whose address all databases of the server share."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Relation
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import Aggregation, level, per_second, percent
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service
from causely_plugin_azure.services.endpoints import database_at

_SYSTEMS = ("mssql", "microsoft.sql_server")
_PORT = 1433
_SERVERS = "microsoft.sql/servers"


def _of_people(database: Resource) -> bool:
    return database.name.lower() != "master"


def _relations(database: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    server = inventory.resources.get(database.parent)
    name = server.text("fullyQualifiedDomainName") if server else ""
    at = [each for each in (name, *(inventory.private(server) if server else ())) if each]
    yield from database_at(_SYSTEMS, at, _PORT, database.name, id)


SERVERS = Service(name="sql", type=_SERVERS, entity="", wanted=("fullyQualifiedDomainName",))

DATABASES = Service(
    name="sql",
    type=f"{_SERVERS}/databases",
    title="SQL Database",
    entity=EntityType.DATABASE,
    takes=_of_people,
    relations=_relations,
    measures=(
        percent("cpu_utilization", "cpu_percent"),
        percent("azure.capacity_utilization", "dtu_consumption_percent", Aggregation.MAXIMUM),
        percent("disk_utilization", "storage_percent", Aggregation.MAXIMUM),
        percent("azure.log_write_utilization", "log_write_percent"),
        percent("azure.worker_utilization", "workers_percent", Aggregation.MAXIMUM),
        percent("connection_utilization", "sessions_percent", Aggregation.MAXIMUM),
        per_second("azure.deadlock_rate", "deadlock"),
        per_second("azure.login_failure_rate", "connection_failed"),
        level("replication_lag", "replication_lag_seconds", Aggregation.MAXIMUM),
    ),
)
