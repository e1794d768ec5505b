"""What crosses of topology."""

from __future__ import annotations

from causely_core.egress.allowlist import MAX_NAME, RELATION_ATTRIBUTES, allowed, max_value
from causely_core.egress.cleaner import Cleaner
from causely_core.egress.policy import EgressPolicy
from causely_core.egress.tally import Tally
from causely_core.model import Entity, EntityId, Relation, TopologyDelta


def filter_topology(delta: TopologyDelta, policy: EgressPolicy, cleaner: Cleaner, tally: Tally) -> TopologyDelta:
    """Source, version, snapshot mark, entities and relations, each rebuilt from what may cross."""
    tally.items.update({"deleted": len(delta.deleted_entities) + len(delta.deleted_relations)})
    return TopologyDelta(
        source=cleaner.text(delta.source, tally),
        version=delta.version,
        entities=tuple(_entity(entity, policy, cleaner, tally) for entity in delta.entities),
        relations=tuple(_counted(relation, cleaner, tally) for relation in delta.relations),
        deleted_entities=tuple(cleaner.id(id, tally) for id in delta.deleted_entities),
        deleted_relations=tuple(_relation(relation, cleaner, tally) for relation in delta.deleted_relations),
        snapshot=delta.snapshot,
    )


def _entity(entity: Entity, policy: EgressPolicy, cleaner: Cleaner, tally: Tally) -> Entity:
    id = cleaner.id(entity.id, tally)
    attributes: dict[str, str] = {}
    for name, value in entity.attributes.items():
        if allowed(name, policy.extra_attributes):
            attributes[name] = cleaner.text(value, tally, max_value(name))
        else:
            tally.drops[cleaner.text(name, Tally(), MAX_NAME)] += 1
    tally.attributes.update(attributes)
    tally.items[entity.type] += 1
    return Entity(id, id.partition(":")[0], cleaner.text(entity.name, tally), attributes)


def _counted(relation: Relation, cleaner: Cleaner, tally: Tally) -> Relation:
    tally.items[relation.type] += 1
    return _relation(relation, cleaner, tally)


def _relation(relation: Relation, cleaner: Cleaner, tally: Tally) -> Relation:
    source: EntityId = cleaner.id(relation.source, tally)
    target = cleaner.id(relation.target, tally)
    known = RELATION_ATTRIBUTES & relation.attributes.keys()
    attributes = {name: cleaner.text(relation.attributes[name], tally) for name in sorted(known)}
    tally.drops.update(relation.attributes.keys() - known)
    return Relation(source, cleaner.text(relation.type, tally), target, attributes)
