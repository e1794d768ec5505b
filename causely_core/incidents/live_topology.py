"""The topology that an analyzer's API lists, as an incident holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from causely_core.incidents.pseudonyms import Aliases, disguised_entity, disguised_relation
from causely_core.model import Entity, EntityId, Relation

Row = Mapping[str, Any]


@frozen
class LiveTopology:
    """Entities with unique ids and the relations between them."""

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]

    @classmethod
    def of(cls, entities: Iterable[Row], relations: Iterable[Row]) -> LiveTopology:
        """From the rows of ``/entities`` and ``/relations``.

        The pages were fetched one after the other from a topology that changes: an entity may be on two
        pages, and a relation may have come later than the entities at its ends; such relations are left out.
        """
        known = {row["id"]: _entity(row) for row in entities}
        between = (row for row in relations if row["source"] in known and row["target"] in known)
        return cls(tuple(known.values()), tuple(dict.fromkeys(map(_relation, between))))

    def disguised(self, aliases: Aliases) -> LiveTopology:
        """The same under other names."""
        return LiveTopology(
            tuple(disguised_entity(entity, aliases) for entity in self.entities),
            tuple(disguised_relation(relation, aliases) for relation in self.relations),
        )


def _entity(row: Row) -> Entity:
    return Entity(EntityId(row["id"]), row["type"], row["name"], row["attributes"])


def _relation(row: Row) -> Relation:
    return Relation(EntityId(row["source"]), row["type"], EntityId(row["target"]), row["attributes"])
