"""The inventory: fragments of all objects, put together into one topology and into what changes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from attrs import define, field

from causely_core.model import Entity, EntityId, Relation, TopologyDelta
from causely_plugin_kubernetes.fragments import Fragment


@define
class Inventory:
    """What the objects say that there are now.

    An entity is named by one object only, and a relation by several: each of two EndpointSlices may have a pod.
    """

    _fragments: dict[Hashable, dict[str, Fragment]] = field(factory=dict, init=False)
    _entities: dict[EntityId, Entity] = field(factory=dict, init=False)
    _relations: Counter[Relation] = field(factory=Counter, init=False)
    _told_entities: dict[EntityId, Entity] = field(factory=dict, init=False)
    _told_relations: set[Relation] = field(factory=set, init=False)
    _touched_entities: dict[EntityId, None] = field(factory=dict, init=False)
    _touched_relations: dict[Relation, None] = field(factory=dict, init=False)

    def put(self, resource: Hashable, fragment: Fragment) -> None:
        """An object is new, or another one now."""
        kept = self._fragments.setdefault(resource, {})
        before = kept.get(fragment.key)
        kept[fragment.key] = fragment
        self._exchange(before, fragment)

    def remove(self, resource: Hashable, key: str) -> None:
        """An object is gone."""
        before = self._fragments.get(resource, {}).pop(key, None)
        self._exchange(before, None)

    def replace(self, resource: Hashable, fragments: Iterable[Fragment]) -> None:
        """These are all objects of a resource."""
        found = {fragment.key: fragment for fragment in fragments}
        for key in self._fragments.get(resource, {}).keys() - found.keys():
            self.remove(resource, key)
        for fragment in found.values():
            self.put(resource, fragment)

    def flush(self) -> TopologyDelta:
        """What is another one than was told last."""
        entities, relations = self._touched_entities, self._touched_relations
        self._touched_entities, self._touched_relations = {}, {}
        changed = {id: self._entities[id] for id in entities if id in self._entities}
        upserts = tuple(entity for id, entity in changed.items() if not _same(entity, self._told_entities.get(id)))
        dropped = tuple(id for id in entities if id not in self._entities and id in self._told_entities)
        related = tuple(each for each in relations if each in self._relations and each not in self._told_relations)
        parted = tuple(each for each in relations if each not in self._relations and each in self._told_relations)
        self._told_entities.update(changed)
        for id in dropped:
            del self._told_entities[id]
        self._told_relations.update(related)
        self._told_relations.difference_update(parted)
        return TopologyDelta("", 0, upserts, related, dropped, parted)

    def snapshot(self) -> TopologyDelta:
        """All that was told."""
        entities, relations = tuple(self._told_entities.values()), tuple(self._told_relations)
        return TopologyDelta("", 0, entities, relations, snapshot=True)

    def _exchange(self, before: Fragment | None, after: Fragment | None) -> None:
        for entity in before.entities if before else ():
            self._entities.pop(entity.id, None)
            self._touched_entities[entity.id] = None
        for relation in before.relations if before else ():
            self._relations[relation] -= 1
            if not self._relations[relation]:
                del self._relations[relation]
            self._touched_relations[relation] = None
        for entity in after.entities if after else ():
            self._entities[entity.id] = entity
            self._touched_entities[entity.id] = None
        for relation in after.relations if after else ():
            self._relations[relation] += 1
            self._touched_relations[relation] = None


def _same(entity: Entity, told: Entity | None) -> bool:
    """Equal entities are those with one id; here it is asked whether they are described alike."""
    return told is not None and (told.name, told.attributes) == (entity.name, entity.attributes)
