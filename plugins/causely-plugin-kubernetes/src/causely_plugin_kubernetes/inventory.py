"""The inventory: fragments of all objects, put together into one topology and into what changes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping

from attrs import define, evolve, field

from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType, TopologyDelta
from causely_plugin_kubernetes.behind import Behind
from causely_plugin_kubernetes.budgets import Budgets
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.fragments.fragment import namespace_id

_Slot = tuple[Hashable, str]
"""An object: its resource and key."""

_BEHIND = "behind"
"""In place of a resource: what is said of Services by several objects together."""

_OF_CLUSTER = (EntityType.NAMESPACE, EntityType.NODE)


@define
class Inventory:
    """What the objects say that there are now.

    An entity may be named by several objects, and a relation too: each of two EndpointSlices may have a pod.

    Attributes:
        cluster: that namespaces and nodes are part of, if it is known.
    """

    cluster: Entity | None = None
    _fragments: dict[Hashable, dict[str, Fragment]] = field(factory=dict, init=False)
    _behind: Behind = field(factory=Behind, init=False)
    _ignored: Counter[EntityId] = field(factory=Counter, init=False)
    _entities: dict[EntityId, dict[_Slot, Entity]] = field(factory=dict, init=False)
    _notes: dict[EntityId, dict[_Slot, Entity]] = field(factory=dict, init=False)
    _budgets: Budgets = field(factory=Budgets, init=False)
    _relations: Counter[Relation] = field(factory=Counter, init=False)
    _told_entities: dict[EntityId, Entity] = field(factory=dict, init=False)
    _told_relations: set[Relation] = field(factory=set, init=False)
    _touched_entities: dict[EntityId, None] = field(factory=dict, init=False)
    _touched_relations: dict[Relation, None] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        if self.cluster:
            self.put("cluster", Fragment(self.cluster.id, (self.cluster,)))

    def put(self, resource: Hashable, fragment: Fragment) -> None:
        """An object is new, or another one now."""
        kept = self._fragments.setdefault(resource, {})
        before = kept.get(fragment.key)
        kept[fragment.key] = fragment
        self._exchange((resource, fragment.key), self._shown(before), self._shown(fragment))
        self._ignore(before.ignores if before else None, fragment.ignores)

    def remove(self, resource: Hashable, key: str) -> None:
        """An object is gone."""
        before = self._fragments.get(resource, {}).pop(key, None)
        self._exchange((resource, key), self._shown(before), None)
        self._ignore(before.ignores if before else None, None)

    def replace(self, resource: Hashable, fragments: Iterable[Fragment]) -> None:
        """These are all objects of a resource."""
        found = {fragment.key: fragment for fragment in fragments}
        for key in self._fragments.get(resource, {}).keys() - found.keys():
            self.remove(resource, key)
        for fragment in found.values():
            self.put(resource, fragment)

    def leaves_out(self, id: EntityId) -> bool:
        """Whether an entity is within something that is to be ignored."""
        if id in self._entities or not any(self._ignored.values()):
            return False
        within, *names = id.partition(":")[2].split("/")
        if self._ignored[namespace_id(within)]:
            return True
        keys = [f"{within}/{name}" for name in names]
        found = (fragment for kept in self._fragments.values() for key in keys if (fragment := kept.get(key)))
        return any(entity.id == id for each in found if not self._shown(each) for entity in each.entities)

    def flush(self) -> TopologyDelta:
        """What is another one than was told last."""
        for key, fragment in self._behind.flush():
            self.put(_BEHIND, fragment) if fragment else self.remove(_BEHIND, key)
        entities, relations = self._touched_entities, self._touched_relations
        self._touched_entities, self._touched_relations = {}, {}
        changed = {id: self._merged(id) for id in entities if id in self._entities}
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

    def _shown(self, fragment: Fragment | None) -> Fragment | None:
        """A fragment, unless it is within what is left out."""
        return None if fragment is None or any(self._ignored[id] for id in fragment.within) else fragment

    def _ignore(self, ended: EntityId | None, begun: EntityId | None) -> None:
        """Look at all objects again: that people say so is rare."""
        if ended == begun:
            return
        touched = [
            ((resource, key), fragment, self._shown(fragment))
            for resource, kept in self._fragments.items()
            for key, fragment in kept.items()
            if ended in fragment.within or begun in fragment.within
        ]
        if ended:
            self._ignored[ended] -= 1
        if begun:
            self._ignored[begun] += 1
        for slot, fragment, before in touched:
            if self._shown(fragment) is not before:
                self._exchange(slot, before, self._shown(fragment))

    def _exchange(self, slot: _Slot, before: Fragment | None, after: Fragment | None) -> None:
        self._behind.exchange(slot, before, after)
        if before:
            _drop(self._entities, before.entities, slot)
            _drop(self._notes, before.notes, slot)
            self._relations.subtract(self._related(before))
        if after:
            _put(self._entities, after.entities, slot)
            _put(self._notes, after.notes, slot)
            self._relations.update(self._related(after))
        self._touched_entities |= dict.fromkeys(self._budgets.exchange(slot, before, after))
        for fragment in filter(None, (before, after)):
            self._touched_entities |= dict.fromkeys(each.id for each in (*fragment.entities, *fragment.notes))
            self._touched_relations |= dict.fromkeys(self._related(fragment))
        for relation in self._related(before) if before else ():
            if not self._relations[relation]:
                del self._relations[relation]

    def _related(self, fragment: Fragment) -> Iterator[Relation]:
        yield from fragment.relations
        if self.cluster:
            for entity in fragment.entities:
                if entity.type in _OF_CLUSTER:
                    yield Relation(entity.id, RelationType.PART_OF, self.cluster.id)

    def _merged(self, id: EntityId) -> Entity:
        """What all say of an entity; who names it knows better than who makes notes of it."""
        named, noted = (_in_order(kept.get(id, {})) for kept in (self._entities, self._notes))
        if named[0].type == EntityType.WORKLOAD:
            within = namespace_id(id.partition(":")[2].partition("/")[0])
            noted += self._budgets.notes(named[0], within)
        if len(named) == 1 and not noted:
            return named[0]
        attributes = {name: value for each in (*noted, *named) for name, value in each.attributes.items()}
        return evolve(named[-1], attributes=attributes)


def _put(kept: dict[EntityId, dict[_Slot, Entity]], entities: Iterable[Entity], slot: _Slot) -> None:
    for entity in entities:
        kept.setdefault(entity.id, {})[slot] = entity


def _drop(kept: dict[EntityId, dict[_Slot, Entity]], entities: Iterable[Entity], slot: _Slot) -> None:
    for entity in entities:
        said = kept.get(entity.id, {})
        said.pop(slot, None)
        if not said:
            kept.pop(entity.id, None)


def _in_order(said: Mapping[_Slot, Entity]) -> list[Entity]:
    """The same, whoever came first."""
    return [said[slot] for slot in sorted(said, key=lambda slot: (str(slot[0]), slot[1]))] if said else []


def _same(entity: Entity, told: Entity | None) -> bool:
    """Equal entities are those with one id; here it is asked whether they are described alike."""
    return told is not None and (told.name, told.attributes) == (entity.name, entity.attributes)
