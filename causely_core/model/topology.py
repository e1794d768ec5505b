"""Topology and its deltas: what exists and how it hangs together, merged over sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, evolve, field, frozen

from causely_core.model.entity import Entity, EntityId, merged_attributes, merged_name
from causely_core.model.relation import Relation


@frozen
class TopologyDelta:
    """Upserts and deletes found by one source.

    Attributes:
        source: who found it, unique in a cluster (``mediator/otlp``).
        version: grows by one with each delta of the source; a repeated version is ignored.
        snapshot: when true, the delta replaces all that the source said before.
    """

    source: str
    version: int
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    deleted_entities: tuple[EntityId, ...] = ()
    deleted_relations: tuple[Relation, ...] = ()
    snapshot: bool = False

    def __bool__(self) -> bool:
        """Whether applying the delta can change anything."""
        changes = (self.entities, self.relations, self.deleted_entities, self.deleted_relations)
        return self.snapshot or any(changes)


@define
class _Contribution:
    """What one source says at present."""

    version: int = -1
    entities: dict[EntityId, Entity] = field(factory=dict)
    relations: dict[Relation, None] = field(factory=dict)


@define
class Topology:
    """Entities and relations now; an entity lives as long as any source names it.

    Attributes of an entity that several sources name are merged, the alphabetically last source winning,
    so that the order in which sources report does not matter; symptoms that are watched add up. Its name is one that
    is more than the end of its key, where a source has one.
    """

    _sources: dict[str, _Contribution] = field(factory=dict, alias="_sources", init=False)

    def apply(self, delta: TopologyDelta) -> bool:
        """Merge ``delta``; false when its version was seen already and nothing was done."""
        known = self._sources.get(delta.source, _Contribution())
        if not delta.snapshot and delta.version <= known.version:
            return False
        if delta.snapshot:
            known = _Contribution()
        self._sources[delta.source] = known
        known.version = delta.version
        for id in delta.deleted_entities:
            known.entities.pop(id, None)
        for relation in delta.deleted_relations:
            known.relations.pop(relation, None)
        known.entities.update((entity.id, entity) for entity in delta.entities)
        for relation in delta.relations:
            # An equal relation may carry other attributes, and updating a dictionary keeps its old keys.
            known.relations.pop(relation, None)
            known.relations[relation] = None
        return True

    def size_after(self, delta: TopologyDelta) -> int:
        """Entities and relations that the source of ``delta`` would name with it, what it deletes included."""
        known = _Contribution() if delta.snapshot else self._sources.get(delta.source, _Contribution())
        new = sum(each.id not in known.entities for each in delta.entities)
        new += sum(each not in known.relations for each in delta.relations)
        return len(known.entities) + len(known.relations) + new

    def snapshots(self) -> tuple[TopologyDelta, ...]:
        """One snapshot delta a source, from which an empty topology becomes equal to this one."""
        return tuple(
            TopologyDelta(source, said.version, tuple(said.entities.values()), tuple(said.relations), snapshot=True)
            for source, said in sorted(self._sources.items())
        )

    def is_named(self, id: EntityId, besides: str) -> bool:
        """Whether a source other than ``besides`` names an entity."""
        return any(id in said.entities for source, said in self._sources.items() if source != besides)

    def entity(self, id: EntityId) -> Entity | None:
        """The merged entity, or none if no source names it."""
        named = [said.entities[id] for _, said in sorted(self._sources.items()) if id in said.entities]
        return _merged(named) if named else None

    @property
    def entities(self) -> dict[EntityId, Entity]:
        """All entities by id, merged over sources, sorted by id."""
        ids = {id for said in self._sources.values() for id in said.entities}
        merged = ((id, self.entity(id)) for id in sorted(ids))
        return {id: entity for id, entity in merged if entity is not None}

    @property
    def relations(self) -> list[Relation]:
        """Relations whose two ends exist, without repeats, sorted."""
        entities = {id for said in self._sources.values() for id in said.entities}
        return sorted(_between(entities, self._all_relations()), key=lambda r: (r.source, r.type, r.target))

    def _all_relations(self) -> Iterator[Relation]:
        seen: dict[Relation, None] = {}
        for _, said in sorted(self._sources.items()):
            seen.update(said.relations)
        return iter(seen)


def _between(entities: set[EntityId], relations: Iterable[Relation]) -> Iterator[Relation]:
    return (relation for relation in relations if relation.source in entities and relation.target in entities)


def _merged(named: list[Entity]) -> Entity:
    last = named[-1]
    if len(named) == 1:
        return last
    return evolve(last, name=merged_name(named), attributes=merged_attributes(named))
