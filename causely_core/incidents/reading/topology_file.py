"""Reading topology.json: entities and the relations between them."""

from __future__ import annotations

from pathlib import Path

from causely_core.incidents.reading.json_value import JsonValue
from causely_core.incidents.reading.problem import IncidentError
from causely_core.model import Entity, EntityId, Relation


def read_topology(path: Path) -> tuple[tuple[Entity, ...], tuple[Relation, ...]]:
    """Entities and relations, in the file's order.

    Raises:
        IncidentError: the file is wrong, an id is there twice, or a relation's end is no entity.
    """
    whole = JsonValue.of(path)
    entities: dict[EntityId, Entity] = {}
    for item in whole.need("entities").items():
        entity = _entity(item)
        if entity.id in entities:
            raise IncidentError(f"{item.where}: there are two entities with the id {entity.id!r}")
        entities[entity.id] = entity
    relations = [_relation(item, entities) for item in whole.need("relations").items()]
    return tuple(entities.values()), tuple(relations)


def _entity(item: JsonValue) -> Entity:
    id = EntityId(item.need("id").text())
    name, attributes = item.get("name"), item.get("attributes")
    return Entity(
        id, item.need("type").text(), name.text() if name else str(id), attributes.texts() if attributes else {}
    )


def _relation(item: JsonValue, entities: dict[EntityId, Entity]) -> Relation:
    attributes = item.get("attributes")
    return Relation(
        _end(item.need("source"), entities),
        item.need("type").text(),
        _end(item.need("target"), entities),
        attributes.texts() if attributes else {},
    )


def _end(item: JsonValue, entities: dict[EntityId, Entity]) -> EntityId:
    id = EntityId(item.text())
    if id not in entities:
        raise IncidentError(f"{item.where}: {id!r} is not the id of an entity")
    return id
