"""Faults of databases, caches, external services and queues."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Role
from causely_core.incidents.simulation.families.parts import between, busy_units, overload, silence, with_units
from causely_core.incidents.simulation.fault import Candidates, Family, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Ints
from causely_core.model import EntityType


def _databases(role: Role) -> Candidates:
    def candidates(world: World) -> Ints:
        first = world.blueprint.services
        return with_units(world, role, range(first, first + world.blueprint.databases))

    return candidates


def _either(world: World) -> Ints:
    return np.union1d(_databases(Role.READ)(world), _databases(Role.WRITE)(world))


def _caches(world: World) -> Ints:
    first = world.blueprint.services + world.blueprint.databases
    return with_units(world, Role.REQUEST, range(first, first + world.blueprint.caches))


def _externals(world: World) -> Ints:
    last = world.blueprint.components
    return with_units(world, Role.REQUEST, range(last - world.blueprint.externals, last))


def _surging(world: World) -> Ints:
    queues = world.blueprint.queues
    return np.flatnonzero(queues.outside > 0.4 * world.calm.published)


def _scanning(world: World, knobs: Knobs, database: int, strength: float, rng: np.random.Generator) -> None:
    knobs.wait[busy_units(world, database, Role.READ)] += between(0.15, 4.0, strength)
    knobs.scans[database] = between(5.0, 200.0, strength)


def _locking(world: World, knobs: Knobs, database: int, strength: float, rng: np.random.Generator) -> None:
    writes = busy_units(world, database, Role.WRITE)
    knobs.wait[writes] += between(0.15, 4.0, strength)
    knobs.errors[writes] = 0.08 * strength * rng.random()
    knobs.locks[database] = between(0.35, 0.9, strength)


def _crowding(world: World, knobs: Knobs, database: int, strength: float, rng: np.random.Generator) -> None:
    overload(world, knobs, database, 1.1 + strength)


def _blocking(world: World, knobs: Knobs, component: int, strength: float, rng: np.random.Generator) -> None:
    knobs.wait[busy_units(world, component)] += between(0.1, 1.0, strength)
    overload(world, knobs, component, 0.9 + 0.2 * strength)


def _waiting(world: World, knobs: Knobs, component: int, strength: float, rng: np.random.Generator) -> None:
    knobs.wait[busy_units(world, component)] += between(0.4, 8.0, strength)


def _refusing(world: World, knobs: Knobs, component: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[busy_units(world, component)] = between(0.08, 0.95, strength)


def _limiting(world: World, knobs: Knobs, component: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[busy_units(world, component)] = knobs.refused[component] = between(0.08, 0.9, strength)


def _flooding(world: World, knobs: Knobs, queue: int, strength: float, rng: np.random.Generator) -> None:
    share = world.blueprint.queues.outside[queue] / world.calm.published[queue]
    knobs.outside[queue] = 1.0 + (between(3.5, 12.0, strength) - 1.0) / share


BACKEND_FAULTS = (
    Family(
        "database-slow-queries",
        EntityType.DATABASE,
        "SlowQueries",
        "ReadLatency_High",
        _databases(Role.READ),
        _scanning,
    ),
    Family(
        "database-locks", EntityType.DATABASE, "LockContention", "WriteLatency_High", _databases(Role.WRITE), _locking
    ),
    Family("database-congested", EntityType.DATABASE, "Congested", "RequestLatency_High", _either, _crowding),
    Family("database-unavailable", EntityType.DATABASE, "Unavailable", "Reachability_Low", _either, silence),
    Family("cache-slow", EntityType.CACHE, "Congested", "RequestLatency_High", _caches, _blocking),
    Family("cache-unavailable", EntityType.CACHE, "Unavailable", "Reachability_Low", _caches, silence),
    Family("external-slow", EntityType.EXTERNAL_SERVICE, "Slow", "RequestLatency_High", _externals, _waiting),
    Family("external-failing", EntityType.EXTERNAL_SERVICE, "Failing", "RequestErrorRate_High", _externals, _refusing),
    Family("external-unavailable", EntityType.EXTERNAL_SERVICE, "Unavailable", "Reachability_Low", _externals, silence),
    Family("external-quota", EntityType.EXTERNAL_SERVICE, "QuotaExceeded", "Throttled_High", _externals, _limiting),
    Family("queue-surge", EntityType.QUEUE, "ProducerSurge", "PublishRate_High", _surging, _flooding),
)
"""By what they are called in the catalogue."""
