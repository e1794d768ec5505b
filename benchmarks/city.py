"""A made-up installation of any size: what the engine's benchmark measures on.

Teams of twenty services call each other and share databases; services have operations and containers, which run on
nodes. Everything that a model knows as a symptom is watched. How much follows from one entity does not depend on how
many there are.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from attrs import field, frozen

from causely_core.model import WATCHED, CausalModel, Entity, EntityType, Relation, RelationType

OPERATIONS, CONTAINERS, CALLS = 3, 2, 2
SERVICES_PER_NODE, SERVICES_PER_DATABASE, TEAM = 10, 8, 20
STORING = 0.6
"""Share of services that call a database."""

_PER_SERVICE = 1 + OPERATIONS + CONTAINERS + 1 / SERVICES_PER_NODE + 1 / SERVICES_PER_DATABASE


@frozen
class Household:
    """A service with what belongs to it alone."""

    service: Entity
    operations: tuple[Entity, ...]
    containers: tuple[Entity, ...]

    @property
    def all(self) -> tuple[Entity, ...]:
        """The service and all that belongs to it."""
        return (self.service, *self.operations, *self.containers)


@frozen(eq=False)
class City:
    """Entities and relations.

    Attributes:
        watched: names of all symptoms by entity type, separated by spaces.
    """

    watched: Mapping[str, str]
    households: tuple[Household, ...]
    nodes: tuple[Entity, ...]
    databases: tuple[Entity, ...]
    relations: tuple[Relation, ...] = field(init=False)

    @relations.default
    def _relate(self) -> tuple[Relation, ...]:
        rng = random.Random(1)
        return tuple(chain.from_iterable(self._of(number, rng) for number in range(len(self.households))))

    @classmethod
    def of(cls, size: int, models: Iterable[CausalModel]) -> City:
        """About ``size`` entities."""
        watched = {each.entity_type: " ".join(s.name for s in each.symptoms if s.observable) for each in models}
        count = round(size / _PER_SERVICE)
        households = (household(watched, f"s{number}") for number in range(count))
        nodes = (entity(watched, EntityType.NODE, f"n{n}") for n in range(count // SERVICES_PER_NODE + 1))
        databases = (entity(watched, EntityType.DATABASE, f"d{n}") for n in range(count // SERVICES_PER_DATABASE + 1))
        return cls(watched, tuple(households), tuple(nodes), tuple(databases))

    @property
    def entities(self) -> Iterator[Entity]:
        """All of them."""
        return chain(self.nodes, self.databases, *(each.all for each in self.households))

    def containers(self, number: int, containers: Iterable[Entity]) -> Iterator[Relation]:
        """The relations of ``containers`` of household ``number``."""
        node = self.nodes[number // SERVICES_PER_NODE]
        for container in containers:
            yield Relation(self.households[number].service.id, RelationType.RUNS_ON, container.id)
            yield Relation(container.id, RelationType.RUNS_ON, node.id)

    def _of(self, number: int, rng: random.Random) -> Iterator[Relation]:
        home = self.households[number]
        yield from (Relation(each.id, RelationType.PART_OF, home.service.id) for each in home.operations)
        yield from self.containers(number, home.containers)
        yield from (_call(home.service, self.households[each].service) for each in self._callees(number, rng))
        if rng.random() < STORING:
            yield _call(home.service, self.databases[number // SERVICES_PER_DATABASE])

    def _callees(self, number: int, rng: random.Random) -> set[int]:
        """Services of the same team that come later, so that calls make no cycles."""
        last = min(number - number % TEAM + TEAM, len(self.households)) - 1
        return {rng.randint(number + 1, last) for _ in range(CALLS) if number < last}


def household(watched: Mapping[str, str], name: str) -> Household:
    """One service with its operations and containers."""
    return Household(
        entity(watched, EntityType.SERVICE, name),
        tuple(entity(watched, EntityType.OPERATION, f"{name} o{n}") for n in range(OPERATIONS)),
        tuple(entity(watched, EntityType.CONTAINER, f"{name} c{n}") for n in range(CONTAINERS)),
    )


def entity(watched: Mapping[str, str], type: EntityType, key: str) -> Entity:
    """One entity of which all symptoms are watched."""
    return Entity.of(type, key, attributes={WATCHED: watched.get(type, "")})


def _call(caller: Entity, callee: Entity) -> Relation:
    return Relation(caller.id, RelationType.CALLS, callee.id, {"mode": "sync"})
