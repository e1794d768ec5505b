"""Virtual machines, alone and of scale sets, and their managed disks."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_core.polling import same
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import (
    Aggregation,
    Measure,
    Term,
    level,
    of_limit,
    percent,
    state,
)
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service

_DISK_DRIVER = "disk.csi.azure.com"
_MIB = 2.0**20
_FEW_CREDITS = 5.0
"""Credits of a burstable machine with which it may use a core fully for some minutes more."""


def provider_id(machine: Resource) -> str:
    """As Kubernetes knows a machine: with the resource group's name in small letters."""
    parts = machine.id.split("/")
    return "azure://" + "/".join([*parts[:3], "resourceGroups", machine.group, *parts[5:]])


def disk_handle(disk: Resource) -> str:
    """As Kubernetes' driver knows a disk."""
    return f"{_DISK_DRIVER}/{disk.id}"


def _relations(machine: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    disks = machine.at("storageProfile")
    told = disks if isinstance(disks, dict) else {}
    for each in (told.get("osDisk") or {}, *(told.get("dataDisks") or ())):
        disk = inventory.entity(str((each.get("managedDisk") or {}).get("id", "")))
        if disk is not None:
            yield Relation(id, RelationType.STORES_ON, disk)
    if cluster := inventory.cluster_of(machine):
        yield Relation(id, RelationType.PART_OF, cluster)


def _written(disk: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    """Kubernetes has the group's name as whoever made the disk wrote it, mostly in small letters."""
    parts = disk.id.split("/")
    written = "/".join([*parts[:4], disk.group, *parts[5:]])
    if written != disk.id:
        yield same(entity_id(EntityType.DISK, f"{_DISK_DRIVER}/{written}"), id)


def _in_set(instance: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    yield from _relations(instance, id, inventory)
    if (whole := inventory.entity(instance.parent)) is not None:
        yield Relation(id, RelationType.PART_OF, whole)


def _called(instance: Resource) -> str:
    return f"{instance.known_by.split('/')[-3]}_{instance.name}"


def _measures(each: str = "") -> tuple[Measure, ...]:
    """Of a machine, or of each of a set by the dimension that tells its name."""
    most, mean = Aggregation.MAXIMUM, Aggregation.AVERAGE
    return (
        percent("cpu_utilization", "Percentage CPU", each=each),
        level("memory_utilization", "Available Memory Percentage", scale=-0.01, plus=1.0, each=each),
        percent("disk_iops_utilization", "VM Uncached IOPS Consumed Percentage", most, each),
        percent("disk_throughput_utilization", "VM Uncached Bandwidth Consumed Percentage", most, each),
        state("azure.credits_exhausted", "CPU Credits Remaining", mean, lambda left: left < _FEW_CREDITS, each),
    )


MACHINES = Service(
    name="machines",
    type="microsoft.compute/virtualmachines",
    title="Virtual Machines",
    entity=EntityType.NODE,
    wanted=("storageProfile",),
    key=provider_id,
    relations=_relations,
    measures=_measures(),
)

SETS = Service(
    name="machines",
    type="microsoft.compute/virtualmachinescalesets",
    title="Virtual Machine Scale Sets",
    entity=EntityType.CLOUD_SERVICE,
    measures=_measures("VMName"),
)

INSTANCES = Service(
    name="machines",
    type="microsoft.compute/virtualmachinescalesets/virtualmachines",
    entity=EntityType.NODE,
    wanted=("storageProfile",),
    key=provider_id,
    called=_called,
    relations=_in_set,
    table="computeresources",
)

DISKS = Service(
    name="disks",
    type="microsoft.compute/disks",
    entity=EntityType.DISK,
    wanted=("diskIOPSReadWrite", "diskMBpsReadWrite"),
    key=disk_handle,
    relations=_written,
    measures=(
        of_limit(
            "disk_iops_utilization",
            lambda disk: disk.number("diskIOPSReadWrite"),
            Term("Composite Disk Read Operations/sec", Aggregation.AVERAGE),
            Term("Composite Disk Write Operations/sec", Aggregation.AVERAGE),
        ),
        of_limit(
            "disk_throughput_utilization",
            lambda disk: disk.number("diskMBpsReadWrite") * _MIB,
            Term("Composite Disk Read Bytes/sec", Aggregation.AVERAGE),
            Term("Composite Disk Write Bytes/sec", Aggregation.AVERAGE),
        ),
    ),
)
