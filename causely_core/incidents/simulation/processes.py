"""What would be measured of clients, processes and containers, without noise."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.blueprint import Blueprint, Role
from causely_core.incidents.simulation.flow import calls_made
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.places import INTERVAL, QUIET, Places, Readings, at
from causely_core.incidents.simulation.queueing import Floats, Ints, p95_of_mixtures
from causely_core.incidents.simulation.steady import Steady, outcomes

_DESCRIPTORS = 4096.0
_FAULTS = 300.0  # major page faults a second of a container that waits for memory all the time


def clients(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """What services see of the requests that they send, and of their statements by themselves."""
    calls, units = of.calls, of.units
    sent = (state.rate * (1.0 - knobs.unreachable[units.owner]))[calls.caller] * calls_made(of, knobs)
    caller, callee = units.owner[calls.caller], units.owner[calls.callee]
    database = (callee >= of.services) & (callee < of.services + of.databases)
    rate = np.bincount(caller, sent, of.components)[: of.services]
    slow = p95_of_mixtures(
        state.mean[calls.callee], state.variance[calls.callee], np.where(database, sent, 0.0), caller, of.components
    )[: of.services]
    took, square, failed = outcomes(of, knobs, state.mean, state.variance, state.errors)
    took = np.maximum(took, 1e-6)
    every = p95_of_mixtures(took, np.maximum(square - took**2, 0.0), sent, caller, of.components)[: of.services]
    failures = np.bincount(caller, sent * failed, of.components)[: of.services]
    services = slice(0, of.services)
    seen: Floats = np.where(of.traits.clients & (rate > 0.0), 1.0, np.nan)
    return {
        "client_request_rate": at(places, (services, seen * rate)),
        "client_request_count": at(places, (services, seen * rate * INTERVAL)),
        "client_request_duration.p95": at(places, (services, seen * every)),
        "client_error_rate": at(places, (services, seen * failures / np.maximum(rate, 1e-9))),
        "db_client_duration.p95": at(places, (services, seen * slow)),
    }


def dependencies(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """What services see of the requests that they send, by whom they are sent to: one value a dependency."""
    calls, owner, count = of.calls, of.units.owner, len(places.edges)
    edge, size = _edge_of_calls(of, places), count + 1
    sent = (state.rate * (1.0 - knobs.unreachable[owner]))[calls.caller] * calls_made(of, knobs)
    rate = np.bincount(edge, sent, size)[:count]
    took, square, failed = outcomes(of, knobs, state.mean, state.variance, state.errors)
    took = np.maximum(took, 1e-6)
    slow = p95_of_mixtures(took, np.maximum(square - took**2, 0.0), sent, edge, size)[:count]
    failures = np.bincount(edge, sent * failed, size)[:count]
    seen: Floats = np.where(of.traits.clients[places.edges[:, 0]] & (rate > QUIET), 1.0, np.nan)
    return {
        "request_rate": seen * rate,
        "request_count": seen * rate * INTERVAL,
        "request_duration.p95": np.asarray(seen * slow),
        "error_rate": seen * failures / np.maximum(rate, QUIET),
    }


def _edge_of_calls(of: Blueprint, places: Places) -> Ints:
    """Of each call the number of its dependency; one more than there are for calls within a component."""
    number = {pair: place for place, pair in enumerate(map(tuple, places.edges.tolist()))}
    ends = zip(of.units.owner[of.calls.caller].tolist(), of.units.owner[of.calls.callee].tolist(), strict=True)
    return np.array([number.get(pair, len(number)) for pair in ends], dtype=np.int64)


def processes(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """What runtimes and probes in the kernel tell of services."""
    traits, services = of.traits, slice(0, of.services)
    descriptors = np.minimum(traits.descriptors + knobs.descriptors, 1.0)
    own = np.bincount(of.units.owner, state.rate * knobs.errors, of.components)[services]
    asked = np.bincount(of.units.owner, state.rate * (of.units.role == Role.REQUEST), of.components) > 0.0
    refused = (np.where(asked, share, np.nan) for share in (knobs.refused, knobs.unauthorized))
    throttled, unauthorized = refused
    throttled[of.stores] = np.nan
    return {
        "lock_wait_share": at(
            places,
            (services, np.minimum(traits.locks + knobs.locks[services], 1.0)),
            (of.stores, np.minimum(of.servers.locks + knobs.locks[of.stores], 1.0)),
        ),
        "unhandled_exception_rate": at(
            places, (services, np.where(np.isfinite(traits.logs), own * knobs.exceptions, np.nan))
        ),
        "change": at(places, (services, knobs.changed)),
        "file_descriptor_utilization": at(places, (services, descriptors)),
        "open_file_descriptors": at(places, (services, descriptors * _DESCRIPTORS)),
        "throttled_rate": at(places, (places.components, throttled)),
        "unauthorized_rate": at(places, (services, unauthorized[services])),
    }


def containers(of: Blueprint, places: Places, knobs: Knobs, state: Steady) -> Readings:
    """What the kernel and Kubernetes tell of containers and nodes."""
    count = places.containers.stop - places.containers.start
    component, down = of.hosts.component[:count], knobs.down[:count]
    stopped = np.clip((state.load[:count] - 0.8) / 0.4, 0.0, 0.95)
    stopped = np.where(of.traits.cpu_limit[component], stopped, np.nan)
    reclaiming = np.clip((np.nan_to_num(state.pace.used[:count]) - 0.85) / 0.15, 0.0, 1.0)
    thrashing = np.where(down > 0.0, np.nan, _waiting(knobs.node_slow[of.hosts.node[:count]], 0.3 * reclaiming))
    swapping = _waiting(knobs.node_slow, 0.0)
    average = np.bincount(component, stopped, of.services) / np.bincount(component, minlength=of.services)
    return {
        "cpu_throttled_share": at(places, (slice(0, of.services), average), (places.containers, stopped)),
        "memory_pressure": at(places, (places.containers, thrashing), (places.nodes, swapping)),
        "major_page_fault_rate": at(
            places, (places.containers, _FAULTS * thrashing), (places.nodes, 10.0 * _FAULTS * swapping)
        ),
        "cpu_pressure": at(places, (places.containers, np.where(down > 0.0, np.nan, state.pace.pressure[:count]))),
        "restart_count": at(
            places, (places.containers, np.where(knobs.node_down[of.hosts.node[:count]] > 0.0, 0.0, 4.0 * down))
        ),
        "not_ready": at(places, (places.containers, down), (places.nodes, knobs.node_down)),
    }


def _waiting(slow: Floats, reclaiming: Floats | float) -> Floats:
    """Share of time in which something waits for memory, where swapping makes everything ``slow``."""
    return np.asarray(np.maximum(1.0 - 1.0 / slow, reclaiming) + 0.005)
