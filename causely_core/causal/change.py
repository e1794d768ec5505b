"""What differs between two topologies."""

from __future__ import annotations

from attrs import frozen

from causely_core.model import Entity, EntityId, Relation


@frozen
class Change:
    """Entities and relations that came, changed or went, all sources taken together.

    Attributes:
        entities: new, or with another type or other attributes.
        relations: new, or with other attributes. An end may come later; until then nothing follows from them.
        deleted_entities: relations that they are in stay known, and count again when they come back.
        deleted_relations: those that are not known are passed over.
    """

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    deleted_entities: tuple[EntityId, ...] = ()
    deleted_relations: tuple[Relation, ...] = ()
