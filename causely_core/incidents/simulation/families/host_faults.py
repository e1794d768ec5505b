"""Faults of containers and nodes."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.families.parts import between, called
from causely_core.incidents.simulation.fault import Family, World
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Ints
from causely_core.model import EntityType


def _containers(world: World) -> Ints:
    seen = world.places.containers.stop - world.places.containers.start
    return np.flatnonzero(world.calm.load[:seen] > 0.05)


def _throttling(world: World) -> Ints:
    seen = _containers(world)
    return seen[world.blueprint.traits.cpu_limit[world.blueprint.hosts.component[seen]]]


def _called(world: World) -> Ints:
    seen = _containers(world)
    return seen[np.isin(world.blueprint.hosts.component[seen], called(world))]


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
    knobs.memory[container] = world.calm.pace.used[container] / (0.92 + 0.08 * strength)


def _taken(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_cpu[node] = 0.97 + 0.15 * strength - world.calm.pace.node_load[node]


def _swapping(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_memory[node] = 0.92 + 0.08 * strength - world.blueprint.hosts.node_memory[node]
    knobs.node_slow[node] = between(1.2, 8.0, strength)


def _filled(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_disk[node] = 0.94 + 0.06 * strength - world.blueprint.hosts.node_disk[node]
    knobs.disk_errors[node] = between(0.03, 0.6, strength)


def _crashing(world: World, knobs: Knobs, container: int, strength: float, rng: np.random.Generator) -> None:
    _stop(world, knobs, np.array([container]), 0.3 + 0.5 * strength)


def _lost(world: World, knobs: Knobs, node: int, strength: float, rng: np.random.Generator) -> None:
    knobs.node_down[node] = 1.0
    seen = world.places.containers.stop - world.places.containers.start
    _stop(world, knobs, np.flatnonzero(world.blueprint.hosts.node[:seen] == node), 0.2 + 0.5 * strength)


def _stop(world: World, knobs: Knobs, containers: Ints, noticed: float) -> None:
    """Requests to a service without containers are lost; of others those that are sent before the end is noticed."""
    knobs.down[containers] = 1.0
    component = world.blueprint.hosts.component
    for service in np.unique(component[containers]).tolist():
        share = float(knobs.down[component == service].mean())
        knobs.unreachable[service] = max(knobs.unreachable[service], 1.0 if share == 1.0 else noticed * share)


HOST_FAULTS = (
    Family("container-throttled", EntityType.CONTAINER, "CPUThrottled", "CPUThrottling_High", _throttling, _throttled),
    Family("container-memory", EntityType.CONTAINER, "MemoryPressure", "MemoryUtilization_High", _limited, _pressed),
    Family("container-crash-loop", EntityType.CONTAINER, "CrashLoop", "Restarts_High", _called, _crashing),
    Family("node-not-ready", EntityType.NODE, "NotReady", "Readiness_Low", _nodes, _lost),
    Family("node-cpu", EntityType.NODE, "CPUCongested", "CPUUtilization_High", _nodes, _taken),
    Family("node-memory", EntityType.NODE, "MemoryPressure", "MemoryUtilization_High", _nodes, _swapping),
    Family("node-disk-full", EntityType.NODE, "DiskFull", "DiskUtilization_High", _nodes_of_writers, _filled),
)
"""By what they are called in the catalogue."""
