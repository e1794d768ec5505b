"""Azure Database for PostgreSQL, flexible server."""

from __future__ import annotations

from causely_core.model import EntityType
from causely_plugin_azure.metrics.measure import Aggregation, Measure, Term, level, per_second, percent
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


def _hosts(server: Resource) -> tuple[str, ...]:
    return (server.text("fullyQualifiedDomainName"),)


def _of_most(_: Resource, found: tuple[float, ...]) -> float | None:
    open, most = found
    return open / most if most else None


SERVICE = Service(
    name="postgresql",
    type="microsoft.dbforpostgresql/flexibleservers",
    title="Azure Database for PostgreSQL flexible servers",
    entity=EntityType.DATABASE,
    wanted=("fullyQualifiedDomainName",),
    hosts=_hosts,
    addressed=True,
    measures=(
        percent("cpu_utilization", "cpu_percent"),
        percent("disk_utilization", "storage_percent"),
        percent("disk_iops_utilization", "disk_iops_consumed_percentage"),
        percent("disk_throughput_utilization", "disk_bandwidth_consumed_percentage"),
        Measure(
            "connection_utilization",
            (Term("active_connections", Aggregation.AVERAGE), Term("max_connections", Aggregation.MAXIMUM)),
            _of_most,
        ),
        level("replication_lag", "physical_replication_delay_in_seconds", Aggregation.MAXIMUM),
        per_second("azure.deadlock_rate", "deadlocks"),
        per_second("azure.login_failure_rate", "connections_failed"),
    ),
)
