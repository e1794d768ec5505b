"""A topology as it is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from causely_core.model import Entity, EntityId, Relation, TopologyDelta
from causely_core.model.entity import merged_attributes


@frozen
class Told:
    """A topology.

    Attributes:
        entities: by id.
        relations: they.
    """

    entities: Mapping[EntityId, Entity] = field(factory=dict)
    relations: Mapping[Relation, Relation] = field(factory=dict)

    @classmethod
    def of(cls, entities: Iterable[Entity], relations: Iterable[Relation]) -> Told:
        """What several say together: who describes an entity later wins."""
        described: dict[EntityId, list[Entity]] = {}
        for each in entities:
            described.setdefault(each.id, []).append(each)
        return cls({id: _merged(each) for id, each in described.items()}, {each: each for each in relations})

    def snapshot(self) -> TopologyDelta:
        """All of it."""
        return TopologyDelta("", 0, tuple(self.entities.values()), tuple(self.relations.values()), snapshot=True)

    def since(self, before: Told) -> TopologyDelta:
        """What is another than before."""
        return TopologyDelta(
            "",
            0,
            tuple(each for id, each in self.entities.items() if before.entities.get(id) != each),
            tuple(each for each in self.relations if each not in before.relations),
            tuple(id for id in before.entities if id not in self.entities),
            tuple(each for each in before.relations if each not in self.relations),
        )


def _merged(described: list[Entity]) -> Entity:
    """As one entity; a name that is more than the end of the key is better, for ends of relations have no other."""
    if len(described) == 1:
        return described[0]
    named = [each for each in described if not each.id.endswith(each.name)] or described
    return evolve(named[-1], attributes=merged_attributes(described))
