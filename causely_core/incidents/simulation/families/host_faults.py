"""Faults of containers and nodes."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.families.parts import between
from causely_core.incidents.simulation.fault import Family, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Ints
from causely_core.model import EntityType


def _containers(world: World) -> Ints:
    seen = world.places.containers.stop - world.places.containers.start
    return np.flatnonzero(world.calm.load[:seen] > 0.05)


def _limited(world: World) -> Ints:
    return np.flatnonzero(np.isfinite(world.calm.pace.used))


def _nodes(world: World) -> Ints:
    return np.unique(world.blueprint.hosts.node[_containers(world)])


def _nodes_of_writers(world: World) -> Ints:
    seen = _containers(world)
    writing = world.blueprint.traits.writes_disk[world.blueprint.hosts.component[seen]]
    return np.unique(world.blueprint.hosts.node[seen[writing]])


def _throttled(world: World, knobs: Knobs, container: int, strength: float, rng: np.random.Generator) -> None:
    knobs.cores[container] = world.calm.load[container] / (0.95 + 0.6 * strength)


def _pressed(world: World, knobs: Knobs, container: int, strength: float, rng: np.random.Generator) -> None:
    knobs.pressure[container] = 0.93 + 0.07 * strength - world.calm.pace.used[container]


def _taken(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_cpu[node] = 0.97 + 0.15 * strength - world.calm.pace.node_load[node]


def _swapping(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_memory[node] = 0.92 + 0.08 * strength - world.blueprint.hosts.node_memory[node]
    knobs.node_slow[node] = between(1.2, 8.0, strength)


def _filled(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_disk[node] = 0.94 + 0.06 * strength - world.blueprint.hosts.node_disk[node]
    knobs.disk_errors[node] = between(0.03, 0.6, strength)


HOST_FAULTS = (
    Family("container-throttled", EntityType.CONTAINER, "CPUThrottled", _containers, _throttled),
    Family("container-memory", EntityType.CONTAINER, "MemoryPressure", _limited, _pressed),
    Family("node-cpu", EntityType.NODE, "CPUCongested", _nodes, _taken),
    Family("node-memory", EntityType.NODE, "MemoryPressure", _nodes, _swapping),
    Family("node-disk-full", EntityType.NODE, "DiskFull", _nodes_of_writers, _filled),
)
"""By what they are called in the catalogue."""
