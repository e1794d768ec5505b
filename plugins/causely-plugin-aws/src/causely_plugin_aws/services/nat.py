"""NAT gateways, and the subnets whose way out they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityType, entity_id
from causely_core.polling import same
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import Measure, Stat, count, rate
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.ec2 import subnet_id

if TYPE_CHECKING:
    from causely_plugin_aws.api import Api

# As of describe_instances: 50 at once, then 10 a second; pages of route tables have at most 100.
_GATEWAYS = Call("ec2", "describe_nat_gateways", "ec2:DescribeNatGateways", "NatGateways")
_ROUTES = Call("ec2", "describe_route_tables", "ec2:DescribeRouteTables", "RouteTables")


def _unanswered(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
    tried, opened = seen
    return max(1.0 - (opened or 0.0) / tried, 0.0) if tried else None


_MEASURES = (
    rate("port_allocation_error_rate", "ErrorPortAllocation"),
    rate("request_rate", "ConnectionAttemptCount"),
    count("call_count", "ConnectionAttemptCount"),
    Measure(
        "unreachable_rate",
        (Stat("ConnectionAttemptCount", "Sum"), Stat("ConnectionEstablishedCount", "Sum")),
        _unanswered,
    ),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_GATEWAYS, MaxResults=1000):
        if raw.get("State") == "available":
            yield gateway(raw, api)
    async for raw in api.items(_ROUTES, MaxResults=100):
        yield table(raw, api)


def gateway(raw: Mapping[str, Any], api: Api) -> Resource:
    """A gateway."""
    id = raw["NatGatewayId"]
    entity = described(api, EntityType.CLOUD_SERVICE, "nat", id)
    arn = f"arn:{api.partition}:ec2:{api.region}:{api.account}:natgateway/{id}"
    return Resource(entity, arn, subjects=(Subject(entity.id, "AWS/NATGateway", {"NatGatewayId": id}, _MEASURES),))


def table(raw: Mapping[str, Any], api: Api) -> Resource:
    """The subnets of a route table whose way out is a gateway: what is behind such a subnet is behind the gateway."""
    gateways = [each["NatGatewayId"] for each in raw.get("Routes", ()) if each.get("NatGatewayId")]
    subnets = [each["SubnetId"] for each in raw.get("Associations", ()) if each.get("SubnetId")]
    if len(gateways) != 1:
        return Resource()
    id = entity_id(EntityType.CLOUD_SERVICE, api.key("nat", gateways[0]))
    return Resource(arn=raw["RouteTableId"], relations=tuple(same(subnet_id(each, api), id) for each in subnets))


SERVICE = Service("nat", (_GATEWAYS, _ROUTES), find)
