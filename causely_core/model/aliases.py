"""Aliases: ids by which those who know less speak of an entity."""

from __future__ import annotations

from collections import Counter

from attrs import define, field

from causely_core.model.entity import EntityId
from causely_core.model.relation import Relation
from causely_core.model.rewriting import rewritten


@define
class Aliases:
    """What ids mean, by the relations ``same_as`` of all sources.

    An id that is said to mean two entities, as when an address goes from one pod to the next, means neither. Changed by
    one thread; all may ask.

    Attributes:
        version: grows whenever an id means something else than before.
    """

    version: int = field(default=0, init=False)
    _targets: dict[EntityId, Counter[EntityId]] = field(factory=dict, init=False)
    _meanings: dict[EntityId, EntityId] = field(factory=dict, init=False)

    def add(self, relation: Relation) -> None:
        """A source says ``relation``, of type ``same_as``."""
        self._targets.setdefault(relation.source, Counter())[relation.target] += 1
        self._update(relation.source)

    def remove(self, relation: Relation) -> None:
        """A source does not say any more what it said."""
        targets = self._targets[relation.source]
        targets[relation.target] -= 1
        if not targets[relation.target]:
            del targets[relation.target]
        if not targets:
            del self._targets[relation.source]
        self._update(relation.source)

    def meaning(self, id: EntityId) -> EntityId | None:
        """The one entity that ``id`` is said to mean."""
        return self._meanings.get(id)

    def resolve(self, id: EntityId) -> EntityId:
        """The id of the entity that is meant by ``id``, which may have aliases and addresses in it."""
        return rewritten(id, self.meaning)

    def _update(self, id: EntityId) -> None:
        targets, before = self._targets.get(id, ()), self._meanings.get(id)
        if len(targets) == 1:
            self._meanings[id] = next(iter(targets))
        else:
            self._meanings.pop(id, None)
        self.version += self._meanings.get(id) != before
