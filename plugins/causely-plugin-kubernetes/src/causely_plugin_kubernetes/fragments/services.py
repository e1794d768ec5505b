"""Services, and the pods that they select."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id
from causely_core.polling import same
from causely_plugin_kubernetes.fragments.fragment import (
    Fragment,
    Object,
    Selection,
    fragment_of,
    marks,
    part_of,
    service_id,
)
from causely_plugin_kubernetes.fragments.running import address

_SELECTED_BY = "kubernetes.io/service-name"
"""Label of an EndpointSlice: its Service."""


def service(found: Object) -> Fragment:
    """A Service; what runs in the pods that it selects, several objects tell together."""
    about, spec = found["metadata"], found.get("spec") or {}
    within, name = about["namespace"], about["name"]
    if spec.get("type") == "ExternalName":
        return fragment_of(found, relations=_elsewhere(within, name, spec.get("externalName") or ""))
    described = {"k8s.service.name": name, "k8s.namespace.name": within} | marks(found)
    itself = Entity.of(EntityType.SERVICE, f"{within}/{name}", name, described)
    fragment = fragment_of(found, (itself,), [part_of(itself, within)])
    if not fragment.entities:
        return fragment
    labels = frozenset((spec.get("selector") or {}).items())
    return evolve(fragment, selection=Selection(itself.id, labels, tuple(_addresses(found)), fragment.within))


def _elsewhere(within: str, name: str, host: str) -> Iterator[Relation]:
    """A name in the cluster for a host outside."""
    if host:
        there = address(host.lower().rstrip("."))
        yield same(address(f"{name}.{within}"), there)
        yield same(service_id(within, name), there)


def _addresses(found: Object) -> Iterator[EntityId]:
    """By name, by addresses in the cluster, and by those outside that lead to it alone."""
    about, spec = found["metadata"], found.get("spec") or {}
    balancers = ((found.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    clustered = (spec.get("clusterIP"), *(spec.get("clusterIPs") or ()))
    outside = (each for balancer in balancers for each in (balancer.get("ip"), balancer.get("hostname")))
    told = (*clustered, *(spec.get("externalIPs") or ()), *outside)
    known = dict.fromkeys(each for each in told if each and each != "None")
    return map(address, (f"{about['name']}.{about['namespace']}", *known))


def endpoint_slice(found: Object) -> Fragment:
    """Pods that a Service selects, a part of them."""
    about = found["metadata"]
    name, within = (about.get("labels") or {}).get(_SELECTED_BY), about["namespace"]
    targets = [endpoint.get("targetRef") or {} for endpoint in found.get("endpoints") or ()]
    pods = dict.fromkeys(target["name"] for target in targets if name and target.get("kind") == "Pod")
    selects = service_id(within, name or "")
    relations = [Relation(selects, RelationType.SELECTS, entity_id(EntityType.POD, f"{within}/{pod}")) for pod in pods]
    return fragment_of(found, (), relations)
