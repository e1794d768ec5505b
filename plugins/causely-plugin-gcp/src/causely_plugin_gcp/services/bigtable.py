"""Bigtable: instances with their clusters, and what their metrics mean. Pure."""

from __future__ import annotations

from causely_core.model import EntityType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, entity
from causely_plugin_gcp.metric import Metric, percentile, rate
from causely_plugin_gcp.service import Service

_KEY = "bigtable/{resource.instance}"
_CLUSTER = ("resource.cluster",)
"""Of the clusters of an instance the one that is worst counts."""


def instance(asset: Asset) -> Found:
    """An instance, with all of its clusters and tables."""
    described = {"db.system.name": "gcp.bigtable"}
    return Found(
        asset.name, entity(asset, EntityType.DATABASE, "bigtable", described), keys=(f"bigtable/{asset.short}",)
    )


BIGTABLE = Service(
    "bigtable",
    {"bigtableadmin.googleapis.com/Instance": instance},
    (
        Metric("bigtable.googleapis.com/cluster/cpu_load", "cpu_utilization", _KEY, by=_CLUSTER),
        Metric("bigtable.googleapis.com/cluster/cpu_load_hottest_node", "gcp.hottest_node_cpu", _KEY, by=_CLUSTER),
        Metric("bigtable.googleapis.com/cluster/storage_utilization", "disk_utilization", _KEY, by=_CLUSTER),
        rate("bigtable.googleapis.com/server/request_count", "request_rate", _KEY),
        Metric(
            "bigtable.googleapis.com/server/error_count",
            "error_rate",
            _KEY,
            "ALIGN_RATE",
            "REDUCE_SUM",
            per="request_rate",
        ),
        percentile("bigtable.googleapis.com/server/latencies", "request_duration.p95", _KEY, 1e-3),
    ),
)
