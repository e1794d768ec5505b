"""What all queries together have told. Pure."""

from __future__ import annotations

from attrs import define, field

from causely_core.model import Entity, EntityId, Relation, Series
from causely_core.polling import Fading, Told
from causely_plugin_prometheus.mapping.facts import Facts
from causely_plugin_prometheus.mapping.rule import Rule


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
        entities = (each for said in self._said for each in said.entities.all().values())
        return Told.of(entities, (each for said in self._said for each in said.relations.all()))
