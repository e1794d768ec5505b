"""How a system answers once a state of its parts has settled: times, failures and what is used up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from attrs import frozen

from causely_core.incidents.simulation.blueprint import Blueprint
from causely_core.incidents.simulation.flow import busy, calls_made, rates
from causely_core.incidents.simulation.hosting import Pace, pace
from causely_core.incidents.simulation.knobs import Knobs
from causely_core.incidents.simulation.queueing import Floats, limited, waiting

_VARIATION = 0.5  # square of the coefficient of variation of a unit's own time
_POOL_TIMEOUT = 3.0  # seconds after which a request without a connection fails


@frozen(eq=False)
class Steady:
    """A settled state.

    Attributes:
        rate: (U,) requests a second that are sent to each unit.
        published: (Q,) messages a second.
        capacity: (Q,) messages a second that can be processed.
        load: (K,) of each container's cores, above 1 when overloaded.
        pace: what the hosts make of it.
        mean, variance: (U,) time to answer, in seconds and their squares.
        errors: (U,) share of requests that fail.
        own: (U,) mean seconds of a request outside of calls, as spans tell it; waiting for a connection is its own.
        own_errors: (U,) failed requests beyond the failed calls, by all requests.
        pool_load: (S,) connections wanted by connections there are.
        pool_wait: (S,) mean seconds to get a connection.
    """

    rate: Floats
    published: Floats
    capacity: Floats
    load: Floats
    pace: Pace
    mean: Floats
    variance: Floats
    errors: Floats
    own: Floats
    own_errors: Floats
    pool_load: Floats
    pool_wait: Floats


class Outcomes(NamedTuple):
    """What becomes of the calls from unit to unit, in columns of length E.

    Attributes:
        mean: seconds that the caller waits, up to its timeout.
        square: mean square of these.
        failed: share that fails, is given up or gets no answer.
    """

    mean: Floats
    square: Floats
    failed: Floats


def outcomes(of: Blueprint, knobs: Knobs, mean: Floats, variance: Floats, errors: Floats) -> Outcomes:
    """What callers see of units that answer with ``mean``, ``variance`` and ``errors`` (U)."""
    calls = of.calls
    callee = of.units.owner[calls.callee]
    took, square, late = limited(mean[calls.callee], variance[calls.callee], calls.timeout)
    gone, hang = knobs.unreachable[callee], knobs.hanging[callee] * calls.timeout
    return Outcomes(
        (1.0 - gone) * took + gone * hang,
        (1.0 - gone) * square + gone * hang**2,
        1.0 - (1.0 - errors[calls.callee]) * (1.0 - late) * (1.0 - gone),
    )


class _Answers(NamedTuple):
    """What of :class:`Steady` follows from how the callees of each unit answer."""

    mean: Floats
    variance: Floats
    errors: Floats
    own: Floats
    own_errors: Floats


def settle(of: Blueprint, knobs: Knobs) -> Steady:
    """Let the system settle; first with consumers that keep up, then with as much as they can do."""
    first = _settle(of, knobs, np.full(len(of.queues.handler), np.inf))
    return _settle(of, knobs, first.capacity) if (first.capacity < first.published).any() else first


def _settle(of: Blueprint, knobs: Knobs, capacity: Floats) -> Steady:
    rate, published = rates(of, knobs, capacity)
    load = busy(of, knobs, rate)
    hosts = pace(of, knobs, load)
    owner = of.units.owner
    own = of.units.wait * hosts.slow[owner] + of.units.cpu * knobs.cpu[owner] * hosts.stretch[owner] + knobs.wait
    spread = own**2 * (_VARIATION + hosts.uneven[owner])
    failing = 1.0 - (1.0 - of.units.errors) * (1.0 - knobs.errors) * (1.0 - hosts.errors[owner])
    alone = answers = _Answers(own, spread, failing, own, failing)
    pool_load = pool_wait = np.zeros(of.services)
    for _ in range(of.depth):
        pool_load, pool_wait = _pools(of, knobs, rate, answers.mean)
        answers = _answer(of, knobs, alone, answers, (pool_load, pool_wait))
    can = of.queues.consumers / answers.mean[of.queues.handler]
    can = can * (1.0 - knobs.unreachable[owner[of.queues.handler]])
    return Steady(rate, published, can, load, hosts, *answers, pool_load, pool_wait)


def _pools(of: Blueprint, knobs: Knobs, rate: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Little's law: connections in use are statements a second times how long each takes."""
    calls, services = of.calls, of.services
    pooled = np.flatnonzero(_pooled(of))
    service = of.units.owner[calls.caller[pooled]]
    statements = (rate[calls.caller] * calls.count)[pooled]
    held = np.bincount(service, statements * mean[calls.callee[pooled]], services)
    each = held / np.maximum(np.bincount(service, statements, services), 1e-9)
    size = np.nan_to_num(of.traits.pool, nan=np.inf) * knobs.pool
    load = held / size
    wait = np.where(load > 0.0, waiting(load, np.maximum(np.minimum(size, 1e6), 1.0)) * each, 0.0)
    return load, np.minimum(wait, _POOL_TIMEOUT)


def _pooled(of: Blueprint) -> np.typing.NDArray[np.bool_]:
    callee = of.units.owner[of.calls.callee]
    return np.asarray((callee >= of.services) & (callee < of.services + of.databases))


def _answer(
    of: Blueprint,
    knobs: Knobs,
    alone: _Answers,
    now: _Answers,
    pools: tuple[Floats, Floats],
) -> _Answers:
    """One step towards the settled mean, variance and failures of all units, from those of their callees."""
    calls, units = of.calls, of.units
    count, size = calls_made(of, knobs), len(units.owner)
    mean, square, failed = outcomes(of, knobs, now.mean, now.variance, now.errors)
    service = np.minimum(units.owner[calls.caller], of.services - 1)
    pooled = _pooled(of)
    wait = np.where(pooled, pools[1][service], 0.0)
    refused = np.where(pooled, np.clip(1.0 - 1.0 / np.maximum(pools[0][service], 1.0), 0.0, 1.0), 0.0)
    variance = np.maximum(square - mean**2, 0.0) + wait**2
    mean = mean + wait
    some = count % 1.0
    variance = count * variance + some * (1.0 - some) * mean**2
    in_vain = 1.0 - (1.0 - failed) * (1.0 - refused)
    fails = np.minimum(calls.passes * in_vain ** (1.0 + calls.retries), 0.999999)
    passed = -np.floor(count) * np.log1p(-fails) - np.log1p(-some * fails)
    kept = np.exp(-np.bincount(calls.caller, passed, size))
    errors = 1.0 - (1.0 - alone.errors) * kept
    return _Answers(
        alone.mean + np.bincount(calls.caller, count * mean, size),
        alone.variance + np.bincount(calls.caller, variance, size),
        errors,
        alone.mean + np.bincount(calls.caller, count * wait, size),
        np.maximum(errors - np.bincount(calls.caller, count * failed, size), 0.0),
    )
