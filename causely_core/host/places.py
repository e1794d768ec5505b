"""Owners: the entities that a process belongs to, by the same ids that telemetry of the process would give them."""

from __future__ import annotations

from attrs import evolve, field, frozen

from causely_core.host.pods import ContainerInfo, PodInfo
from causely_core.host.processes import Process
from causely_core.model import Entity, EntityId, EntityType, Relation, placement


@frozen
class Owner:
    """Whose a process is.

    Attributes:
        service: the service that it is a process of.
        container: where it runs, if in one.
        pod: likewise.
        node: the machine.
        namespace: of Kubernetes, in which short host names are to be understood; empty outside.
        instance: process id of the one that stands for the service's processes here.
        entities: all of them.
        relations: between them.
        runtime_id: the container's id at its runtime; empty outside of containers.
    """

    service: EntityId
    container: EntityId | None
    pod: EntityId | None
    node: EntityId
    namespace: str
    instance: int
    entities: tuple[Entity, ...] = field(repr=False)
    relations: tuple[Relation, ...] = field(repr=False)
    runtime_id: str = ""


def owner_of(process: Process, name: str, node: Entity, pod: PodInfo | None, container: ContainerInfo | None) -> Owner:
    """Put together whose a process is.

    Args:
        process: the one that stands for its service here.
        name: of the service.
        node: the machine.
        pod: where it runs, if known.
        container: likewise.
    """
    namespace = pod.namespace if pod else ""
    service = _service(name, process.declared.namespace, namespace)
    at_pod = pod_of(pod) if pod else None
    within = Entity.of(EntityType.NAMESPACE, namespace) if pod else None
    inside = _container(process.cgroup.container, pod, container)
    workloads = [_workload(namespace, kind, owner) for kind, owner in pod.workloads] if pod else []
    found = (service, inside, at_pod, node, within, *workloads)
    return Owner(
        service.id,
        inside.id if inside else None,
        at_pod.id if at_pod else None,
        node.id,
        namespace,
        process.pid,
        tuple(entity for entity in found if entity),
        tuple(placement(service, inside, at_pod, node, within, workloads=workloads)),
        process.cgroup.container,
    )


def pod_of(pod: PodInfo) -> Entity:
    """The Pod."""
    return Entity.of(EntityType.POD, f"{pod.namespace}/{pod.name}", pod.name, pod.marks)


def container_of(pod: PodInfo, name: str) -> Entity:
    """A pod's Container by its name there, which it keeps when it is started anew."""
    return Entity.of(EntityType.CONTAINER, f"{pod.namespace}/{pod.name}/{name}", name)


def _service(name: str, declared: str, namespace: str) -> Entity:
    described = {"service.name": name} | ({"service.namespace": declared} if declared else {})
    prefix = namespace or declared
    return Entity.of(EntityType.SERVICE, f"{prefix}/{name}" if prefix else name, name, described)


def _container(id: str, pod: PodInfo | None, info: ContainerInfo | None) -> Entity | None:
    described = {"container.id": id} | ({"container.image.name": info.image} if info and info.image else {})
    if pod and info:
        return evolve(container_of(pod, info.name), attributes=described)
    return Entity.of(EntityType.CONTAINER, id, info.name if info else id[:12], described) if id else None


def _workload(namespace: str, kind: str, name: str) -> Entity:
    return Entity.of(EntityType.WORKLOAD, f"{namespace}/{kind}/{name}", name, {"k8s.workload.kind": kind})
