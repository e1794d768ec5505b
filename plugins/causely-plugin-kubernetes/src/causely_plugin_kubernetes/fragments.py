"""What single objects of Kubernetes say of the topology: pure functions, one for each kind.

An object names the entity that it is, and its relations to others, which other objects name. Ids are those that the
agent and OpenTelemetry's attributes give the same things, so that all three speak of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

from causely_core.host import workloads
from causely_core.kubernetes import Resource
from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id

Object = Mapping[str, Any]

_SELECTED_BY = "kubernetes.io/service-name"
"""Label of an EndpointSlice: its Service."""

_CAUSELY = "causely.io/"
"""Labels and annotations with this prefix are for causely: thresholds, and whether to ignore an object."""

IGNORE = f"{_CAUSELY}ignore"
"""Label or annotation: with ``true`` the object is left out."""


@frozen
class Fragment:
    """What one object says.

    Attributes:
        key: namespace and name.
    """

    key: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()


def namespace(found: Object) -> Fragment:
    """A Namespace."""
    name = found["metadata"]["name"]
    return _fragment(found, (Entity.of(EntityType.NAMESPACE, name, attributes=_marks(found)),))


def node(found: Object) -> Fragment:
    """A Node."""
    about = found["metadata"]
    labels, told = about.get("labels") or {}, (found.get("status") or {}).get("nodeInfo") or {}
    described = {
        "k8s.node.uid": about.get("uid", ""),
        "host.arch": told.get("architecture", ""),
        "os.type": told.get("operatingSystem", ""),
        "cloud.region": labels.get("topology.kubernetes.io/region", ""),
        "cloud.availability_zone": labels.get("topology.kubernetes.io/zone", ""),
    }
    return _fragment(found, (Entity.of(EntityType.NODE, about["name"], attributes=_given(described) | _marks(found)),))


def pod(found: Object) -> Fragment:
    """A Pod with its containers. One that has ended is nothing any more."""
    about, spec = found["metadata"], found.get("spec") or {}
    if (found.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return _fragment(found)
    within, name = about["namespace"], about["name"]
    owners = tuple(workloads(about))
    described = _given({"k8s.pod.uid": about.get("uid", "")}) | _marks(found)
    itself = Entity.of(EntityType.POD, f"{within}/{name}", name, described)
    containers = tuple(_containers(within, name, spec))
    relations = [_part_of(itself, within)]
    relations += [Relation(each.id, RelationType.PART_OF, itself.id) for each in containers]
    if spec.get("nodeName"):
        relations.append(Relation(itself.id, RelationType.RUNS_ON, entity_id(EntityType.NODE, spec["nodeName"])))
    if owners:
        relations.append(Relation(itself.id, RelationType.OWNED_BY, _workload_id(within, *owners[-1])))
    return _fragment(found, (itself, *containers), relations)


def workload(kind: str) -> Callable[[Object], Fragment]:
    """A Deployment, a Job, ...; which of them ``kind`` tells, for lists do not."""

    def of(found: Object) -> Fragment:
        about = found["metadata"]
        owners = tuple(workloads(about))
        if kind == "ReplicaSet" and owners:  # its pods are told to be the Deployment's
            return _fragment(found)
        within, name = about["namespace"], about["name"]
        described = {"k8s.workload.kind": kind} | _marks(found)
        itself = Entity.of(EntityType.WORKLOAD, f"{within}/{kind}/{name}", name, described)
        relations = [_part_of(itself, within)]
        if owners:
            relations.append(Relation(itself.id, RelationType.OWNED_BY, _workload_id(within, *owners[-1])))
        return _fragment(found, (itself,), relations)

    return of


def service(found: Object) -> Fragment:
    """A Service."""
    about = found["metadata"]
    within, name = about["namespace"], about["name"]
    described = {"service.name": name, "k8s.namespace.name": within} | _marks(found)
    itself = Entity.of(EntityType.SERVICE, f"{within}/{name}", name, described)
    return _fragment(found, (itself,), [_part_of(itself, within)])


def endpoint_slice(found: Object) -> Fragment:
    """Pods that a Service selects, a part of them."""
    about = found["metadata"]
    name, within = (about.get("labels") or {}).get(_SELECTED_BY), about["namespace"]
    targets = [endpoint.get("targetRef") or {} for endpoint in found.get("endpoints") or ()]
    pods = dict.fromkeys(target["name"] for target in targets if name and target.get("kind") == "Pod")
    selects = entity_id(EntityType.SERVICE, f"{within}/{name}")
    relations = [Relation(selects, RelationType.SELECTS, entity_id(EntityType.POD, f"{within}/{pod}")) for pod in pods]
    return _fragment(found, (), relations)


FRAGMENTS: Mapping[Resource, Callable[[Object], Fragment]] = {
    Resource("", "v1", "namespaces"): namespace,
    Resource("", "v1", "nodes"): node,
    Resource("apps", "v1", "deployments"): workload("Deployment"),
    Resource("apps", "v1", "statefulsets"): workload("StatefulSet"),
    Resource("apps", "v1", "daemonsets"): workload("DaemonSet"),
    Resource("apps", "v1", "replicasets"): workload("ReplicaSet"),
    Resource("batch", "v1", "cronjobs"): workload("CronJob"),
    Resource("batch", "v1", "jobs"): workload("Job"),
    Resource("", "v1", "pods"): pod,
    Resource("", "v1", "services"): service,
    Resource("discovery.k8s.io", "v1", "endpointslices"): endpoint_slice,
}
"""All resources that are followed, and what their objects say."""


def ignored(found: Object) -> bool:
    """Whether people have said that the object is to be left out."""
    return _marks(found).get(IGNORE) == "true"


def _containers(within: str, name: str, spec: Object) -> Iterator[Entity]:
    """Those that are there as long as the pod is: init containers that run on are sidecars (KEP-753)."""
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    for each in (*sidecars, *(spec.get("containers") or ())):
        described = _given({"container.name": each["name"], "container.image.name": each.get("image", "")})
        yield Entity.of(EntityType.CONTAINER, f"{within}/{name}/{each['name']}", each["name"], described)


def _part_of(entity: Entity, namespace: str) -> Relation:
    return Relation(entity.id, RelationType.PART_OF, entity_id(EntityType.NAMESPACE, namespace))


def _workload_id(within: str, kind: str, name: str) -> EntityId:
    return entity_id(EntityType.WORKLOAD, f"{within}/{kind}/{name}")


def _fragment(found: Object, entities: tuple[Entity, ...] = (), relations: list[Relation] | None = None) -> Fragment:
    about = found["metadata"]
    within = about.get("namespace")
    key = f"{within}/{about['name']}" if within else about["name"]
    if ignored(found):
        return Fragment(key)
    return Fragment(key, entities, tuple(relations or ()))


def _marks(found: Object) -> dict[str, str]:
    """What people have said of the object for causely; an annotation wins over a label."""
    about = found["metadata"]
    said = {**(about.get("labels") or {}), **(about.get("annotations") or {})}
    return {name: value for name, value in said.items() if name.startswith(_CAUSELY)}


def _given(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}
