"""Compute Engine: machines and persistent disks, and what their metrics mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import Entity, EntityType, RelationType, entity_id
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, Link, entity
from causely_plugin_gcp.metric import Metric, rate
from causely_plugin_gcp.service import Service

_DRIVER = "pd.csi.storage.gke.io"
"""The name of the driver by which Kubernetes knows persistent disks."""

_CLUSTER = "goog-k8s-cluster-name"
"""The label of machines that GKE has made."""

_VM, _DISK = "vm/{resource.instance_id}", "disk/{resource.instance_id}/{metric.device_name}"
_COUNTED = "compute.googleapis.com/instance/disk/throttled_{}_ops_count"


def instance(asset: Asset) -> Found:
    """A machine, by the name that Kubernetes gives to it as a node."""
    number, cluster = str(asset.data.get("id") or ""), asset.labels.get(_CLUSTER, "")
    described = {**entity(asset, EntityType.NODE, "gce").attributes, "cloud.availability_zone": asset.location}
    machine = f"gce://{asset.project}/{asset.location}/{asset.short}"
    return Found(
        asset.name,
        Entity.of(EntityType.NODE, machine, asset.short, described),
        links=tuple(_links(asset, cluster)),
        # How a node of a cluster is, its agent knows better, and sooner.
        keys=(f"vm/{number}",) if number and not cluster else (),
        shared_keys=dict(_devices(asset, number)),
    )


def disk(asset: Asset) -> Found:
    """A persistent disk, by the name that Kubernetes gives to it as a volume."""
    described = entity(asset, EntityType.DISK, "disk").attributes
    path = asset.name.removeprefix("//compute.googleapis.com/")
    return Found(asset.name, Entity.of(EntityType.DISK, f"{_DRIVER}/{path}", asset.short, described))


def _links(asset: Asset, cluster: str) -> Iterator[Link]:
    for attached in asset.data.get("disks") or ():
        if attached.get("source"):
            yield Link(RelationType.STORES_ON, asset.full(str(attached["source"])))
    if group := _manager(asset):
        yield Link(RelationType.ROUTES_TO, group, inverse=True)
    if cluster:
        yield Link(RelationType.PART_OF, entity_id(EntityType.CLUSTER, cluster))


def _manager(asset: Asset) -> str:
    """The group that the machine is in: a managed group is called as its manager."""
    for item in (asset.data.get("metadata") or {}).get("items") or ():
        if item.get("key") == "created-by":
            return asset.full(str(item.get("value") or "").replace("/instanceGroupManagers/", "/instanceGroups/"))
    return ""


def _devices(asset: Asset, number: str) -> Iterator[tuple[str, str]]:
    for attached in asset.data.get("disks") or ():
        if attached.get("source") and attached.get("deviceName"):
            yield f"disk/{number}/{attached['deviceName']}", asset.full(str(attached["source"]))


COMPUTE = Service(
    "compute",
    {
        "compute.googleapis.com/Instance": instance,
        "compute.googleapis.com/Disk": disk,
        "compute.googleapis.com/RegionDisk": disk,
    },
    (
        Metric("compute.googleapis.com/instance/cpu/utilization", "cpu_utilization", _VM),
        Metric(
            "agent.googleapis.com/memory/percent_used",
            "memory_utilization",
            _VM,
            reducer="REDUCE_SUM",
            scale=0.01,
            where='metric.labels.state = "used"',
        ),
        # An average over all operations of a minute: there is no percentile.
        Metric("compute.googleapis.com/instance/disk/average_io_latency", "disk_io_duration.p95", _DISK, scale=1e-6),
        rate(_COUNTED.format("read"), "gcp.throttled_read_rate", _DISK),
        rate(_COUNTED.format("write"), "gcp.throttled_write_rate", _DISK),
    ),
)
