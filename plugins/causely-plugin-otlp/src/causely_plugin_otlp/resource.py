"""What a resource says of its place: service, container, pod, workload, node, namespace, cluster."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, field, frozen

from causely_core.model import Entity, EntityId, EntityType, Relation, placement
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text
from causely_plugin_otlp.whereabouts import NOWHERE, Whereabouts

_DESCRIBING = (
    "service.name",
    "service.namespace",
    "service.version",
    "telemetry.sdk.language",
    "deployment.environment.name",
)

_UNKNOWN = "unknown_service"
"""What OpenTelemetry's SDKs call a service that nobody has named, with or without the program's name."""


@frozen
class Place:
    """The entities of one resource and how they hang together.

    Attributes:
        service: who reports.
        container: where it runs, if known.
        pod: likewise.
        node: likewise.
        locality: the namespace, in which its short host names are to be understood.
        host: the machine or pod, which its loopback addresses are of.
        instance: tells the instances of the service apart.
        speaker: the service as an entity.
        peer: who has sent it, where that tells where it is; else empty.
        reporter: whether the resource names where it is and no service: an agent's, telling of others. Its
            service is not among ``entities``.
        entities: all of them, with attributes.
        relations: between them.
    """

    service: EntityId
    container: EntityId | None
    pod: EntityId | None
    node: EntityId | None
    locality: str
    host: str
    instance: str
    speaker: Entity = field(repr=False)
    peer: str
    reporter: bool
    entities: tuple[Entity, ...] = field(repr=False)
    relations: tuple[Relation, ...] = field(repr=False)

    def called(self, name: str) -> Place:
        """The same with another name of its service."""
        speaker = evolve(self.speaker, name=name, attributes={**self.speaker.attributes, "service.name": name})
        entities = tuple(speaker if entity is self.speaker else entity for entity in self.entities)
        return evolve(self, speaker=speaker, entities=entities)


def place_of(attributes: Attributes, known: Whereabouts = NOWHERE, peer: str = "") -> Place:
    """Read a resource's attributes; a resource without a name is the service ``unknown_service``.

    Args:
        attributes: the resource's.
        known: where it is, as far as Kubernetes tells.
        peer: who has sent it, where that tells where it is.
    """
    attributes = _located(attributes, known)
    namespace = text(attributes, semconv.NAMESPACE)
    pod_name, host = text(attributes, semconv.POD), text(attributes, semconv.HOST)
    container_id = text(attributes, semconv.CONTAINER_ID)
    service = _service(attributes, namespace, known.service)
    cluster = _named(EntityType.CLUSTER, text(attributes, semconv.CLUSTER))
    within = _named(EntityType.NAMESPACE, namespace)
    node = _named(EntityType.NODE, text(attributes, semconv.NODE) or ("" if pod_name or container_id else host))
    pod = _named(EntityType.POD, f"{namespace or 'default'}/{pod_name}" if pod_name else "", pod_name)
    container = _container(attributes, pod)
    workloads = list(_workloads(attributes, namespace or "default"))
    links = placement(service, container, pod, node, within, cluster, workloads)
    reporter = not text(attributes, semconv.SERVICE_NAME) and bool(container or pod or node)
    found = (None if reporter else service, container, pod, node, within, cluster, *workloads)
    return Place(
        service.id,
        container.id if container else None,
        pod.id if pod else None,
        node.id if node else None,
        namespace,
        pod_name or container_id or host,
        _instance(attributes, pod_name or container_id or host),
        service,
        peer,
        reporter,
        tuple(entity for entity in found if entity),
        tuple(links),
    )


def _instance(attributes: Attributes, host: str) -> str:
    """Process ids repeat from pod to pod, so they count within the host only."""
    id, process = text(attributes, semconv.SERVICE_INSTANCE), text(attributes, semconv.PROCESS)
    return id or f"{host} {process}".strip()


def _located(attributes: Attributes, found: Whereabouts) -> Attributes:
    """The attributes with those that tell where the resource is."""
    namespace, _, pod = found.pod.partition("/")
    told = (semconv.NAMESPACE, namespace), (semconv.POD, pod), (semconv.CONTAINER, found.container.rpartition("/")[2])
    return attributes | {keys[0]: value for keys, value in told if value}


def _service(attributes: Attributes, namespace: str, known: EntityId | None) -> Entity:
    name = text(attributes, semconv.SERVICE_NAME) or _UNKNOWN
    described = {key: text(attributes, (key,)) for key in _DESCRIBING if attributes.get(key)}
    if known:
        key = known.partition(":")[2]
        return Entity.of(
            EntityType.SERVICE, key, key.rpartition("/")[2] if name.startswith(_UNKNOWN) else name, described
        )
    prefix = text(attributes, semconv.SERVICE_NAMESPACE) or namespace
    return Entity.of(EntityType.SERVICE, f"{prefix}/{name}" if prefix else name, name, described)


def _container(attributes: Attributes, pod: Entity | None) -> Entity | None:
    name, id = text(attributes, semconv.CONTAINER), text(attributes, semconv.CONTAINER_ID)
    described = {
        key: text(attributes, (key,)) for key in ("container.id", "container.image.name") if attributes.get(key)
    }
    if pod and name:
        return Entity.of(EntityType.CONTAINER, f"{pod.id.partition(':')[2]}/{name}", name, described)
    return Entity.of(EntityType.CONTAINER, id, name or id[:12], described) if id else None


def _workloads(attributes: Attributes, namespace: str) -> Iterator[Entity]:
    """The owners, outermost first."""
    for kind, key in semconv.WORKLOADS.items():
        name = text(attributes, (key,))
        if name and not (kind == "ReplicaSet" and attributes.get("k8s.deployment.name")):
            yield Entity.of(EntityType.WORKLOAD, f"{namespace}/{kind}/{name}", name, {"k8s.workload.kind": kind})


def _named(type: EntityType, key: str, name: str = "") -> Entity | None:
    return Entity.of(type, key, name) if key else None
