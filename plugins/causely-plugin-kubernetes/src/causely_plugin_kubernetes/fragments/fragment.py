"""What one object says of the topology, and what all kinds of objects have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

from causely_core import kubernetes
from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, entity_id

Object = Mapping[str, Any]

_AROUND = (EntityType.NAMESPACE, EntityType.WORKLOAD)
"""What is left out with all within it."""


Labels: TypeAlias = frozenset[tuple[str, str]]


@frozen
class Selected:
    """What an object says of the workloads whose pods have some labels.

    Attributes:
        labels: that their pods have, and maybe others.
        attributes: of these workloads.
    """

    labels: Labels
    attributes: Mapping[str, str] = field(hash=False)


@frozen
class Runs:
    """What pods are that a workload makes, or one that nobody has made.

    Attributes:
        labels: of the pods.
        service: that runs in their main containers.
    """

    labels: Labels
    service: EntityId


@frozen
class Selection:
    """What a Service of Kubernetes selects.

    Attributes:
        service: it.
        labels: that pods must have; none when it selects nothing by itself.
        addresses: ids under which those know it who know no more than where it is.
        within: what it is left out with.
    """

    service: EntityId
    labels: Labels
    addresses: tuple[EntityId, ...]
    within: tuple[EntityId, ...]


@frozen
class Fragment:
    """What one object says.

    Attributes:
        key: namespace and name.
        entities: that it names.
        relations: of these, or of others.
        notes: attributes of entities that others name.
        within: what it is left out with: its namespace, and its workloads.
        ignores: what is to be left out, and all within it.
        runs: which service its pods are, of a workload, or of a pod of which no workload tells.
        selection: of a Service.
        selected: what is said of workloads by the labels of their pods.
    """

    key: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    notes: tuple[Entity, ...] = ()
    within: tuple[EntityId, ...] = ()
    ignores: EntityId | None = None
    runs: Runs | None = None
    selection: Selection | None = None
    selected: Selected | None = None


def ignored(found: Object) -> bool:
    """Whether people have said that the object is to be left out."""
    return kubernetes.ignored(marks(found))


def part_of(entity: Entity, namespace: str) -> Relation:
    """That an entity is part of a namespace, named by its name."""
    return Relation(entity.id, RelationType.PART_OF, namespace_id(namespace))


def namespace_id(name: str) -> EntityId:
    """The id of a namespace."""
    return entity_id(EntityType.NAMESPACE, name)


def service_id(within: str, name: str) -> EntityId:
    """The id of a service by namespace and name."""
    return entity_id(EntityType.SERVICE, f"{within}/{name}")


def workload_id(within: str, kind: str, name: str) -> EntityId:
    """The id of a workload by namespace, kind and name."""
    return entity_id(EntityType.WORKLOAD, f"{within}/{kind}/{name}")


def fragment_of(
    found: Object,
    entities: tuple[Entity, ...] = (),
    relations: Iterable[Relation] = (),
    notes: tuple[Entity, ...] = (),
    owners: Iterable[EntityId] = (),
    selected: Selected | None = None,
) -> Fragment:
    """What an object says, unless it is to be left out.

    Args:
        found: the object.
        entities: that it names, the one that it is first.
        relations: of these, or of others.
        notes: attributes of entities that others name.
        owners: workloads that it is left out with.
        selected: what is said of workloads by the labels of their pods.
    """
    about = found["metadata"]
    within = about.get("namespace")
    key = f"{within}/{about['name']}" if within else about["name"]
    if ignored(found):
        return Fragment(key, ignores=next((each.id for each in entities if each.type in _AROUND), None))
    apart = (namespace_id(within), *owners) if within else ()
    return Fragment(key, entities, tuple(relations), notes, apart, selected=selected)


def marks(found: Object) -> dict[str, str]:
    """What people have said of the object for causely."""
    return kubernetes.marks(found["metadata"])


def given(attributes: Mapping[str, str]) -> dict[str, str]:
    """Those attributes that are known."""
    return {name: value for name, value in attributes.items() if value}
