"""Faults of services and of what their processes have of their own."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Role
from causely_core.incidents.simulation.families.parts import (
    between,
    busy_units,
    called,
    overload,
    silence,
    touched,
    with_units,
)
from causely_core.incidents.simulation.fault import Family, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Ints
from causely_core.model import EntityType


def _asked(world: World) -> Ints:
    return with_units(world, Role.REQUEST, range(world.blueprint.services))


def _unlimited(world: World) -> Ints:
    """A service with a limit would be throttled there: whether limit or code is wrong, only people can say."""
    return np.intersect1d(_asked(world), np.flatnonzero(~world.blueprint.traits.cpu_limit))


def _limited(world: World) -> Ints:
    return np.flatnonzero(np.isfinite(world.blueprint.traits.memory_limit))


def _pooling(world: World) -> Ints:
    traits = world.blueprint.traits
    return np.intersect1d(_asked(world), np.flatnonzero(traits.pool_seen & (world.calm.pool_load > 1e-3)))


def _consuming(world: World) -> Ints:
    return with_units(world, Role.HANDLER, range(world.blueprint.services))


def _entered(world: World) -> Ints:
    units = world.blueprint.units
    return np.unique(units.owner[units.entry > 5.0])


def _slow(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.wait[touched(world, service, rng)] += between(0.15, 4.0, strength)


def _failing(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[touched(world, service, rng)] = between(0.05, 0.9, strength)


def _computing(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    overload(world, knobs, service, 0.93 + 0.6 * strength)


def _leaking(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    traits = world.blueprint.traits
    free = traits.memory_limit[service] - traits.memory[service]
    knobs.leak[service] = free * (0.4 + 0.6 * strength)


def _starving(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.pool[service] = world.calm.pool_load[service] / (0.97 + 0.4 * strength)


def _lagging(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    queues = world.blueprint.queues
    queue = int(np.flatnonzero(world.blueprint.units.owner[queues.handler] == service)[0])
    enough = queues.consumers[queue] / world.calm.published[queue]
    slower = enough * between(1.05, 5.0, strength) - world.calm.mean[queues.handler[queue]]
    knobs.wait[busy_units(world, service, Role.HANDLER)] += slower


def _crowded(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.entry[world.blueprint.units.owner == service] *= between(3.3, 6.0, strength)


SERVICE_FAULTS = (
    Family("service-slow", EntityType.SERVICE, "Congested", "RequestLatency_High", _asked, _slow),
    Family("service-failing", EntityType.SERVICE, "Malfunction", "RequestErrorRate_High", _asked, _failing),
    Family("service-cpu", EntityType.SERVICE, "CPUCongested", "CPUUtilization_High", _unlimited, _computing),
    Family("service-memory-leak", EntityType.SERVICE, "MemoryLeak", "MemoryUsage_Growing", _limited, _leaking),
    Family(
        "service-pool",
        EntityType.SERVICE,
        "ConnectionPoolExhausted",
        "ConnectionPoolUtilization_High",
        _pooling,
        _starving,
    ),
    Family("service-unavailable", EntityType.SERVICE, "Unavailable", "Reachability_Low", called, silence),
    Family("service-slow-consumer", EntityType.SERVICE, "SlowConsumer", "ProcessingLatency_High", _consuming, _lagging),
    Family("service-load", EntityType.SERVICE, "ExcessiveLoad", "RequestRate_High", _entered, _crowded),
)
"""By what they are called in the catalogue."""
