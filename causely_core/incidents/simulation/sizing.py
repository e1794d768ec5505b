"""Giving a drawn system the capacity that its load needs, as people do: some of it idle, none of it too small."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from causely_core.incidents.simulation.backends import Backends, draw_backends
from causely_core.incidents.simulation.blueprint import Blueprint, Calls, Hosts, Queues, Servers, Traits
from causely_core.incidents.simulation.flow import busy, rates
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Floats
from causely_core.incidents.simulation.steady import settle
from causely_core.incidents.simulation.structure import Structure, draw_structure

_MIB = 2.0**20
_CONTAINERS_A_NODE = 12


def draw_blueprint(services: int, rng: np.random.Generator) -> Blueprint:
    """A system of ``services`` services, three at least, with all that they need."""
    structure = draw_structure(services, max(1, round(0.06 * services)), rng)
    backends = draw_backends(structure, rng)
    vast = _vast(structure, backends, rng)
    return _limits(_cores(vast, rng), rng)


def _vast(structure: Structure, backends: Backends, rng: np.random.Generator) -> Blueprint:
    """The system with capacity without bounds."""
    services = len(structure.layer)
    components = services + backends.databases + backends.caches + backends.externals
    replicas = np.append(
        rng.choice(3, services, p=[0.45, 0.35, 0.2]) + 1, np.ones(components - services, dtype=np.int64)
    )
    component = np.repeat(np.arange(components), replicas)
    nodes = max(2, round(replicas[:services].sum() / _CONTAINERS_A_NODE))
    node = np.where(component < services, rng.integers(0, nodes, len(component)), nodes)
    hosts = Hosts(
        component,
        node,
        np.full(len(component), 1e6),
        np.full(nodes, 1e9),
        np.zeros(nodes),
        rng.uniform(0.3, 0.7, nodes),
        rng.uniform(0.2, 0.7, nodes),
    )
    handlers = np.flatnonzero(structure.worker[structure.owner])
    queues = Queues(
        handlers,
        np.full(len(handlers), 1e6),
        np.where(rng.random(len(handlers)) < 0.5, rng.lognormal(np.log(15.0), 0.6, len(handlers)), 0.0),
        backends.producer,
        backends.queue,
        backends.messages,
    )
    return Blueprint(
        services,
        backends.databases,
        backends.caches,
        backends.externals,
        int(structure.layer[-1]) + 4,
        backends.units,
        _calls(structure, backends, services, rng),
        queues,
        hosts,
        _traits(services, rng),
        _servers(backends, rng),
    )


def _calls(structure: Structure, backends: Backends, services: int, rng: np.random.Generator) -> Calls:
    caller = np.concatenate((structure.caller, backends.caller))
    callee = np.concatenate((structure.callee, backends.callee))
    cache = backends.units.owner[callee] - services - backends.databases
    cached = (cache >= 0) & (cache < backends.caches)
    return Calls(
        caller,
        callee,
        np.concatenate((structure.count, backends.count)),
        np.where(rng.random(len(caller)) < np.where(cached, 0.6, 0.15), 0.1, rng.uniform(0.8, 1.0, len(caller))),
        np.where(rng.random(len(caller)) < 0.2, 1.0, 0.0),
        np.full(len(caller), 1e9),
    )


def _traits(services: int, rng: np.random.Generator) -> Traits:
    memory = rng.lognormal(np.log(300.0), 0.6, services) * _MIB
    limit = np.where(rng.random(services) < 0.8, memory / rng.uniform(0.35, 0.65, services), np.nan)
    return Traits(
        memory,
        limit,
        np.where(rng.random(services) < 0.6, rng.lognormal(np.log(0.02), 0.5, services), np.nan),
        np.full(services, np.nan),
        rng.random(services) < 0.85,
        np.where(rng.random(services) < 0.8, rng.uniform(0.3, 1.0, services), np.nan),
        rng.uniform(0.02, 0.3, services),
        rng.random(services) < 0.6,
        np.where(rng.random(services) < 0.5, rng.uniform(0.005, 0.05, services), np.nan),
        rng.random(services) < 0.7,
        rng.random(services) < 0.4,
    )


def _servers(backends: Backends, rng: np.random.Generator) -> Servers:
    """Most servers are measured, by an exporter or by the cloud that runs them."""
    stores = backends.databases + backends.caches
    seen = rng.random(stores) < 0.7
    queried = seen & (np.arange(stores) < backends.databases)
    locks, rows = rng.uniform(0.005, 0.05, stores), rng.lognormal(np.log(20.0), 1.0, stores)
    return Servers(seen, np.where(queried, locks, np.nan), np.where(queried, rows, np.nan))


def _cores(of: Blueprint, rng: np.random.Generator) -> Blueprint:
    """Processors for what each component does, and nodes for what runs on them."""
    knobs = Knobs(_of=of)
    rate, _ = rates(of, knobs, np.full(len(of.queues.handler), np.inf))
    work = busy(of, knobs, rate) * of.hosts.cores
    usual = rng.uniform(0.12, 0.42, of.components)[of.hosts.component]
    cores = np.maximum(work / usual, 0.1)
    on_node = np.bincount(of.hosts.node, work, of.nodes + 1)[:-1]
    other, full = rng.uniform(0.1, 0.5, of.nodes), rng.uniform(0.25, 0.6, of.nodes)
    node_busy = on_node * other + 0.2
    node_cores = np.ceil(np.maximum((on_node + node_busy) / full, 2.0))
    return evolve(of, hosts=evolve(of.hosts, cores=cores, node_cores=node_cores, node_busy=node_busy))


def _limits(of: Blueprint, rng: np.random.Generator) -> Blueprint:
    """Pools, consumers and timeouts for the times that requests take when all is well."""
    calm = settle(of, Knobs(_of=of))
    p95 = (calm.mean + 2.0 * np.sqrt(calm.variance))[of.calls.callee]
    timeout = np.maximum(p95 * rng.uniform(5.0, 20.0, len(p95)), rng.choice([1.0, 2.0, 5.0, 10.0], len(p95)))
    held = _held(of, calm.rate, calm.mean)
    pool = np.maximum(np.ceil(held / rng.uniform(0.08, 0.35, of.services)), 5.0)
    wanted = calm.published * calm.mean[of.queues.handler]
    consumers = np.ceil(wanted / rng.uniform(0.2, 0.5, len(wanted)))
    return evolve(
        of,
        calls=evolve(of.calls, timeout=timeout),
        traits=evolve(of.traits, pool=np.where(held > 0.0, pool, np.nan)),
        queues=evolve(of.queues, consumers=np.maximum(consumers, 1.0)),
    )


def _held(of: Blueprint, rate: Floats, mean: Floats) -> Floats:
    """Connections to databases that each service uses on average (S)."""
    callee = of.units.owner[of.calls.callee]
    to_database = (callee >= of.services) & (callee < of.services + of.databases)
    used = np.where(to_database, rate[of.calls.caller] * of.calls.count * mean[of.calls.callee], 0.0)
    return np.bincount(of.units.owner[of.calls.caller], used, of.components)[: of.services].astype(np.float64)
