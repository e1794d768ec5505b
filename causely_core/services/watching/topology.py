"""The topology known to one part, and the numbering of what its discoverers find."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, evolve, field

from causely_core.model import WATCHED, Entity, EntityId, Topology, TopologyDelta, entity_type

_WATCHED = "watched"
"""The source that tells what is judged."""


@define
class TopologyIntake:
    """Gives each delta its source and version and keeps the merged result.

    Attributes:
        component: the first part of every source's name.
    """

    component: str
    topology: Topology = field(factory=Topology, init=False)
    _versions: dict[str, int] = field(factory=dict, init=False)
    _watched: dict[EntityId, str] = field(factory=dict, init=False)
    _entities: dict[EntityId, Entity] | None = field(default=None, init=False)

    def accept(self, source: str, delta: TopologyDelta) -> TopologyDelta:
        """Number ``delta`` as the next one of ``<component>/<source>`` and merge it.

        The first one of a source is a snapshot: what an earlier process said under the name is void.
        """
        name = f"{self.component}/{source}"
        version = self._versions.get(name, 0) + 1
        self._versions[name] = version
        numbered = evolve(delta, source=name, version=version, snapshot=delta.snapshot or version == 1)
        return self.merge(numbered)

    def merge(self, delta: TopologyDelta) -> TopologyDelta:
        """Merge a delta that is numbered already, such as an agent's."""
        self.topology.apply(delta)
        self._entities = None
        return delta

    @property
    def entities(self) -> Mapping[EntityId, Entity]:
        """All entities now, by id."""
        if self._entities is None:
            self._entities = self.topology.entities
        return self._entities

    def watched(self, watched: Mapping[EntityId, str]) -> TopologyDelta | None:
        """The delta that tells which symptoms are judged on which known entities; none if nothing changed.

        It is no reason for an entity to be known: what nobody else names any more is not told of.
        """
        own = f"{self.component}/{_WATCHED}"
        current = {id: symptoms for id, symptoms in watched.items() if symptoms and self.topology.is_named(id, own)}
        changed = {id: symptoms for id, symptoms in current.items() if self._watched.get(id) != symptoms}
        gone = tuple(id for id in self._watched if id not in current)
        self._watched = current
        if not changed and not gone:
            return None
        entities = tuple(self._marked(id, symptoms) for id, symptoms in changed.items())
        return self.accept(_WATCHED, TopologyDelta("", 0, entities, deleted_entities=gone))

    def _marked(self, id: EntityId, symptoms: str) -> Entity:
        known = self.entities[id]
        return Entity(id, entity_type(id), known.name, {WATCHED: symptoms})
