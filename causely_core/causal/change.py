"""What differs between two topologies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from attrs import frozen

from causely_core.model import Entity, EntityId, Relation


class Told(Protocol):
    """A topology as it is told: of equal relations the last counts."""

    @property
    def entities(self) -> Mapping[EntityId, Entity]:
        """By id."""

    @property
    def relations(self) -> Sequence[Relation]:
        """Between any entities."""


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

    @classmethod
    def between(cls, before: Told, after: Told) -> Change:
        """What makes ``after`` of ``before``."""
        known, wanted = _latest(before.relations), _latest(after.relations)
        return cls(
            tuple(entity for id, entity in after.entities.items() if before.entities.get(id) != entity),
            tuple(each for each in wanted.values() if _attributes(known.get(each)) != each.attributes),
            tuple(id for id in before.entities if id not in after.entities),
            tuple(relation for relation in known if relation not in wanted),
        )


def _latest(relations: Sequence[Relation]) -> dict[Relation, Relation]:
    return {each: each for each in relations}


def _attributes(relation: Relation | None) -> Mapping[str, str] | None:
    return None if relation is None else relation.attributes
