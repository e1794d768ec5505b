"""ELBv2: application and network load balancers, with what they route to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_plugin_aws.call import Call
from causely_plugin_aws.describing import described
from causely_plugin_aws.measure import Measure, Stat, count, gauge, rate, share
from causely_plugin_aws.resource import Resource, Service, Subject
from causely_plugin_aws.services.targets import target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causely_plugin_aws.api import Api

# Pages have at most 400 ("Elastic Load Balancing API Reference", PageSize). Rates of the API are not documented.
_PAGE = 400
_MARKS = ("Marker", "NextMarker")
_ACTION = "elasticloadbalancing:"
_BALANCERS = Call("elbv2", "describe_load_balancers", f"{_ACTION}DescribeLoadBalancers", "LoadBalancers", _MARKS)
_GROUPS = Call("elbv2", "describe_target_groups", f"{_ACTION}DescribeTargetGroups", "TargetGroups", _MARKS)
_HEALTH = Call("elbv2", "describe_target_health", f"{_ACTION}DescribeTargetHealth", "TargetHealthDescriptions")

_NAMESPACES = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB", "gateway": "AWS/GatewayELB"}
_REFUSED = ("RejectedConnectionCount",)
_FAILED = ("HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count")


def _unhealthy(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
    healthy, unhealthy = (each or 0.0 for each in seen)
    return unhealthy / (healthy + unhealthy) if healthy + unhealthy else None


_APPLICATION = (
    rate("request_rate", "RequestCount"),
    count("request_count", "RequestCount"),
    share("error_rate", _FAILED, "RequestCount"),
    gauge("request_duration.p95", "TargetResponseTime", "p95"),
    share("unreachable_rate", _REFUSED, "RequestCount", *_REFUSED),
    count("call_count", "RequestCount", *_REFUSED),
)
_NETWORK = (
    rate("request_rate", "NewFlowCount"),
    rate("port_allocation_error_rate", "PortAllocationErrorCount"),
)
_TARGETS = (
    Measure(
        "unhealthy_target_share",
        (Stat("HealthyHostCount", "Minimum"), Stat("UnHealthyHostCount", "Maximum")),
        _unhealthy,
    ),
)


async def find(api: Api) -> AsyncIterator[Resource]:
    """See :class:`Service`."""
    async for raw in api.items(_BALANCERS, PageSize=_PAGE):
        yield balancer(raw, api)
    async for raw in api.items(_GROUPS, PageSize=_PAGE):
        targets = [each async for each in api.items(_HEALTH, TargetGroupArn=raw["TargetGroupArn"])]
        yield group(raw, targets, api)


def balancer(raw: Mapping[str, Any], api: Api) -> Resource:
    """A load balancer, which clients know by its name in DNS."""
    arn, host = raw["LoadBalancerArn"], raw.get("DNSName", "")
    entity = described(api, EntityType.LOAD_BALANCER, "elbv2", _short(arn), {"aws.elb.type": raw.get("Type", "")})
    measures = _APPLICATION if raw.get("Type") == "application" else _NETWORK
    subject = Subject(entity.id, _namespace(arn), {"LoadBalancer": _short(arn)}, measures)
    return Resource(entity, arn, hosts=(host,) if host else (), subjects=(subject,))


def group(raw: Mapping[str, Any], targets: Sequence[Mapping[str, Any]], api: Api) -> Resource:
    """What the load balancers of a target group route to. The group itself is no entity."""
    balancers = raw.get("LoadBalancerArns", ())
    return Resource(
        arn=raw["TargetGroupArn"],
        relations=tuple(
            Relation(_id(arn, api), RelationType.ROUTES_TO, target)
            for arn in balancers
            for target in _targets(raw, targets, api)
        ),
        subjects=tuple(_subject(raw, arn, api) for arn in balancers),
    )


def _subject(raw: Mapping[str, Any], balancer: str, api: Api) -> Subject:
    dimensions = {"LoadBalancer": _short(balancer), "TargetGroup": raw["TargetGroupArn"].rpartition(":")[2]}
    return Subject(_id(balancer, api), _namespace(balancer), dimensions, _TARGETS)


def _targets(raw: Mapping[str, Any], targets: Sequence[Mapping[str, Any]], api: Api) -> Iterator[EntityId]:
    """A machine is known by its id until EC2 tells where it is; what has an address is found by that."""
    for each in targets:
        id, port = each["Target"]["Id"], each["Target"].get("Port")
        match raw.get("TargetType"):
            case "ip":
                yield entity_id(EntityType.EXTERNAL_SERVICE, f"{id}:{port}" if port else id)
            case "lambda":
                yield from filter(None, [target(id)])
            case "alb":
                yield _id(id, api)
            case _:
                yield entity_id(EntityType.NODE, id)


def _namespace(arn: str) -> str:
    kind = {"app": "application", "net": "network", "gwy": "gateway"}.get(_short(arn).partition("/")[0], "")
    return _NAMESPACES.get(kind, _NAMESPACES["application"])


def _id(arn: str, api: Api) -> EntityId:
    return entity_id(EntityType.LOAD_BALANCER, api.key("elbv2", _short(arn)))


def _short(arn: str) -> str:
    """``app/<name>/<id>``, by which CloudWatch knows it too."""
    return arn.partition(":loadbalancer/")[2]


SERVICE = Service("elbv2", (_BALANCERS, _GROUPS, _HEALTH), find)
