"""Load balancing: forwarding rules, what they lead to, and what their metrics mean. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from causely_core.model import EntityType, RelationType, entity_id
from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found, Link, entity, given
from causely_plugin_gcp.metric import Metric, percentile, requests
from causely_plugin_gcp.outcomes import Outcomes
from causely_plugin_gcp.service import Service

_FAMILIES = {"https": "global", "https/internal": "{resource.region}", "https/external/regional": "{resource.region}"}
"""Metrics of application load balancers, global, internal and regional ones, and the region in their keys."""


def forwarding_rule(asset: Asset) -> Found:
    """What clients connect to: one address, with the ports that it serves."""
    data = asset.data
    onward = given((data.get("target"), data.get("backendService")))
    return Found(
        asset.name,
        entity(asset, EntityType.LOAD_BALANCER, "forwarding-rule"),
        links=_onward(asset, onward),
        hosts=tuple(_hosts(data)),
        keys=tuple(_keys(asset)),
    )


def _keys(asset: Asset) -> Iterator[str]:
    """A rule of a global load balancer may itself be in a region, in the standard network tier."""
    yield f"lb/{asset.region}/{asset.short}"
    if asset.region != "global" and str(asset.data.get("loadBalancingScheme")) == "EXTERNAL":
        yield f"lb/global/{asset.short}"


def _hosts(data: Mapping[str, Any]) -> Iterator[str]:
    """Other rules may have other ports of the address."""
    address = str(data.get("IPAddress") or "")
    first, _, last = str(data.get("portRange") or "").partition("-")
    ports = [str(port) for port in data.get("ports") or ()] or ([first] if first and first == last else [])
    shown = f"[{address}]" if ":" in address else address
    if address and "/" not in address and (ports or data.get("allPorts")):
        yield from (f"{shown}:{port}" for port in ports) if ports else (address,)


def _between(links: Callable[[Mapping[str, Any]], Iterable[object]]) -> Callable[[Asset], Found]:
    """A reader of what is no entity, and leads on to others."""

    def read(asset: Asset) -> Found:
        return Found(asset.name, links=_onward(asset, given(links(asset.data))))

    return read


def _onward(asset: Asset, links: Iterable[str]) -> tuple[Link, ...]:
    return tuple(Link(RelationType.ROUTES_TO, asset.full(link)) for link in links)


def _url_map(data: Mapping[str, Any]) -> Iterator[object]:
    yield data.get("defaultService")
    for matcher in data.get("pathMatchers") or ():
        yield matcher.get("defaultService")
        for rule in (*(matcher.get("pathRules") or ()), *(matcher.get("routeRules") or ())):
            yield rule.get("service")
            for part in (rule.get("routeAction") or {}).get("weightedBackendServices") or ():
                yield part.get("backendService")


def backend_service(asset: Asset) -> Found:
    """Groups of endpoints, whose health is checked."""
    groups = given(each.get("group") for each in asset.data.get("backends") or ())
    return Found(asset.name, links=_onward(asset, groups), backends=groups if asset.data.get("healthChecks") else ())


def endpoint_group(asset: Asset) -> Found:
    """Endpoints: pods of a service that GKE has written into the description, or a service of Cloud Run."""
    run = (asset.data.get("cloudRun") or {}).get("service")
    if run:
        target = f"//run.googleapis.com/projects/{asset.project}/locations/{asset.region}/services/{run}"
        return Found(asset.name, links=(Link(RelationType.ROUTES_TO, target),))
    told = _described(str(asset.data.get("description") or ""))
    within, name = told.get("namespace"), told.get("service-name")
    service = entity_id(EntityType.SERVICE, f"{within}/{name}")
    return Found(asset.name, links=(Link(RelationType.ROUTES_TO, service),) if within and name else ())


def _described(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _metrics() -> Iterator[Metric]:
    for family, region in _FAMILIES.items():
        base, key = f"loadbalancing.googleapis.com/{family}", f"lb/{region}/{{resource.forwarding_rule_name}}"
        yield requests(f"{base}/request_count", key, Outcomes("metric.response_code", throttled="429"))
        yield percentile(f"{base}/total_latencies", "request_duration.p95", key, 1e-3)


_PROXY, _SERVICE = _between(lambda data: (data.get("urlMap"),)), _between(lambda data: (data.get("service"),))
_COMPUTE = "compute.googleapis.com"

LOAD_BALANCING = Service(
    "load-balancing",
    {
        f"{_COMPUTE}/ForwardingRule": forwarding_rule,
        f"{_COMPUTE}/GlobalForwardingRule": forwarding_rule,
        f"{_COMPUTE}/TargetHttpProxy": _PROXY,
        f"{_COMPUTE}/TargetHttpsProxy": _PROXY,
        f"{_COMPUTE}/TargetTcpProxy": _SERVICE,
        f"{_COMPUTE}/TargetSslProxy": _SERVICE,
        f"{_COMPUTE}/TargetPool": _between(lambda data: data.get("instances") or ()),
        f"{_COMPUTE}/UrlMap": _between(_url_map),
        f"{_COMPUTE}/BackendService": backend_service,
        f"{_COMPUTE}/RegionBackendService": backend_service,
        f"{_COMPUTE}/InstanceGroup": _between(lambda _: ()),
        f"{_COMPUTE}/NetworkEndpointGroup": endpoint_group,
    },
    tuple(_metrics()),
)
