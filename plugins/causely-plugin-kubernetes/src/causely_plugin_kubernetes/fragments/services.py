"""Services, and the pods that they select."""

from __future__ import annotations

from causely_core.model import Entity, EntityType, Relation, RelationType, entity_id
from causely_plugin_kubernetes.fragments.fragment import Fragment, Object, fragment_of, marks, part_of, service_id

_SELECTED_BY = "kubernetes.io/service-name"
"""Label of an EndpointSlice: its Service."""


def service(found: Object) -> Fragment:
    """A Service."""
    about = found["metadata"]
    within, name = about["namespace"], about["name"]
    described = {"service.name": name, "k8s.namespace.name": within} | marks(found)
    itself = Entity.of(EntityType.SERVICE, f"{within}/{name}", name, described)
    return fragment_of(found, (itself,), [part_of(itself, within)])


def endpoint_slice(found: Object) -> Fragment:
    """Pods that a Service selects, a part of them."""
    about = found["metadata"]
    name, within = (about.get("labels") or {}).get(_SELECTED_BY), about["namespace"]
    targets = [endpoint.get("targetRef") or {} for endpoint in found.get("endpoints") or ()]
    pods = dict.fromkeys(target["name"] for target in targets if name and target.get("kind") == "Pod")
    selects = service_id(within, name or "")
    relations = [Relation(selects, RelationType.SELECTS, entity_id(EntityType.POD, f"{within}/{pod}")) for pod in pods]
    return fragment_of(found, (), relations)
