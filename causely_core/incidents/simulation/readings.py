"""What would be measured of a settled system, without noise."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Blueprint, Role
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.places import INTERVAL, QUIET, Places, Readings, at
from causely_core.incidents.simulation.processes import clients, containers, dependencies, processes
from causely_core.incidents.simulation.queueing import p95_of_mixtures, p95_of_wait
from causely_core.incidents.simulation.steady import Steady

SPAN = 900.0
"""Seconds that a fault has lasted by the time of the readings: backlogs and leaks grow until then."""

_EVICTING = 0.95  # share of a node's disk from which the kubelet evicts pods
_COLLECTIONS = 0.15  # garbage collections a second


def read(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """All attributes of docs/attributes.md that are simulated."""
    groups = (
        _answers(of, places, knobs, state),
        _callers(of, places, knobs, state),
        _databases(of, places, knobs, state),
        _queues(of, places, knobs, state),
        _resources(of, places, knobs, state),
        _pools(of, places, state),
        clients(of, places, knobs, state),
        processes(of, places, knobs, state),
        containers(of, places, knobs, state),
    )
    found = {name: values for group in groups for name, values in group.items()}
    for name, values in dependencies(of, places, knobs, state).items():
        found[name][places.dependencies] = values
    return found


def _answers(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """Requests of components and operations; of what is only seen by its callers, also those without an answer."""
    units, served = of.units, state.rate * (1.0 - knobs.unreachable[of.units.owner])
    asked = np.where(units.role != Role.HANDLER, np.where(served > QUIET, served, 0.0), 0.0)
    rate = np.bincount(units.owner, asked, of.components)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(units.owner, asked * state.mean, of.components) / rate
        errors = np.bincount(units.owner, asked * state.errors, of.components) / rate
        own = np.bincount(units.owner, asked * state.own, of.components) / rate
        own_errors = np.bincount(units.owner, asked * state.own_errors, of.components) / rate
        each = np.where(asked > 0.0, asked, np.nan)[places.units]
    outside = np.arange(of.components) >= of.services
    errors = np.where(outside, 1.0 - (1.0 - errors) * (1.0 - knobs.unreachable), errors)
    one = np.arange(len(units.owner))
    slow = p95_of_mixtures(state.mean, state.variance, asked, units.owner, of.components)
    alone = p95_of_mixtures(state.mean, state.variance, asked, one, len(one))[places.units]
    columns = {
        "request_rate": (np.where(rate > 0.0, rate, np.nan), each),
        "request_duration.avg": (mean, np.where(np.isnan(each), np.nan, state.mean[places.units])),
        "request_duration.p95": (slow, alone),
        "error_rate": (errors, np.where(np.isnan(each), np.nan, state.errors[places.units])),
    }
    readings = {
        name: at(places, (places.components, whole), (places.operations, part))
        for name, (whole, part) in columns.items()
    }
    services = slice(0, of.services)
    return readings | {
        "request_count": readings["request_rate"] * INTERVAL,
        "request_duration.self": at(places, (services, own[services])),
        "error_rate.self": at(places, (services, own_errors[services])),
    }


def _callers(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """What callers see of each component: requests sent, and the share without an answer."""
    calls = of.calls
    answered = 1.0 - knobs.unreachable[of.units.owner]
    sent = state.rate[calls.caller] * answered[calls.caller] * calls.count
    total = np.bincount(of.units.owner[calls.callee], sent, of.components)
    gone = np.where(total > QUIET, knobs.unreachable, np.nan)
    count = np.where(total > QUIET, total * INTERVAL, np.nan)
    return {
        "unreachable_rate": at(places, (places.components, gone)),
        "call_count": at(places, (places.components, count)),
    }


def _databases(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    found, units = {}, of.units
    for name, role in (("read_duration.p95", Role.READ), ("write_duration.p95", Role.WRITE)):
        rate = np.where((units.role == role) & (state.rate > QUIET), state.rate, 0.0)
        slow = p95_of_mixtures(state.mean, state.variance, rate, units.owner, of.components)
        found[name] = at(places, (places.components, slow))
    reads = np.bincount(units.owner, state.rate * (units.role == Role.READ), of.components)
    scanned = (reads * knobs.scans)[of.stores] * of.servers.rows
    return found | {"rows_read_rate": at(places, (of.stores, scanned))}


def _queues(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    handler = of.queues.handler
    load = state.published / np.maximum(state.capacity, 1e-9)
    waiting = state.mean[handler] / of.queues.consumers * np.minimum(load, 0.95) ** 2 / (1.0 - np.minimum(load, 0.95))
    surplus = np.maximum(state.published - state.capacity, 0.0)
    backlog = 2.0 + state.published * waiting + surplus * SPAN
    age = 0.02 + p95_of_wait(waiting) + surplus * SPAN / np.maximum(state.capacity, 0.1)
    processed = np.minimum(state.published, state.capacity)
    slow = p95_of_mixtures(
        state.mean,
        state.variance,
        np.where((of.units.role == Role.HANDLER) & (state.rate > QUIET), state.rate, 0.0),
        of.units.owner,
        of.components,
    )
    seen = state.published > QUIET
    columns = {"publish_rate": state.published, "process_rate": processed, "backlog": backlog, "message_age.p95": age}
    readings = {name: at(places, (places.queues, np.where(seen, each, np.nan))) for name, each in columns.items()}
    own = np.full(of.components, np.nan)
    own[of.units.owner[handler]] = np.where(state.rate[handler] > QUIET, state.own[handler], np.nan)
    return readings | {
        "process_duration.p95": at(places, (places.components, slow)),
        "process_duration.self": at(places, (places.components, own)),
    }


def _resources(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    hosts, traits, pace = of.hosts, of.traits, state.pace
    containers, services = places.containers.stop - places.containers.start, slice(0, of.services)
    busy = np.minimum(state.load, 1.0)
    component, load = hosts.component[:containers], busy[:containers]
    usage = (busy * hosts.cores * knobs.cores)[:containers]
    count = np.bincount(component, minlength=of.services)
    servers = np.where(of.servers.seen, np.bincount(hosts.component, busy, of.components)[of.stores], np.nan)
    used, memory = pace.used[:containers], (traits.memory + knobs.leak)[component]
    average = [np.bincount(component, each, of.services) / count for each in (load, memory, used, usage)]
    failing = np.bincount(of.units.owner, state.rate * state.errors, of.components)[services]
    node_memory = np.minimum(hosts.node_memory + knobs.node_memory, 1.0)
    node_disk = np.minimum(hosts.node_disk + knobs.node_disk, 1.0)
    return {
        "cpu_utilization": at(
            places,
            (services, average[0]),
            (of.stores, servers),
            (places.containers, load),
            (places.nodes, np.minimum(pace.node_load, 1.0)),
        ),
        "cpu_usage": at(places, (services, average[3]), (places.containers, usage)),
        "memory_usage": at(places, (services, average[1]), (places.containers, memory)),
        "memory_utilization": at(
            places, (services, average[2]), (places.containers, used), (places.nodes, node_memory)
        ),
        "disk_utilization": at(places, (places.nodes, node_disk)),
        "pod_eviction_count": at(places, (places.nodes, np.where(node_disk > _EVICTING, 2.0, 0.0))),
        "gc_duration.p95": at(places, (services, pace.pauses)),
        "gc_time_share": at(places, (services, np.minimum(_COLLECTIONS * pace.pauses, 1.0))),
        "error_log_rate": at(places, (services, failing * traits.logs)),
    }


def _pools(of: Blueprint, places: Places, state: Steady) -> Readings:
    seen = of.traits.pool_seen & np.isfinite(of.traits.pool)
    load = np.where(seen, np.minimum(state.pool_load, 1.0), np.nan)
    wait = np.where(seen, p95_of_wait(state.pool_wait), np.nan)
    services = slice(0, of.services)
    return {
        "connection_pool.utilization": at(places, (services, load)),
        "connection_pool.wait.p95": at(places, (services, wait)),
    }
