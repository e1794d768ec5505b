"""Drawing who calls whom: layers of services like those of published call graphs.

Few services are called from outside, most are some calls away; few callees have very many callers, and few callers
many callees (Luo et al., *Characterizing microservice dependency and performance: Alibaba trace analysis*, SoCC 2021;
Gan et al., *DeathStarBench*, ASPLOS 2019). Calls go to deeper layers, except for some that come back to an operation
which calls nothing: services, but not requests, can call each other in a circle.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.simulation.queueing import Floats, Ints

_CALLS = np.array([0.3, 0.5, 1.0, 1.0, 1.0, 2.0])
_BACK = 0.03


@frozen(eq=False)
class Structure:
    """Services by layer, their operations, and the calls between these.

    Attributes:
        layer: (S,) of each service, ascending.
        worker: (S,) whether it only consumes a queue.
        owner: (O,) the service of each operation; a worker has one, its handler.
        leaf: (O,) whether it is called from deeper layers and so must not call.
        caller, callee, count: (E,) calls between operations.
    """

    layer: Ints
    worker: NDArray[np.bool_]
    owner: Ints
    leaf: NDArray[np.bool_]
    caller: Ints
    callee: Ints
    count: Floats


def draw_structure(services: int, workers: int, rng: np.random.Generator) -> Structure:
    """Layers of services with ``workers`` workers, and calls such that every operation but the roots' has callers."""
    layer = _layers(services, rng)
    worker = _workers(layer, workers, rng)
    operations = np.where(worker, 1, rng.choice(4, services, p=[0.3, 0.35, 0.2, 0.15]) + 1)
    back = ~worker & (rng.random(services) < _BACK)
    owner = np.repeat(np.arange(services), operations + back)
    first = np.concatenate(([0], np.cumsum(operations + back)))
    leaf = np.zeros(len(owner), dtype=np.bool_)
    leaf[first[1:][back] - 1] = True
    called = np.flatnonzero((layer[owner] > 0) & ~worker[owner] & ~leaf)
    callee = np.repeat(called, _popularity(layer, owner[called], rng))
    caller = _callers(layer, first[:-1], operations, owner[callee], rng)
    returning, home = _returning(layer, first[:-1], operations, np.flatnonzero(leaf), owner, rng)
    caller, callee = np.concatenate((caller, returning)), np.concatenate((callee, home))
    return Structure(layer, worker, owner, leaf, caller, callee, _counts(caller, len(owner), rng))


def _counts(caller: Ints, operations: int, rng: np.random.Generator) -> Floats:
    """Calls a request: an operation with very many callees asks only some of them each time."""
    count = rng.choice(_CALLS, len(caller))
    total = np.bincount(caller, count, operations)
    return np.asarray(count * np.minimum(1.0, rng.uniform(0.7, 2.5, operations) / np.maximum(total, 0.1))[caller])


def _layers(services: int, rng: np.random.Generator) -> Ints:
    depth = int(np.clip(round(2.0 + np.log2(services / 8.0) / 1.5 + rng.normal(0.0, 0.7)), 3, 8))
    depth = min(depth, services)
    roots = max(1, services // 40)
    weights = np.array([1.0 / (1.0 + abs(each - (depth + 1) / 2.5)) for each in range(1, depth)])
    rest = rng.choice(np.arange(1, depth), max(0, services - roots - depth + 1), p=weights / weights.sum())
    layers = np.concatenate((np.zeros(roots, dtype=np.int64), np.arange(1, depth), rest))[:services]
    return np.sort(layers).astype(np.int64)


def _workers(layer: Ints, workers: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Workers in the second layer or deeper, but never a whole layer."""
    chosen = np.zeros(len(layer), dtype=np.bool_)
    starts = np.flatnonzero(np.diff(layer, prepend=-1))
    free = np.setdiff1d(np.flatnonzero(layer > 1), starts)
    chosen[rng.permutation(free)[:workers]] = True
    return chosen


def _popularity(layer: Ints, owner: Ints, rng: np.random.Generator) -> Ints:
    """How many callers each operation has: one for most, dozens for those of a few shared services."""
    shared = np.where(rng.random(len(layer)) < 0.06, rng.integers(3, 12, len(layer)), 0)[owner]
    return np.asarray(rng.geometric(0.65, len(owner)) + rng.binomial(shared, 0.5))


def _callers(layer: Ints, first: Ints, operations: Ints, services: Ints, rng: np.random.Generator) -> Ints:
    """An operation of a service in a layer above, mostly the next one, for each of the called ``services``."""
    busy = np.concatenate(([0.0], np.cumsum(rng.pareto(1.6, len(layer)) + 0.2)))
    starts = np.searchsorted(layer, np.arange(layer[-1] + 2))
    above = layer[services]
    near = rng.random(len(services)) < 0.7
    low = busy[np.where(near, starts[above - 1], 0)]
    high = busy[starts[above]]
    chosen = np.searchsorted(busy, low + (high - low) * rng.random(len(services)), side="right") - 1
    chosen = np.clip(chosen, np.where(near, starts[above - 1], 0), starts[above] - 1)
    return np.asarray(first[chosen] + (rng.random(len(chosen)) * operations[chosen]).astype(np.int64))


def _returning(
    layer: Ints, first: Ints, operations: Ints, leaves: Ints, owner: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Calls to the operations ``leaves`` from a deeper layer; those of the deepest layer are called from above."""
    deepest = len(layer) - 1
    start = np.searchsorted(layer, layer[owner[leaves]], side="right")
    chosen = np.where(start <= deepest, rng.integers(np.minimum(start, deepest), deepest + 1), 0)
    operation = (rng.random(len(leaves)) * operations[chosen]).astype(np.int64)
    return np.asarray(first[chosen] + operation), leaves
