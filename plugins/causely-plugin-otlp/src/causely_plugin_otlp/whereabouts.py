"""Whereabouts: the pod, the container and the service of a resource, as far as Kubernetes tells."""

from __future__ import annotations

from attrs import evolve, frozen

from causely_core.model import Aliases, EntityId, EntityType, entity_id
from causely_plugin_otlp import semconv
from causely_plugin_otlp.attributes import Attributes, text


@frozen
class Whereabouts:
    """Where a resource is.

    Attributes:
        container: ``<namespace>/<pod>/<name>``; empty when it is not known.
        pod: ``<namespace>/<name>``, likewise.
        service: that runs there, likewise; by it, and not by what it calls itself, others know it too.
    """

    container: str = ""
    pod: str = ""
    service: EntityId | None = None


NOWHERE = Whereabouts()


@frozen
class Clues:
    """What tells where a resource is.

    Attributes:
        container: the container's id at its runtime.
        name: the container's name in its pod.
        uid: of the pod.
        pod: ``<namespace>/<name>`` of the pod.
        peer: IP address of whoever sends, where nothing else is known.
    """

    container: str = ""
    name: str = ""
    uid: str = ""
    pod: str = ""
    peer: str = ""

    @classmethod
    def of(cls, attributes: Attributes, peer: str) -> Clues:
        """Those of a resource that ``peer`` has sent; one that names no service may be of anybody."""
        container, name, uid, pod, namespace = (
            text(attributes, keys)
            for keys in (semconv.CONTAINER_ID, semconv.CONTAINER, semconv.POD_UID, semconv.POD, semconv.NAMESPACE)
        )
        placed = container or uid or pod or text(attributes, semconv.NODE)
        alone = not placed and text(attributes, semconv.SERVICE_NAME)
        return cls(container, name, uid, f"{namespace or 'default'}/{pod}" if pod else "", peer if alone else "")

    def sender(self, aliases: Aliases) -> str:
        """The pod that is at the peer's address; empty without one."""
        return _meant(aliases, EntityType.POD, self.peer)

    def without_peer(self) -> Clues:
        """The others."""
        return evolve(self, peer="")

    def find(self, aliases: Aliases) -> Whereabouts:
        """Where that is."""
        container = _meant(aliases, EntityType.CONTAINER, self.container)
        pod = container.rpartition("/")[0] or _meant(aliases, EntityType.POD, self.uid or self.peer)
        told = pod or self.pod
        inside = container or (f"{told}/{self.name}" if told and self.name else "")
        places = ((EntityType.CONTAINER, inside), (EntityType.POD, told))
        running = (aliases.meaning(entity_id(EntityType.SERVICE, f"{type}:{key}")) for type, key in places if key)
        service = next(filter(None, running), None)
        return Whereabouts(container, told if service else pod, service)


def _meant(aliases: Aliases, type: EntityType, key: str) -> str:
    found = aliases.meaning(entity_id(type, key)) if key else None
    return found.partition(":")[2] if found else ""
