"""The topology known to one part, and the numbering of what its discoverers find."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import define, evolve, field

from causely_core.model import (
    WATCHED,
    Entity,
    EntityId,
    ObservationBatch,
    Series,
    Topology,
    TopologyDelta,
    entity_type,
)
from causely_core.services.watching.resolving import Resolver

_WATCHED = "watched"
"""The source that tells what is judged."""


@define
class TopologyIntake:
    """Gives each delta its source and version and keeps the merged result.

    Attributes:
        component: the first part of every source's name.
        resolver: puts together what several sources find under ids of their own; none where that is left to others.
        most: entities and relations that one discoverer may tell.
    """

    component: str
    resolver: Resolver | None = None
    most: int = 1_000_000
    topology: Topology = field(factory=Topology, init=False)
    _versions: dict[str, int] = field(factory=dict, init=False)
    _watched: dict[EntityId, str] = field(factory=dict, init=False)
    _entities: dict[EntityId, Entity] | None = field(default=None, init=False)

    def accept(self, source: str, delta: TopologyDelta) -> tuple[TopologyDelta, ...]:
        """Number ``delta`` as the next one of ``<component>/<source>`` and merge it; what is to be told of it.

        The first one of a source is a snapshot: what an earlier process said under the name is void.

        Raises:
            OverflowError: the source would tell of more than there is room for; what it told before stays.
        """
        name = f"{self.component}/{source}"
        version = self._versions.get(name, 0) + 1
        numbered = evolve(delta, source=name, version=version, snapshot=delta.snapshot or version == 1)
        size = self.topology.size_after(numbered)
        if size > self.most:
            raise OverflowError(f"tells {size} entities and relations, {self.most} are allowed: let it discover less")
        self._versions[name] = version
        return self.merge(numbered)

    def merge(self, delta: TopologyDelta) -> tuple[TopologyDelta, ...]:
        """Merge a delta that is numbered already, such as an agent's; what is to be told of it."""
        told = self.resolver.resolve(delta) if self.resolver else (delta,)
        for each in told:
            self.topology.apply(each)
        self._entities = None
        return told

    def name(self, id: EntityId) -> EntityId:
        """The id under which an entity is known here that a source calls ``id``."""
        return self.resolver.name(id) if self.resolver else id

    def renamed(self) -> frozenset[EntityId]:
        """Ids that were given another name since this was asked last."""
        if self.resolver is None:
            return frozenset()
        renamed = frozenset(self.resolver.renamed)
        self.resolver.renamed.clear()
        return renamed

    def called(self, name: EntityId) -> Sequence[EntityId]:
        """The ids by which sources call an entity, its name among them."""
        return self.resolver.called(name) if self.resolver else (name,)

    def named(self, batch: ObservationBatch) -> ObservationBatch:
        """The batch with its series of the entities as they are known here."""
        if self.resolver is None:
            return batch
        name = self.resolver.name
        return evolve(batch, series=tuple(_named(series, name(series.entity), name) for series in batch.series))

    @property
    def entities(self) -> Mapping[EntityId, Entity]:
        """All entities now, by id."""
        if self._entities is None:
            self._entities = self.topology.entities
        return self._entities

    def watched(self, watched: Mapping[EntityId, str]) -> tuple[TopologyDelta, ...]:
        """The deltas that tell which symptoms are judged on which known entities; none if nothing changed.

        It is no reason for an entity to be known: what nobody else names any more is not told of.
        """
        own = f"{self.component}/{_WATCHED}"
        current = {id: symptoms for id, symptoms in watched.items() if symptoms and self.topology.is_named(id, own)}
        changed = {id: symptoms for id, symptoms in current.items() if self._watched.get(id) != symptoms}
        gone = tuple(id for id in self._watched if id not in current)
        self._watched = current
        if not changed and not gone:
            return ()
        entities = tuple(self._marked(id, symptoms) for id, symptoms in changed.items())
        return self.accept(_WATCHED, TopologyDelta("", 0, entities, deleted_entities=gone))

    def _marked(self, id: EntityId, symptoms: str) -> Entity:
        known = self.entities[id]
        return Entity(id, entity_type(id), known.name, {WATCHED: symptoms})


def _named(series: Series, entity: EntityId, name: Callable[[EntityId], EntityId]) -> Series:
    peer = name(EntityId(series.peer)) if series.peer else ""
    return series if (series.entity, series.peer) == (entity, peer) else Series(entity, series.attribute, peer)
