"""Drawing what services depend on: databases, caches, external services and queues."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.blueprint import Role, Units
from causely_core.incidents.simulation.queueing import Floats, Ints
from causely_core.incidents.simulation.structure import Structure


@frozen(eq=False)
class Backends:
    """How many there are of each, and who uses them how often.

    Attributes:
        caller, callee, count: (E,) calls of operations to units behind them.
        producer, queue, messages: (P,) which operation publishes to which queue, and how many a request.
    """

    databases: int
    caches: int
    externals: int
    units: Units
    caller: Ints
    callee: Ints
    count: Floats
    producer: Ints
    queue: Ints
    messages: Floats


def draw_backends(structure: Structure, rng: np.random.Generator) -> Backends:
    """Backends in proportion to the services, some shared by many; all units of the system, services' first."""
    services, operations = len(structure.layer), len(structure.owner)
    databases, caches, externals = (max(1, round(share * services)) for share in (0.14, 0.07, 0.04))
    parts = []
    for share, number, first, chance, most in (
        (0.5, databases, operations, 0.8, 2.0),
        (0.5, databases, operations + databases, 0.4, 1.0),
        (0.25, caches, operations + 2 * databases, 0.8, 2.0),
        (0.12, externals, operations + 2 * databases + caches, 0.5, 1.0),
    ):
        parts.append(_uses(structure, share, number, first, chance, most, rng))
    caller, callee, count = (np.concatenate([part[column] for part in parts]) for column in range(3))
    producer, queue = _publishing(structure, rng)
    units = _units(structure, databases, caches, externals, rng)
    return Backends(
        databases,
        caches,
        externals,
        units,
        caller,
        callee,
        count,
        producer,
        queue,
        rng.uniform(0.2, 1.0, len(producer)),
    )


def _uses(
    structure: Structure, share: float, number: int, first: int, chance: float, most: float, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Calls of a ``share`` of the services, each to one of ``number`` backends, by ``chance`` of its operations."""
    services = len(structure.layer)
    weights = rng.pareto(1.5, number) + 0.3
    choice = rng.choice(number, services, p=weights / weights.sum())
    using = (rng.random(services) < share) & (structure.layer > 0) | structure.worker & (rng.random(services) < share)
    caller = np.flatnonzero(using[structure.owner] & (rng.random(len(structure.owner)) < chance))
    return caller, first + choice[structure.owner[caller]], rng.uniform(0.5, most, len(caller))


def _publishing(structure: Structure, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """One to three producers of each queue, from layers above its worker."""
    handlers = np.flatnonzero(structure.worker[structure.owner])
    queue = np.repeat(np.arange(len(handlers)), rng.integers(1, 4, len(handlers)))
    layers = structure.layer[structure.owner]
    above = np.searchsorted(layers, layers[handlers][queue])
    return np.asarray((rng.random(len(queue)) * above).astype(np.int64)), queue


def _units(structure: Structure, databases: int, caches: int, externals: int, rng: np.random.Generator) -> Units:
    services, handler = len(structure.layer), structure.worker[structure.owner]
    behind = services + np.arange(databases + caches + externals)
    data, rest = behind[:databases], behind[databases:]
    owner = np.concatenate((structure.owner, data, data, rest))
    roles = (np.where(handler, Role.HANDLER, Role.REQUEST), [Role.READ] * databases, [Role.WRITE] * databases)
    entered = (structure.layer[structure.owner] == 0) & ~structure.leaf
    entry = np.where(entered, rng.lognormal(np.log(20.0 + 8.0 * services**0.65), 0.7, len(handler)), 0.0)
    typical = [
        (len(handler), 0.004, 0.003),
        (databases, 0.003, 0.002),
        (databases, 0.004, 0.003),
        (caches, 0.0003, 0.0003),
        (externals, 0.1, 0.0001),
    ]
    wait = np.concatenate([rng.lognormal(np.log(center), 0.7, number) for number, center, _ in typical])
    cpu = np.concatenate([rng.lognormal(np.log(center), 0.6, number) for number, _, center in typical])
    wait[: len(handler)] *= np.where(handler, 8.0, 1.0)
    return Units(
        owner,
        np.concatenate((*roles, [Role.REQUEST] * len(rest))).astype(np.int64),
        np.concatenate((entry, np.zeros(len(owner) - len(entry)))),
        wait,
        cpu,
        rng.lognormal(np.log(0.0005), 0.7, len(owner)),
    )
