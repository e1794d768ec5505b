"""The entities of a simulated system in one order, and its relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.blueprint import Blueprint, Role
from causely_core.incidents.simulation.queueing import Floats, Ints
from causely_core.model import Entity, EntityId, EntityType, Relation, RelationType

INTERVAL = 15.0
"""Seconds that counts are over."""

QUIET = 0.05
"""Requests a second; of less too little is measured to be of use."""

Readings = dict[str, Floats]
"""Attribute to its value at each place; NaN where it is not measured."""

_BEHIND = (EntityType.DATABASE, EntityType.CACHE, EntityType.EXTERNAL_SERVICE)
_SYNC = {"mode": "sync"}


@frozen(eq=False)
class Places:
    """Every entity has a place: components first, then queues, containers, nodes, operations and
    dependencies.

    Attributes:
        components, queues, containers, nodes, operations, dependencies: where each kind is.
        units: of each operation, its unit.
        edges: (E, 2) of each dependency, the component that calls and the one that is called.
        size: number of entities.
    """

    components: slice
    queues: slice
    containers: slice
    nodes: slice
    operations: slice
    dependencies: slice
    units: Ints
    edges: Ints
    size: int

    @classmethod
    def of(cls, blueprint: Blueprint) -> Places:
        """The places of the entities of ``blueprint``."""
        owner, role = blueprint.units.owner, blueprint.units.role
        units = np.flatnonzero((owner < blueprint.services) & (role == Role.REQUEST))
        containers = int((blueprint.hosts.component < blueprint.services).sum())
        edges = _edges(blueprint)
        queues = len(blueprint.queues.handler)
        sizes = (blueprint.components, queues, containers, blueprint.nodes, len(units), len(edges))
        ends = np.cumsum([0, *sizes]).tolist()
        parts = [slice(first, last) for first, last in pairwise(ends)]
        return cls(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], units, edges, ends[-1])


def entities_of(blueprint: Blueprint, places: Places) -> list[Entity]:
    """One entity a place, in order."""
    named = [*_components(blueprint), *_rest(blueprint, places)]
    return [Entity.of(type, key) for type, key in named]


def _components(blueprint: Blueprint) -> Iterator[tuple[str, str]]:
    yield from ((EntityType.SERVICE, f"service-{number}") for number in range(blueprint.services))
    for type, count in zip(_BEHIND, (blueprint.databases, blueprint.caches, blueprint.externals), strict=True):
        yield from ((type, f"{type.lower()}-{number}") for number in range(count))


def _rest(blueprint: Blueprint, places: Places) -> Iterator[tuple[str, str]]:
    yield from ((EntityType.QUEUE, f"queue-{number}") for number in range(len(blueprint.queues.handler)))
    containers = places.containers.stop - places.containers.start
    services = blueprint.hosts.component[:containers].tolist()
    yield from ((EntityType.CONTAINER, f"service-{owner}/{number}") for number, owner in enumerate(services))
    yield from ((EntityType.NODE, f"node-{number}") for number in range(blueprint.nodes))
    owners = blueprint.units.owner[places.units].tolist()
    yield from (
        (EntityType.OPERATION, f"service-{owner} /{unit}") for owner, unit in zip(owners, places.units, strict=True)
    )

    names = [f"{type}:{key}" for type, key in _components(blueprint)]
    yield from (
        (EntityType.DEPENDENCY, f"service-{caller} > {names[callee]}") for caller, callee in places.edges.tolist()
    )


def _edges(blueprint: Blueprint) -> Ints:
    """Each component that calls another one with that one, once."""
    owner = blueprint.units.owner
    calls = _pairs(owner[blueprint.calls.caller], owner[blueprint.calls.callee])
    return np.array([pair for pair in calls if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2)


def relations_of(blueprint: Blueprint, places: Places, ids: Sequence[EntityId]) -> list[Relation]:
    """Who calls whom, what runs on what, what is part of what, and who is at which end of a queue."""
    owner = blueprint.units.owner
    caller, callee = places.edges.T
    containers = places.containers.stop - places.containers.start
    component, node = blueprint.hosts.component[:containers], blueprint.hosts.node[:containers]
    container, first_node = places.containers.start + np.arange(containers), places.nodes.start
    queues, queue = blueprint.queues, places.queues.start
    dependency = places.dependencies.start + np.arange(len(places.edges))
    columns: list[tuple[RelationType, list[tuple[int, int]], Mapping[str, str]]] = [
        (RelationType.CALLS, _pairs(caller, callee), _SYNC),
        (RelationType.RUNS_ON, _pairs(component, container), {}),
        (RelationType.RUNS_ON, _pairs(container, first_node + node), {}),
        (RelationType.PART_OF, _pairs(places.operations.start + np.arange(len(places.units)), owner[places.units]), {}),
        (RelationType.PART_OF, _pairs(dependency, caller), {}),
        (RelationType.CALLS, _pairs(dependency, callee), _SYNC),
        (RelationType.PRODUCES_TO, _pairs(owner[queues.producer], queue + queues.queue), {}),
        (RelationType.CONSUMES_FROM, _pairs(owner[queues.handler], queue + np.arange(len(queues.handler))), {}),
    ]
    return [Relation(ids[a], type, ids[b], attributes) for type, pairs, attributes in columns for a, b in pairs]


def at(places: Places, *parts: tuple[slice, Floats]) -> Floats:
    """A column of readings with ``parts`` in their places and NaN elsewhere."""
    whole = np.full(places.size, np.nan)
    for where, values in parts:
        whole[where] = values
    return whole


def _pairs(sources: Ints, targets: Ints) -> list[tuple[int, int]]:
    """Each pair once, in the order of their first occurrence."""
    return list(dict.fromkeys(zip(sources.tolist(), targets.tolist(), strict=True)))
