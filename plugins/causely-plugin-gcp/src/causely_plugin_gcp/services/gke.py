"""GKE: clusters, and what their control planes tell. Pure."""

from __future__ import annotations

from causely_core.model import Entity, EntityType
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, entity
from causely_plugin_gcp.metric import percentile
from causely_plugin_gcp.service import Service

_ILL = frozenset(("DEGRADED", "ERROR"))


def cluster(asset: Asset) -> Found:
    """A cluster, by its name alone, as whoever watches it from within calls it."""
    described = entity(asset, EntityType.CLUSTER, "gke", {"k8s.cluster.name": asset.short}).attributes
    return Found(
        asset.name,
        Entity.of(EntityType.CLUSTER, asset.short, attributes=described),
        keys=(f"gke/{asset.location}/{asset.short}",),
        values={"gcp.degraded": float(asset.data.get("status") in _ILL)},
    )


GKE = Service(
    "gke",
    {"container.googleapis.com/Cluster": cluster},
    (
        percentile(
            "prometheus.googleapis.com/apiserver_request_duration_seconds/histogram",
            "api_server_duration.p95",
            "gke/{resource.location}/{resource.cluster}",
            1.0,
            'metric.labels.verb != "WATCH"',
        ),
    ),
)
