"""EC2: machines and their disks (EBS)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id
from causely_core.polling import same
from causely_plugin_aws.call import Call
from causely_plugin_aws.measure import gauge, left, spent
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.machines import most_credits

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# Pages have at most 1000; calls without filters: 50 at once, then 10 a second ("Request throttling for the Amazon EC2
# API", non-mutating actions without filters).
_PAGE = 1000
_INSTANCES = Call("ec2", "describe_instances", "ec2:DescribeInstances", "Reservations")

_MEASURES = (
    gauge("cpu_utilization", "CPUUtilization", scale=0.01),
    gauge("instance_check_failed", "StatusCheckFailed", "Maximum"),
    left("burst_credits_used", "CPUCreditBalance", "credits"),
    spent("burst_credits_used", "EBSIOBalance%"),
    spent("burst_credits_used", "EBSByteBalance%"),
)
_CLUSTER = "kubernetes.io/cluster/"
"""Of a tag that names the cluster a machine is of."""


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for reservation in api.items(_INSTANCES, MaxResults=_PAGE):
        for raw in reservation["Instances"]:
            if raw.get("State", {}).get("Name") == "running":
                yield instance(raw, api)


def instance(raw: Mapping[str, Any], api: Api) -> Resource:
    """A machine, as Kubernetes and Linux know it too."""
    id, zone = raw["InstanceId"], raw["Placement"]["AvailabilityZone"]
    tags = {each["Key"]: each["Value"] for each in raw.get("Tags", ())}
    described = {
        "cloud.provider": "aws",
        "cloud.account.id": api.account,
        "cloud.region": api.region,
        "cloud.availability_zone": zone,
        "host.id": id,
        "host.type": raw.get("InstanceType", ""),
    }
    entity = Entity.of(EntityType.NODE, f"aws:///{zone}/{id}", tags.get("Name") or id, described)
    clusters = [name.removeprefix(_CLUSTER) for name in tags if name.startswith(_CLUSTER)]
    return Resource(
        entity,
        f"arn:{api.partition}:ec2:{api.region}:{api.account}:instance/{id}",
        (same(entity_id(EntityType.NODE, id), entity.id), *_relations(raw, entity.id, clusters, api)),
        # Of a machine of Kubernetes, Kubernetes tells whose each address is.
        () if clusters else tuple(sorted({*_addresses(raw)})),
        subjects=(Subject(entity.id, "AWS/EC2", {"InstanceId": id}, _MEASURES, dict(_facts(raw))),),
    )


def _relations(raw: Mapping[str, Any], id: EntityId, clusters: list[str], api: Api) -> Iterator[Relation]:
    for name in clusters:
        yield Relation(id, RelationType.PART_OF, entity_id(EntityType.CLUSTER, name))
    for each in raw.get("BlockDeviceMappings", ()):
        if volume := each.get("Ebs", {}).get("VolumeId"):
            yield Relation(id, RelationType.STORES_ON, entity_id(EntityType.DISK, f"ebs.csi.aws.com/{volume}"))
    if subnet := raw.get("SubnetId"):
        yield Relation(id, RelationType.ROUTES_TO, subnet_id(subnet, api))


def subnet_id(subnet: str, api: Api) -> EntityId:
    """By which what stands in front of a subnet is known: its NAT gateway takes the place of it."""
    return entity_id(EntityType.CLOUD_SERVICE, api.key("subnet", subnet))


def _addresses(raw: Mapping[str, Any]) -> Iterator[str]:
    for each in ("PrivateIpAddress", "PrivateDnsName", "PublicIpAddress", "PublicDnsName"):
        if raw.get(each):
            yield raw[each]


def _facts(raw: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if credits := most_credits(raw.get("InstanceType", "")):
        yield "credits", credits


SERVICE = Service("ec2", (_INSTANCES,), find)
