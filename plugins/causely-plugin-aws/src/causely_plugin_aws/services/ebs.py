"""EBS: volumes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityType
from causely_plugin_aws.call import Call
from causely_plugin_aws.measure import Measure, spent, spread
from causely_plugin_aws.resource import Resource, Service, Subject

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# As of describe_instances: 50 at once, then 10 a second.
_PAGE = 500
_VOLUMES = Call("ec2", "describe_volumes", "ec2:DescribeVolumes", "Volumes")
_MIB = 2.0**20

_OPERATIONS = ("VolumeReadOps", "VolumeWriteOps")
_BYTES = ("VolumeReadBytes", "VolumeWriteBytes")
_MEASURES: tuple[Measure, ...] = (
    spread("disk_iops_utilization", _OPERATIONS, "iops"),
    spread("disk_throughput_utilization", _BYTES, "throughput"),
    spent("burst_credits_used", "BurstBalance"),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_VOLUMES, MaxResults=_PAGE):
        if raw.get("Attachments"):
            yield volume(raw, api)


def volume(raw: Mapping[str, Any], api: Api) -> Resource:
    """A volume, as Kubernetes' driver for it calls it; one that nothing uses is not told."""
    id, type = raw["VolumeId"], raw.get("VolumeType", "")
    told = {"cloud.provider": "aws", "cloud.account.id": api.account, "cloud.region": api.region, "aws.ebs.type": type}
    entity = Entity.of(EntityType.DISK, f"ebs.csi.aws.com/{id}", id, told)
    subject = Subject(entity.id, "AWS/EBS", {"VolumeId": id}, _MEASURES, dict(_facts(raw)))
    arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:volume/{id}"
    return Resource(entity, arn, subjects=(subject,))


def _facts(raw: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Bursts of gp2 go beyond its operations, which their credits tell of."""
    if raw.get("Iops") and raw.get("VolumeType") != "gp2":
        yield "iops", float(raw["Iops"])
    if raw.get("Throughput"):
        yield "throughput", raw["Throughput"] * _MIB


SERVICE = Service("ebs", (_VOLUMES,), find)
