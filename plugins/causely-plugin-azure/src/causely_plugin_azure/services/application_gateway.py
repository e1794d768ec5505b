"""Azure Application Gateway: a load balancer, which routes to what is in its backend pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from causely_core.model import EntityId, EntityType, Relation, RelationType, entity_id
from causely_plugin_azure.inventory import Inventory
from causely_plugin_azure.metrics.measure import (
    Aggregation,
    Measure,
    Term,
    count,
    level,
    per_second,
    percent,
    share,
    total,
)
from causely_plugin_azure.resource import Resource
from causely_plugin_azure.service import Service


def _relations(gateway: Resource, id: EntityId, inventory: Inventory) -> Iterator[Relation]:
    targets = {target for pool in gateway.objects("backendAddressPools") for target in _targets(pool, inventory)}
    yield from (Relation(id, RelationType.ROUTES_TO, target) for target in sorted(targets))


def _targets(pool: Mapping[str, Any], inventory: Inventory) -> Iterator[EntityId]:
    about = pool.get("properties") or {}
    for each in about.get("backendAddresses") or ():
        if address := each.get("ipAddress"):
            yield inventory.at(str(address))
        elif name := each.get("fqdn"):
            yield entity_id(EntityType.EXTERNAL_SERVICE, str(name).lower())
    for each in about.get("backendIPConfigurations") or ():
        # The configuration is part of the interface: <interface>/ipConfigurations/<name>.
        interface = str(each.get("id", "")).lower().partition("/ipconfigurations/")[0]
        if machine := inventory.entity(inventory.machine(interface)):
            yield machine


def _hosts(gateway: Resource) -> Iterator[str]:
    for each in gateway.objects("frontendIPConfigurations"):
        yield str((each.get("properties") or {}).get("privateIPAddress") or "")


def _unhealthy(_: Resource, found: tuple[float, ...]) -> float | None:
    unhealthy, healthy = found
    return unhealthy / (unhealthy + healthy) if unhealthy + healthy else None


SERVICE = Service(
    name="applicationgateway",
    type="microsoft.network/applicationgateways",
    title="Application Gateway",
    entity=EntityType.LOAD_BALANCER,
    wanted=("backendAddressPools", "frontendIPConfigurations"),
    hosts=_hosts,
    relations=_relations,
    measures=(
        Measure(
            "unhealthy_target_share",
            (Term("UnhealthyHostCount", Aggregation.AVERAGE), Term("HealthyHostCount", Aggregation.AVERAGE)),
            _unhealthy,
        ),
        share("error_rate", total("FailedRequests"), total("TotalRequests")),
        count("request_count", "TotalRequests"),
        per_second("request_rate", "TotalRequests"),
        level("azure.request_duration", "ApplicationGatewayTotalTime", scale=0.001),
        percent("azure.capacity_utilization", "CpuUtilization"),
    ),
)
