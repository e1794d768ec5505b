"""Faults of services that a telltale sign sets apart from being just slow or failing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from causely_core.incidents.simulation.blueprint import Role
from causely_core.incidents.simulation.families.parts import between, busy_units, touched, with_units
from causely_core.incidents.simulation.fault import Family, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Floats, Ints
from causely_core.model import EntityType


def _asked(world: World) -> Ints:
    return with_units(world, Role.REQUEST, range(world.blueprint.services))


def _with(trait: str) -> Callable[[World], Ints]:
    def candidates(world: World) -> Ints:
        column: Floats = getattr(world.blueprint.traits, trait)
        return np.intersect1d(_asked(world), np.flatnonzero(np.isfinite(column)))

    return candidates


def _chatting(world: World) -> Ints:
    """Services that call others, seldom enough that more would not be a flood."""
    of = world.blueprint
    caller, callee = (of.units.owner[unit] for unit in (of.calls.caller, of.calls.callee))
    sent = np.where(callee < of.services, world.calm.rate[of.calls.caller] * of.calls.count, 0.0)
    busy = np.flatnonzero(np.bincount(caller, sent, of.components)[: of.services] > 5.0)
    return np.intersect1d(busy, np.flatnonzero(of.traits.clients))


def _locking(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.wait[busy_units(world, service)] += between(0.15, 3.0, strength)
    knobs.locks[service] = between(0.35, 0.9, strength)


def _changing(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.changed[service] = 1.0
    units = touched(world, service, rng)
    if rng.random() < 0.65:
        knobs.errors[units] = between(0.05, 0.9, strength)
    else:
        knobs.wait[units] += between(0.15, 3.0, strength)


def _throwing(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[touched(world, service, rng)] = between(0.05, 0.9, strength)
    knobs.exceptions[service] = 1.0


def _throttling(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[busy_units(world, service)] = knobs.refused[service] = between(0.08, 0.8, strength)


def _forbidding(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.errors[busy_units(world, service)] = knobs.unauthorized[service] = between(0.08, 0.95, strength)


def _collecting(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    pause = between(0.3, 2.5, strength)
    knobs.pause[service] = pause / world.blueprint.traits.pause[service]
    knobs.wait[busy_units(world, service)] += 0.15 * pause


def _opening(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.descriptors[service] = 0.95 + 0.05 * strength - world.blueprint.traits.descriptors[service]
    knobs.errors[busy_units(world, service)] = between(0.05, 0.6, strength)


def _looping(world: World, knobs: Knobs, service: int, strength: float, rng: np.random.Generator) -> None:
    knobs.chatter[service] = between(3.5, 10.0, strength)


CODE_FAULTS = (
    Family("service-locks", EntityType.SERVICE, "LockContention", "LockWait_High", _with("locks"), _locking),
    Family("service-change", EntityType.SERVICE, "FaultyChange", "Deployment_Changed", _asked, _changing),
    Family(
        "service-exceptions",
        EntityType.SERVICE,
        "UnhandledException",
        "UnhandledExceptions_High",
        _with("logs"),
        _throwing,
    ),
    Family("service-throttling", EntityType.SERVICE, "AccessThrottled", "Throttled_High", _asked, _throttling),
    Family("service-unauthorized", EntityType.SERVICE, "UnauthorizedAccess", "Unauthorized_High", _asked, _forbidding),
    Family("service-gc", EntityType.SERVICE, "InefficientGC", "GarbageCollection_High", _with("pause"), _collecting),
    Family(
        "service-descriptors",
        EntityType.SERVICE,
        "FileDescriptorsExhausted",
        "FileDescriptorUtilization_High",
        _asked,
        _opening,
    ),
    Family("service-noisy-client", EntityType.SERVICE, "NoisyClient", "ClientRequestRate_High", _chatting, _looping),
)
"""By what they are called in the catalogue."""
