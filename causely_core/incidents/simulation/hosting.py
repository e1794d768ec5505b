"""What hosts make of the requests on them: processors that are short, memory that runs out, disks that are full."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.blueprint import Blueprint
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Floats, waiting


@frozen(eq=False)
class Pace:
    """Factors on the times of each component (C), over its containers; and what nodes and collectors do.

    Attributes:
        slow: factor on the time that a component waits.
        stretch: factor on its processor time.
        uneven: square of the coefficient of variation over its containers.
        errors: share of requests that fail because of the host.
        node_load: (N,) share of each node's cores in use.
        used: (K,) share of each container's memory limit in use; NaN without a limit.
        pressure: (K,) share of time in which something in it waits for a processor.
        pauses: (S,) seconds, 95th percentile of a garbage collection.
    """

    slow: Floats
    stretch: Floats
    uneven: Floats
    errors: Floats
    node_load: Floats
    used: Floats
    pressure: Floats
    pauses: Floats


def pace(of: Blueprint, knobs: Knobs, load: Floats) -> Pace:
    """How the containers' ``load`` (K) and the state of their nodes slow down what runs in them."""
    hosts = of.hosts
    node_load = _node_load(of, knobs, load)
    used = _used(of, knobs)
    collecting = 1.0 + 6.0 * np.clip((np.nan_to_num(used) - 0.8) / 0.2, 0.0, 1.0) ** 2
    queued = np.append(1.0 + waiting(node_load, hosts.node_cores), 1.0)[hosts.node]
    slow = np.append(knobs.node_slow, 1.0)[hosts.node]
    stretch = (1.0 + waiting(load, np.maximum(hosts.cores, 1.0))) * queued * slow
    collected = np.isfinite(of.traits.pause)
    runtime = np.flatnonzero(hosts.component < of.services)
    stretch[runtime] *= np.where(collected[hosts.component[runtime]], collecting[runtime], 1.0)
    pressure = 1.0 - 1.0 / (queued * (1.0 + 5.0 * np.maximum(load - 0.9, 0.0)))
    average = _average(of, stretch)
    uneven = _average(of, stretch**2) / average**2 - 1.0
    worst = _average(of, collecting)[: of.services] * knobs.pause
    return Pace(
        _average(of, slow),
        average,
        np.maximum(uneven, 0.0),
        _disk(of, knobs),
        node_load,
        used,
        pressure,
        of.traits.pause * worst,
    )


def _node_load(of: Blueprint, knobs: Knobs, load: Floats) -> Floats:
    hosts = of.hosts
    taken = np.bincount(hosts.node, np.minimum(load, 1.0) * hosts.cores * knobs.cores, of.nodes + 1)[:-1]
    return np.asarray((taken + hosts.node_busy) / hosts.node_cores + knobs.node_cpu)


def _used(of: Blueprint, knobs: Knobs) -> Floats:
    services = np.minimum(of.hosts.component, of.services - 1)
    usual = (of.traits.memory + knobs.leak) / of.traits.memory_limit
    used = np.where(of.hosts.component < of.services, usual[services], np.nan) / knobs.memory
    return np.asarray(np.minimum(used, 1.0))


def _disk(of: Blueprint, knobs: Knobs) -> Floats:
    failing = np.append(knobs.disk_errors, 0.0)[of.hosts.node]
    needs = np.append(of.traits.writes_disk, np.zeros(of.components - of.services, dtype=np.bool_))
    return np.where(needs, _average(of, failing), 0.0)


def _average(of: Blueprint, each: Floats) -> Floats:
    """Over the containers of each component (K to C)."""
    total = np.bincount(of.hosts.component, each, of.components)
    return np.asarray(total / np.bincount(of.hosts.component, minlength=of.components))
