"""Where requests go: how many of each kind arrive, and how busy that keeps what serves them."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Blueprint
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Floats


def rates(of: Blueprint, knobs: Knobs, capacity: Floats) -> tuple[Floats, Floats]:
    """Requests a second that each unit is sent (U), and messages a second that each queue is sent (Q).

    Args:
        of: the system.
        knobs: its state.
        capacity: (Q,) messages a second that its consumer can process; no more of them are.
    """
    units, calls, queues = of.units, of.calls, of.queues
    answered = 1.0 - knobs.unreachable[units.owner]
    count = calls_made(of, knobs)
    outside = queues.outside * knobs.outside
    entry = units.entry * knobs.entry
    rate, published = entry.copy(), outside.copy()
    for _ in range(of.depth):
        served = rate * answered
        published = outside + _sum(queues.queue, served[queues.producer] * queues.messages, len(outside))
        rate = entry + _sum(calls.callee, served[calls.caller] * count, len(entry))
        rate[queues.handler] = np.minimum(published, capacity)
    return rate, published


def busy(of: Blueprint, knobs: Knobs, rate: Floats) -> Floats:
    """Share of each container's cores in use (K); above 1 when more is asked for than there is."""
    component, hosts = of.units.owner, of.hosts
    served = rate * (1.0 - knobs.unreachable[component])
    work = _sum(component, served * of.units.cpu, of.components) * knobs.cpu
    containers = np.bincount(hosts.component, minlength=of.components)
    return np.asarray((work / containers)[hosts.component] / (hosts.cores * knobs.cores))


def calls_made(of: Blueprint, knobs: Knobs) -> Floats:
    """Calls a request (E); of calls to services those that a chatty one makes are more."""
    caller, callee = (of.units.owner[unit] for unit in (of.calls.caller, of.calls.callee))
    factor = np.append(knobs.chatter, np.ones(of.components - of.services))[caller]
    return np.asarray(of.calls.count * np.where(callee < of.services, factor, 1.0))


def _sum(place: np.typing.NDArray[np.int64], weight: Floats, size: int) -> Floats:
    return np.bincount(place, weight, size).astype(np.float64)
