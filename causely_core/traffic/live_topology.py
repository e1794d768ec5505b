"""The topology as the telemetry shows it: what was seen, when last, and what changed since the last flush."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, field

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, TopologyDelta, entity_type


@define
class _Known:
    entity: Entity
    rank: int
    seen: float


@define
class LiveTopology:
    """Entities and relations that telemetry has named within the time to live.

    Attributes:
        limit: entities kept at most; further ones are refused.
        ttl: seconds of silence after which an entity or a relation is deleted.
        refused: entities refused since the start.
    """

    limit: int
    ttl: float
    refused: int = 0
    _entities: dict[EntityId, _Known] = field(factory=dict, init=False)
    _relations: dict[Relation, float] = field(factory=dict, init=False)
    _upserted: dict[EntityId, Entity] = field(factory=dict, init=False)
    _related: dict[Relation, None] = field(factory=dict, init=False)
    _dropped: dict[EntityId, None] = field(factory=dict, init=False)

    def __contains__(self, id: object) -> bool:
        """Whether the entity is known."""
        return id in self._entities

    def add(self, entity: Entity, now: float, rank: int = 0) -> bool:
        """Take note of an entity; false when there is no room for it.

        Args:
            entity: as it was described now.
            now: seconds since the epoch.
            rank: of two descriptions of one entity the higher rank stays, so that they do not take turns.
        """
        known = self._entities.get(entity.id)
        if known is None:
            if len(self._entities) >= self.limit:
                self.refused += 1
                return False
            self._entities[entity.id] = _Known(entity, rank, now)
            self._upserted[entity.id] = entity
            self._dropped.pop(entity.id, None)
            return True
        known.seen = now
        if rank >= known.rank and entity.attributes != known.entity.attributes:
            known.entity, known.rank = entity, rank
            self._upserted[entity.id] = entity
        return True

    def relate(self, relations: Iterable[Relation], now: float) -> None:
        """Take note of relations; those with an unknown end are left out."""
        for relation in relations:
            if relation in self._relations:
                self._relations[relation] = now
            elif relation.source in self._entities and relation.target in self._entities:
                self._relations[relation] = now
                self._related[relation] = None

    def touch(self, id: str, now: float) -> None:
        """An entity was heard of."""
        known = self._entities.get(EntityId(id))
        if known is not None:
            known.seen = now

    def drop(self, id: EntityId) -> None:
        """Delete an entity at the next flush, without waiting for its time to live."""
        if id in self._entities:
            self._dropped[id] = None

    def snapshot(self) -> TopologyDelta:
        """All that is known, as one delta that replaces what was told before."""
        entities = tuple(known.entity for known in self._entities.values())
        return TopologyDelta("", 0, entities, tuple(self._relations), snapshot=True)

    def flush(self, now: float) -> TopologyDelta:
        """What changed since the last flush, expired entities and relations included."""
        gone = dict.fromkeys(self._expired(now)) | self._dropped
        gone |= dict.fromkeys(sorted(self._only_called_by(gone)))
        gone |= dict.fromkeys(self._with(gone))
        for id in gone:
            del self._entities[id]
            self._upserted.pop(id, None)
        unrelated = [r for r, seen in self._relations.items() if self._lost(r, gone) or now - seen > self.ttl]
        for relation in unrelated:
            del self._relations[relation]
            self._related.pop(relation, None)
        delta = TopologyDelta(
            "", 0, tuple(self._upserted.values()), tuple(self._related), tuple(gone), tuple(unrelated)
        )
        self._upserted, self._related, self._dropped = {}, {}, {}
        return delta

    def _expired(self, now: float) -> Iterator[EntityId]:
        return (id for id, known in self._entities.items() if now - known.seen > self.ttl)

    def _only_called_by(self, gone: dict[EntityId, None]) -> set[EntityId]:
        """External services that nobody else calls: of them nothing is known but that they are called."""
        calls = [r for r in self._relations if _is_call_out(r)] if gone else []
        return {r.target for r in calls if r.source in gone} - {r.target for r in calls if r.source not in gone}

    def _with(self, gone: dict[EntityId, None]) -> Iterator[EntityId]:
        """Dependencies of which one end is gone, and operations of what is gone."""
        ends = (r for r in self._relations if r.target in gone) if gone else ()
        return (r.source for r in ends if entity_type(r.source) in (EntityType.DEPENDENCY, EntityType.OPERATION))

    def _lost(self, relation: Relation, gone: dict[EntityId, None]) -> bool:
        return relation.source in gone or relation.target in gone


def _is_call_out(relation: Relation) -> bool:
    ends = entity_type(relation.source), entity_type(relation.target)
    return relation.type == RelationType.CALLS and ends == (EntityType.SERVICE, EntityType.EXTERNAL_SERVICE)
