"""Entities, relations and topology deltas."""

from __future__ import annotations

from causely_core.model import Entity, Relation, TopologyDelta
from causely_core.wire.convert import check
from causely_core.wire.pb import topology_pb2 as pb


def entity_to_pb(entity: Entity) -> pb.Entity:
    """Encode an entity."""
    _check_entity(entity)
    return pb.Entity(id=entity.id, type=entity.type, name=entity.name, attributes=entity.attributes)


def entity_from_pb(message: pb.Entity) -> Entity:
    """Decode an entity."""
    id = check.entity_id("entity.id", message.id, message.type)
    return _check_entity(Entity(id, message.type, message.name, dict(message.attributes)))


def relation_to_pb(relation: Relation) -> pb.Relation:
    """Encode a relation."""
    _check_relation(relation)
    return pb.Relation(
        source=relation.source, type=relation.type, target=relation.target, attributes=relation.attributes
    )


def relation_from_pb(message: pb.Relation) -> Relation:
    """Decode a relation."""
    source = check.entity_id("relation.source", message.source)
    target = check.entity_id("relation.target", message.target)
    return _check_relation(Relation(source, message.type, target, dict(message.attributes)))


def topology_delta_to_pb(delta: TopologyDelta) -> pb.TopologyDelta:
    """Encode a topology delta."""
    return pb.TopologyDelta(
        source=check.text("topology.source", delta.source, required=True),
        version=check.count("topology.version", delta.version),
        snapshot=delta.snapshot,
        entities=map(entity_to_pb, delta.entities),
        relations=map(relation_to_pb, delta.relations),
        deleted_entities=[check.entity_id("topology.deleted_entities", id) for id in delta.deleted_entities],
        deleted_relations=map(relation_to_pb, delta.deleted_relations),
    )


def topology_delta_from_pb(message: pb.TopologyDelta) -> TopologyDelta:
    """Decode a topology delta."""
    return TopologyDelta(
        source=check.text("topology.source", message.source, required=True),
        version=message.version,
        entities=tuple(map(entity_from_pb, message.entities)),
        relations=tuple(map(relation_from_pb, message.relations)),
        deleted_entities=tuple(check.entity_id("topology.deleted_entities", id) for id in message.deleted_entities),
        deleted_relations=tuple(map(relation_from_pb, message.deleted_relations)),
        snapshot=message.snapshot,
    )


def _check_entity(entity: Entity) -> Entity:
    check.text("entity.type", entity.type, required=True)
    check.entity_id("entity.id", entity.id, entity.type)
    check.text(f"entity.name of {entity.id}", entity.name)
    check.texts(f"entity.attributes of {entity.id}", entity.attributes)
    return entity


def _check_relation(relation: Relation) -> Relation:
    check.entity_id("relation.source", relation.source)
    check.text("relation.type", relation.type, required=True)
    check.entity_id("relation.target", relation.target)
    check.texts("relation.attributes", relation.attributes)
    return relation
