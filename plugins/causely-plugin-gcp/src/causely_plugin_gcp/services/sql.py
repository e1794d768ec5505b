"""Cloud SQL: instances, their replicas, and what their metrics mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from causely_core.model import EntityType, RelationType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, Link, entity, given
from causely_plugin_gcp.metric import Metric, percentile, rate
from causely_plugin_gcp.service import Service
from causely_plugin_gcp.services.sql_connections import most_connections

_SYSTEMS = {"POSTGRES": "postgresql", "MYSQL": "mysql", "SQLSERVER": "microsoft.sql_server"}
_KEY = "sql/{resource.database_id}"


def instance(asset: Asset) -> Found:
    """An instance; a replica stores what its primary does."""
    most = most_connections(asset.data)
    data, called = asset.data, f"{asset.project}:{asset.short}"
    primary = str(data.get("masterInstanceName") or "")
    primary_name = _name(primary, asset.project) if primary else asset.name
    system = _SYSTEMS.get(str(data.get("databaseVersion", "")).partition("_")[0], "")
    return Found(
        asset.name,
        entity(asset, EntityType.DATABASE, "sql", {"db.system.name": system, "cloud.availability_zone": _zone(data)}),
        links=(Link(RelationType.PART_OF, primary_name),) if primary else (),
        hosts=given(_hosts(data)),
        keys=(f"sql/{called}",),
        shared_keys={f"sql-primary/{called}": primary_name},
        limits={"connections": most} if most else {},
    )


def _zone(data: Mapping[str, Any]) -> str:
    return str(data.get("gceZone") or "")


def _name(primary: str, project: str) -> str:
    """``instance`` or ``project:instance``."""
    owner, _, short = primary.rpartition(":")
    return f"//cloudsql.googleapis.com/projects/{owner or project}/instances/{short}"


def _hosts(data: Mapping[str, Any]) -> list[str]:
    addresses = [each for each in data.get("ipAddresses") or () if each.get("type") != "OUTGOING"]
    names = [str(each.get("name", "")).rstrip(".") for each in data.get("dnsNames") or ()]
    return [str(each.get("ipAddress") or "") for each in addresses] + [
        str(data.get("dnsName") or "").rstrip("."),
        *names,
    ]


SQL = Service(
    "sql",
    {"sqladmin.googleapis.com/Instance": instance},
    (
        Metric("cloudsql.googleapis.com/database/cpu/utilization", "cpu_utilization", _KEY),
        Metric("cloudsql.googleapis.com/database/disk/utilization", "disk_utilization", _KEY),
        *(
            Metric(
                f"cloudsql.googleapis.com/database/{name}",
                "connection_utilization",
                _KEY,
                reducer="REDUCE_SUM",
                per="connections",
            )
            for name in ("network/connections", "postgresql/num_backends")
        ),
        Metric(
            "cloudsql.googleapis.com/database/replication/replica_lag",
            "replication_lag",
            "sql-primary/{resource.database_id}",
            "ALIGN_MAX",
        ),
        Metric("cloudsql.googleapis.com/database/up", "gcp.down", _KEY, "ALIGN_MIN", "REDUCE_MIN", -1.0, 1.0),
        rate("cloudsql.googleapis.com/database/auto_failover_request_count", "gcp.failover_rate", _KEY),
        percentile(
            "cloudsql.googleapis.com/database/postgresql/insights/aggregate/latencies",
            "request_duration.p95",
            "sql/{resource.resource_id}",
            1e-6,
        ),
    ),
)
