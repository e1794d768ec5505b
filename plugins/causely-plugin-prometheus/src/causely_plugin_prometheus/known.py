"""What all queries together have told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, evolve, field, frozen

from causely_core.model import Entity, EntityId, Relation, Series, TopologyDelta
from causely_core.model.entity import merged_attributes
from causely_plugin_prometheus.fading import Fading
from causely_plugin_prometheus.mapping.facts import Facts
from causely_plugin_prometheus.mapping.rule import Rule


@frozen
class Told:
    """A topology.

    Attributes:
        entities: by id.
        relations: they.
    """

    entities: Mapping[EntityId, Entity] = field(factory=dict)
    relations: Mapping[Relation, Relation] = field(factory=dict)

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


@define
class _Said:
    """What one rule says."""

    _patience: float
    entities: Fading[EntityId, Entity] = field(init=False)
    relations: Fading[Relation, Relation] = field(init=False)
    values: Fading[Series, float] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.entities, self.relations = Fading(self._patience), Fading(self._patience)
        self.values = Fading(self._patience)


@define
class Known:
    """What is known by rules, each of which is asked at times of its own.

    Attributes:
        rules: they; of two that describe one entity the later wins.
        patience: seconds for which things stay that no series tells of any more.
    """

    rules: tuple[Rule, ...]
    patience: float
    _said: list[_Said] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Know nothing yet."""
        self._said = [_Said(self.patience) for _ in self.rules]

    def hear(self, rule: int, facts: Facts, now: float, complete: bool = True) -> dict[Series, float]:
        """Take what an answer says, and give the values that are to be told.

        Args:
            rule: which one was asked, by its position.
            facts: of its answer.
            now: seconds since the epoch.
            complete: whether what the answer does not have is not there.
        """
        said, absent = self._said[rule], self.rules[rule].absent
        said.entities.look(facts.entities, now, complete)
        said.relations.look(facts.relations, now, complete)
        if absent is None:
            return dict(facts.values)
        said.values.look(facts.values, now, complete)
        return {**dict.fromkeys(said.values.missing(), absent), **facts.values}

    def told(self) -> Told:
        """All entities and relations."""
        described: dict[EntityId, list[Entity]] = {}
        relations: dict[Relation, Relation] = {}
        for said in self._said:
            for id, entity in said.entities.all().items():
                described.setdefault(id, []).append(entity)
            relations |= said.relations.all()
        return Told({id: _merged(each) for id, each in described.items()}, relations)


def _merged(described: Iterable[Entity]) -> Entity:
    """As one entity; a name that is more than the end of the key is better, for ends of relations have no other."""
    found = list(described)
    named = [each for each in found if not each.id.endswith(each.name)] or found
    return evolve(named[-1], attributes=merged_attributes(found))
