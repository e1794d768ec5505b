"""Entities: the typed things of a topology."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NewType

from attrs import field, frozen

EntityId = NewType("EntityId", str)
"""``<type>:<key>``; the key is stable over restarts of whatever found the entity."""


WATCHED = "causely.watched"
"""Entity attribute that lists, separated by spaces, the symptoms which are judged on the entity."""


HOTTEST = "causely.cpu.hottest"
"""Entity attribute: the file in whose code the entity's processes are most often found."""


class EntityType(StrEnum):
    """Types that the core knows; a plugin may bring others, the type is an open string."""

    CLUSTER = "Cluster"
    NAMESPACE = "Namespace"
    NODE = "Node"
    POD = "Pod"
    CONTAINER = "Container"
    WORKLOAD = "Workload"
    SERVICE = "Service"
    OPERATION = "Operation"
    DEPENDENCY = "Dependency"
    DATABASE = "Database"
    CACHE = "Cache"
    QUEUE = "Queue"
    TOPIC = "Topic"
    DISK = "Disk"
    LOAD_BALANCER = "LoadBalancer"
    CLOUD_SERVICE = "CloudService"
    EXTERNAL_SERVICE = "ExternalService"
    DNS = "DNS"


def entity_id(type: str, key: str) -> EntityId:
    """The id of the entity of ``type`` known by ``key``."""
    return EntityId(f"{type}:{key}")


def entity_type(id: EntityId) -> str:
    """The type an id was made with."""
    return id.partition(":")[0]


@frozen
class Entity:
    """A typed thing with a stable id.

    Attributes:
        id: ``<type>:<key>``.
        type: an :class:`EntityType` or a plugin's own type.
        name: what a person calls it.
        attributes: descriptive strings under OpenTelemetry resource names (``service.version``,
            ``k8s.pod.name``); never measured values.
    """

    id: EntityId
    type: str
    name: str
    attributes: Mapping[str, str] = field(factory=dict, hash=False)

    @classmethod
    def of(cls, type: str, key: str, name: str = "", attributes: Mapping[str, str] | None = None) -> Entity:
        """Build an entity from its type and key; the name defaults to the key."""
        return cls(entity_id(type, key), str(type), name or key, attributes or {})

    @property
    def has_own_name(self) -> bool:
        """Whether its name is more than the end of its key, which whoever knows no better calls it by."""
        return not self.id.endswith((f"/{self.name}", f":{self.name}"))


def merged_name(entities: Iterable[Entity]) -> str:
    """How one entity is called that several describe: the last name of its own that it has, else the last."""
    described = list(entities)
    own = [entity.name for entity in described if entity.has_own_name]
    return (own or [described[-1].name])[-1]


def merged_attributes(entities: Iterable[Entity]) -> dict[str, str]:
    """What is said of one entity together, the last winning; what is judged on it, each says a part of."""
    described = list(entities)
    merged = {name: value for entity in described for name, value in entity.attributes.items()}
    if WATCHED in merged:
        told = (entity.attributes.get(WATCHED, "").split() for entity in described)
        merged[WATCHED] = " ".join(sorted({symptom for symptoms in told for symptom in symptoms}))
    return merged
