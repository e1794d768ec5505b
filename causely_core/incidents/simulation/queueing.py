"""Formulas of waiting and of times to answer, over arrays of any shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEARLY_FULL = 0.99
_OVERLOAD = 60.0  # times the service time that a request waits more when the load is above capacity by all of it


def waiting(load: Floats, servers: Floats) -> Floats:
    """Time in the queue by time of service, for ``load`` (share of capacity) on ``servers``.

    Sakasegawa's approximation of M/M/c (Annals of the Institute of Statistical Mathematics, 1977). Above 99 % the
    queue of a real server is bounded: it goes on linearly.
    """
    stable = np.minimum(load, _NEARLY_FULL)
    queued = stable ** (np.sqrt(2.0 * (servers + 1.0)) - 1.0) / (servers * (1.0 - stable))
    return np.asarray(queued + _OVERLOAD * np.maximum(load - _NEARLY_FULL, 0.0))


def normal_share(x: Floats) -> Floats:
    """The standard normal distribution function (Page's approximation, Applied Statistics 1977: error < 0.0002)."""
    return np.asarray(0.5 * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3))))


def log_moments(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the logarithm of a lognormal time."""
    spread = np.log1p(variance / mean**2)
    return np.asarray(np.log(mean) - spread / 2.0), np.asarray(np.sqrt(spread))


def limited(mean: Floats, variance: Floats, limit: Floats) -> tuple[Floats, Floats, Floats]:
    """A lognormal time that is given up at ``limit``: its mean, its mean square, the share given up."""
    center, spread = log_moments(mean, variance)
    spread = np.maximum(spread, 1e-6)
    at = (np.log(limit) - center) / spread
    late = 1.0 - normal_share(at)
    first = mean * normal_share(at - spread) + limit * late
    second = (mean**2 + variance) * normal_share(at - 2.0 * spread) + limit**2 * late
    return first, second, late


def p95_of_mixtures(mean: Floats, variance: Floats, weight: Floats, group: Ints, groups: int) -> Floats:
    """The 95th percentile of each mixture of lognormal times; NaN for a group without weight.

    Args:
        mean: (n,) seconds.
        variance: (n,) square seconds.
        weight: (n,) how often each occurs.
        group: (n,) the mixture each is part of.
        groups: how many mixtures there are.
    """
    center, spread = log_moments(mean, variance)
    total = np.bincount(group, weight, groups)
    low = np.full(groups, np.log(1e-6))
    high = np.full(groups, np.log(1e4))
    for _ in range(28):
        middle = (low + high) / 2.0
        below = normal_share((middle[group] - center) / np.maximum(spread, 1e-6))
        enough = np.bincount(group, weight * below, groups) >= 0.95 * total
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(total > 0.0, np.exp(high), np.nan)


def p95_of_wait(mean: Floats) -> Floats:
    """The 95th percentile of an exponential time."""
    return np.asarray(-np.log(0.05) * mean)
