"""What routes requests to services: Ingresses, Gateways with their routes, and Istio's VirtualServices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id
from causely_plugin_kubernetes.fragments.fragment import (
    Fragment,
    Object,
    fragment_of,
    given,
    marks,
    part_of,
    service_id,
)


def ingress(found: Object) -> Fragment:
    """An Ingress."""
    within, spec = found["metadata"]["namespace"], found.get("spec") or {}
    rules = [rule.get("http") or {} for rule in spec.get("rules") or ()]
    backends = [path.get("backend") or {} for rule in rules for path in rule.get("paths") or ()]
    services = [(each.get("service") or {}).get("name") for each in (spec.get("defaultBackend") or {}, *backends)]
    described = {"k8s.ingressclass.name": spec.get("ingressClassName") or ""}
    return _balancer(found, "Ingress", described, (service_id(within, name) for name in services if name))


def gateway(found: Object) -> Fragment:
    """A Gateway; its routes tell where to."""
    described = {"k8s.gatewayclass.name": (found.get("spec") or {}).get("gatewayClassName") or ""}
    return _balancer(found, "Gateway", described, ())


def gateway_route(found: Object) -> Fragment:
    """An HTTPRoute or a GRPCRoute: what the gateways that it is attached to route to."""
    within, spec = found["metadata"]["namespace"], found.get("spec") or {}
    backends = [each for rule in spec.get("rules") or () for each in rule.get("backendRefs") or ()]
    targets = dict.fromkeys(service_id(*named) for named in _references(backends, "Service", within))
    gateways = dict.fromkeys(
        entity_id(EntityType.LOAD_BALANCER, f"{where}/Gateway/{name}")
        for where, name in _references(spec.get("parentRefs") or (), "Gateway", within)
    )
    return fragment_of(found, relations=[_routes(each, target) for each in gateways for target in targets])


def virtual_service(found: Object) -> Fragment:
    """An Istio VirtualService."""
    within, spec = found["metadata"]["namespace"], found.get("spec") or {}
    routes = [route for kind in ("http", "tls", "tcp") for route in spec.get(kind) or ()]
    destinations = [each.get("destination") or {} for route in routes for each in route.get("route") or ()]
    services = [_service(str(each.get("host") or ""), within) for each in destinations]
    return _balancer(found, "VirtualService", {}, (each for each in services if each))


def _balancer(found: Object, kind: str, described: dict[str, str], targets: Iterable[EntityId]) -> Fragment:
    within, name = found["metadata"]["namespace"], found["metadata"]["name"]
    named = {f"k8s.{kind.lower()}.name": name, "k8s.namespace.name": within}
    about = named | given(described) | marks(found)
    itself = Entity.of(EntityType.LOAD_BALANCER, f"{within}/{kind}/{name}", name, about)
    relations = [part_of(itself, within), *(_routes(itself.id, each) for each in dict.fromkeys(targets))]
    return fragment_of(found, (itself,), relations)


def _routes(source: EntityId, target: EntityId) -> Relation:
    return Relation(source, RelationType.ROUTES_TO, target)


def _references(told: Iterable[Object], kind: str, within: str) -> Iterator[tuple[str, str]]:
    """Namespaces and names of what references mean that are, said or unsaid, of ``kind``."""
    for each in told:
        if each.get("kind", kind) == kind and each.get("name"):
            yield each.get("namespace") or within, each["name"]


def _service(host: str, within: str) -> EntityId | None:
    """A service by its short name or by all of it; none for a host that is none."""
    name, *domain = host.split(".")
    if not domain:
        return service_id(within, name) if name else None
    return service_id(domain[0], name) if domain[1:2] == ["svc"] else None
