"""Topologies in few words."""

from __future__ import annotations

from causely_core.errors import ConfigError
from causely_core.model import Entity, EntityId, Relation, TopologyDelta, entity_type


def topology(*sentences: str) -> TopologyDelta:
    """A snapshot of what ``sentences`` say.

    Each is one entity, ``"Queue:mail"``, or a relation between two: ``"Service:web calls Service:cart"``. Entities are
    written as ``<type>:<key>``; a relation brings its two.

    Raises:
        ConfigError: a sentence is neither.
    """
    entities: dict[EntityId, Entity] = {}
    relations: list[Relation] = []
    for sentence in sentences:
        match sentence.split():
            case [one]:
                entities |= _entity(one)
            case [source, type, target]:
                entities |= {**_entity(source), **_entity(target)}
                relations.append(Relation(EntityId(source), type, EntityId(target)))
            case _:
                raise ConfigError(f"{sentence!r}: expected <type>:<key>, or two of them with a relation between")
    return TopologyDelta("", 0, tuple(entities.values()), tuple(relations), snapshot=True)


def _entity(word: str) -> dict[EntityId, Entity]:
    type, colon, key = word.partition(":")
    if not (type and colon and key):
        raise ConfigError(f"{word!r}: expected <type>:<key>, such as Service:cart")
    id = EntityId(word)
    return {id: Entity(id, entity_type(id), key)}
