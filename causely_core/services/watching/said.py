"""What one source says of the topology, by the names of things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from attrs import define, evolve, field

from causely_core.model import (
    Entity,
    EntityId,
    EntityType,
    Relation,
    RelationType,
    TopologyDelta,
    entity_type,
    merged_attributes,
)

Naming: TypeAlias = Callable[[EntityId], EntityId]

_CALLED_THE_SAME = frozenset({EntityType.OPERATION, EntityType.DATABASE, EntityType.CACHE})
"""Types of what people call the same wherever it is."""


@define
class Said:
    """Entities and relations as the source tells them, under the names that they have now.

    Several may have one name: a service that the source knows by two addresses is one.

    Attributes:
        heard: version of the last delta that the source told.
        told: version of the last delta that was told of it.
        aliases: relations ``same_as`` that hold.
    """

    heard: int = -1
    told: int = 0
    aliases: set[Relation] = field(factory=set)
    _entities: dict[EntityId, dict[EntityId, Entity]] = field(factory=dict, init=False)
    _relations: dict[Relation, dict[Relation, Relation]] = field(factory=dict, init=False)
    _touched: dict[EntityId, bool] = field(factory=dict, init=False)
    _related: dict[Relation, bool] = field(factory=dict, init=False)

    def apply(self, delta: TopologyDelta, name: Naming) -> None:
        """Take in what ``delta`` says of entities and relations."""
        for id in delta.deleted_entities:
            self._drop(id, name)
        for relation in delta.deleted_relations:
            self._part(relation, name)
        for entity in delta.entities:
            self._put(entity, name)
        for relation in delta.relations:
            if relation.type != RelationType.SAME_AS:
                self._part(relation, name)
                self._relate(relation, name)

    def rename(self, names: Mapping[EntityId, EntityId], before: Naming) -> None:
        """Some ids have other names now.

        Args:
            names: theirs.
            before: gives those of all ids, of these the ones until now.
        """

        def after(id: EntityId) -> EntityId:
            return names.get(id) or before(id)

        for entity in [found for id in names if (found := self._entities.get(before(id), {}).get(id))]:
            self._drop(entity.id, before)
            self._put(entity, after)
        for relation in [each for each in self._told() if each.source in names or each.target in names]:
            self._part(relation, before)
            self._relate(relation, after)

    @property
    def touched(self) -> bool:
        """Whether anything may be another since the last flush."""
        return bool(self._touched or self._related)

    def called(self, name: EntityId) -> list[EntityId]:
        """The ids by which the source calls an entity."""
        return list(self._entities.get(name, ()))

    def ids(self) -> Iterator[EntityId]:
        """All ids that the source uses; some of them repeatedly."""
        for entities in self._entities.values():
            yield from entities
        for relation in self._told():
            yield relation.source
            yield relation.target

    def flush(self, source: str, snapshot: bool = False) -> TopologyDelta:
        """What is another since the last time; nothing when the delta is false."""
        touched, related = self._touched, self._related
        self._touched, self._related = {}, {}
        delta = TopologyDelta(
            source,
            self.told + 1,
            tuple(_merged(name, self._entities[name]) for name in touched if name in self._entities),
            tuple(self._shown(name) for name in related if name in self._relations and not _to_itself(name)),
            tuple(name for name, was in touched.items() if was and name not in self._entities),
            tuple(name for name, was in related.items() if was and name not in self._relations),
            snapshot,
        )
        self.told += bool(delta)
        return delta

    def _put(self, entity: Entity, name: Naming) -> None:
        named = name(entity.id)
        self._touched.setdefault(named, named in self._entities)
        self._entities.setdefault(named, {})[entity.id] = entity

    def _drop(self, id: EntityId, name: Naming) -> None:
        named = name(id)
        if id in self._entities.get(named, ()):
            self._touched.setdefault(named, True)
            del self._entities[named][id]
            if not self._entities[named]:
                del self._entities[named]

    def _relate(self, relation: Relation, name: Naming) -> None:
        named = Relation(name(relation.source), relation.type, name(relation.target))
        self._related.setdefault(named, named in self._relations)
        self._relations.setdefault(named, {})[relation] = relation

    def _part(self, relation: Relation, name: Naming) -> None:
        named = Relation(name(relation.source), relation.type, name(relation.target))
        if relation in self._relations.get(named, ()):
            self._related.setdefault(named, True)
            del self._relations[named][relation]
            if not self._relations[named]:
                del self._relations[named]

    def _told(self) -> Iterator[Relation]:
        return (told for relations in self._relations.values() for told in relations.values())

    def _shown(self, name: Relation) -> Relation:
        last = max(self._relations[name].values(), key=lambda told: (told.source, told.target))
        return evolve(name, attributes=last.attributes)


def _to_itself(relation: Relation) -> bool:
    """Whether a service is seen to call itself, by an address of its own."""
    return relation.type == RelationType.CALLS and relation.source == relation.target


def _merged(name: EntityId, told: Mapping[EntityId, Entity]) -> Entity:
    """One entity of all that are called ``name``; what is said of it by its name counts most."""
    entities = [told[id] for id in sorted(told, key=lambda id: (id == name, id))]
    last = entities[-1]
    called = last.name if last.id == name else _called(name, last)
    return Entity(name, entity_type(name), called, merged_attributes(entities))


def _called(name: EntityId, told: Entity) -> str:
    """What a person calls an entity that is known by other ids only."""
    key = name.partition(":")[2]
    if entity_type(name) == EntityType.DEPENDENCY:
        caller, _, callee = key.partition(" > ")
        return f"{_last(caller)} > {_last(callee.partition(':')[2])}"
    # Operations and databases are called the same wherever they are.
    return (
        told.name if entity_type(name) in (EntityType.OPERATION, EntityType.DATABASE, EntityType.CACHE) else _last(key)
    )


def _last(key: str) -> str:
    return key.rpartition("/")[2]
