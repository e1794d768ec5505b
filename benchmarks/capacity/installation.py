"""A cluster of a wanted size: which of it agents tell, and which the mediator finds by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property

from attrs import evolve, field, frozen
from builtin_models import catalogue, models
from city import City
from outbreak import outbreak

from capacity.attributes import OF_HOSTS, OF_REQUESTS, watched
from causely_core.causal import build_graph
from causely_core.model import (
    WATCHED,
    Entity,
    EntityId,
    EntityType,
    Manifestation,
    Relation,
    RelationType,
    Symptom,
    TopologyDelta,
)

AGENTS = 8
"""Connections to the mediator; a real cluster has one for each node, with as much to tell together."""
ILL = 0.01
"""Symptoms by entities."""
_FOUND_BY_KUBERNETES = {EntityType.CONTAINER, EntityType.NODE, EntityType.SERVICE}


@frozen(eq=False)
class Installation:
    """Everything there is, with names as long as those of Kubernetes."""

    entities: tuple[Entity, ...] = field()
    relations: tuple[Relation, ...] = field()

    @classmethod
    def of(cls, size: int) -> Installation:
        """About ``size`` entities; see :class:`City` for what they are."""
        city = City.of(size, models())
        judged = [watched(of) for of in (OF_HOSTS, OF_REQUESTS)]
        names = {type: " ".join(each.get(type, "") for each in judged).strip() for type in EntityType}
        entities = (_described(each, names[EntityType(each.type)]) for each in city.entities)
        relations = (evolve(each, source=_long(each.source), target=_long(each.target)) for each in city.relations)
        return cls(tuple(entities), tuple(relations))

    def shares(self) -> Iterator[tuple[tuple[Entity, ...], tuple[Relation, ...]]]:
        """What each agent tells: a part of the entities, and the relations that begin there."""
        size = -(-len(self.entities) // AGENTS)
        for first in range(0, len(self.entities), size):
            own = self.entities[first : first + size]
            ids = {each.id for each in own}
            yield own, tuple(each for each in self.relations if each.source in ids)

    @cached_property
    def of_kubernetes(self) -> TopologyDelta:
        """What the mediator finds by itself, though agents tell it, too."""
        found = tuple(each for each in self.entities if each.type in _FOUND_BY_KUBERNETES)
        runs = tuple(each for each in self.relations if each.type == RelationType.RUNS_ON)
        return TopologyDelta("", 0, found, runs, snapshot=True)

    def symptoms(self) -> tuple[Manifestation, ...]:
        """Those that follow from causes by chance, so many that there is one for every hundred entities."""
        entities = {each.id: each for each in self.entities}
        graph, now = build_graph(catalogue(), entities, self.relations), time.time()
        shown = outbreak(graph, max(1, int(ILL * len(entities)))).values()
        return tuple(Manifestation(_at(symptom, now), {"p95": 2.0}) for symptom in shown)


def _described(entity: Entity, judged: str) -> Entity:
    id = _long(entity.id)
    name = id.rpartition("/")[2]
    attributes = {
        WATCHED: judged,
        "k8s.namespace.name": "production",
        "k8s.pod.name": f"{name}-5d4f8b7c9d-x2k8q",
        "service.name": name,
        "service.version": "2026.11.28-1",
        "host.name": "ip-10-0-12-34.eu-central-1.compute.internal",
    }
    return Entity(id, entity.type, name, attributes)


def _long(id: EntityId) -> EntityId:
    type, _, key = id.partition(":")
    return EntityId(f"{type}:production/checkout-{key}")


def _at(symptom: Symptom, now: float) -> Symptom:
    return evolve(symptom, onset=now, updated_at=now)
