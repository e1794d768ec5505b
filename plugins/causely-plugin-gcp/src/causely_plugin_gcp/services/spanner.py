"""Spanner: instances, and what their metrics mean. Pure."""

from __future__ import annotations

from causely_core.model import EntityType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, entity
from causely_plugin_gcp.metric import Metric, percentile, requests
from causely_plugin_gcp.outcomes import Outcomes
from causely_plugin_gcp.service import Service

_KEY = "spanner/{resource.instance_id}"
_GOOD = ("OK", "CANCELLED", "NOT_FOUND", "ALREADY_EXISTS", "INVALID_ARGUMENT")
"""Results that are no failure of the database."""


def instance(asset: Asset) -> Found:
    """An instance, with all of its databases."""
    described = {
        "db.system.name": "gcp.spanner",
        "gcp.spanner.config": str(asset.data.get("config", "")).rpartition("/")[2],
    }
    return Found(asset.name, entity(asset, EntityType.DATABASE, "spanner", described), keys=(f"spanner/{asset.short}",))


SPANNER = Service(
    "spanner",
    {"spanner.googleapis.com/Instance": instance},
    (
        Metric(
            "spanner.googleapis.com/instance/cpu/utilization",
            "cpu_utilization",
            _KEY,
            reducer="REDUCE_SUM",
            by=("resource.location",),
        ),
        Metric(
            "spanner.googleapis.com/instance/cpu/utilization_by_priority",
            "gcp.high_priority_cpu",
            _KEY,
            reducer="REDUCE_SUM",
            by=("resource.location",),
            where='metric.labels.priority = "high"',
        ),
        Metric("spanner.googleapis.com/instance/storage/utilization", "disk_utilization", _KEY),
        requests("spanner.googleapis.com/api/api_request_count", _KEY, Outcomes("metric.status", good=_GOOD)),
        percentile("spanner.googleapis.com/api/request_latencies", "request_duration.p95", _KEY, 1.0),
    ),
)
