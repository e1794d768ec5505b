"""What measuring adds to the truth: chance in counts and quantiles, unsteady load, hiccups."""

from __future__ import annotations

import numpy as np

from causely_core.incidents.simulation.queueing import Floats

COUNTED = {
    "error_rate": "request_count",
    "error_rate.self": "request_count",
    "throttled_rate": "request_count",
    "unauthorized_rate": "request_count",
    "unreachable_rate": "call_count",
    "client_error_rate": "client_request_count",
}
"""Shares of requests, each with the attribute that tells how many requests it is of."""

RATES = frozenset({"request_rate", "publish_rate", "process_rate", "client_request_rate", "rows_read_rate"})
STATES = frozenset({"change", "not_ready", "restart_count"})

_SHARES = frozenset(
    {
        "cpu_utilization",
        "memory_utilization",
        "disk_utilization",
        "connection_pool.utilization",
        "file_descriptor_utilization",
        "lock_wait_share",
        "cpu_throttled_share",
        "cpu_pressure",
        "memory_pressure",
    }
)
_STEADY = frozenset({"memory_usage", "memory_utilization", "disk_utilization"})
_DAY = 86_400.0
_QUANTILE = 1.5  # times 1/sqrt(n): error of the logarithm of a 95th percentile of n lognormal times
_HICCUP = 0.001


def day(times: Floats) -> Floats:
    """Load by the average of the day: a fifth more in the afternoon than in the night, as a factor a time."""
    return np.asarray(1.0 + 0.1 * np.sin(2.0 * np.pi * (times % _DAY) / _DAY - 2.0))


def count(expected: Floats, rng: np.random.Generator) -> Floats:
    """How many of the ``expected`` requests came; NaN where none can be."""
    came = rng.poisson(np.nan_to_num(expected)).astype(np.float64)
    return np.where(np.isnan(expected), np.nan, came)


def failed(share: Floats, of: Floats, rng: np.random.Generator) -> Floats:
    """The share that failed of so many; NaN where there were none."""
    trials = np.nan_to_num(of).astype(np.int64)
    failures = rng.binomial(trials, np.clip(np.nan_to_num(share), 0.0, 1.0))
    return np.where((trials > 0) & np.isfinite(share), failures / np.maximum(trials, 1), np.nan)


def measured(attribute: str, values: Floats, of: Floats | None, rng: np.random.Generator) -> Floats:
    """``values`` (series, times) as they would be measured.

    Args:
        attribute: decides about the kind of noise.
        values: the truth, NaN where there is nothing to measure.
        of: how many requests each value summarizes, for times to answer.
        rng: of the noise.
    """
    if attribute in STATES:
        return np.asarray(np.rint(values))
    spread = 0.004 if attribute in _STEADY else 0.05
    noisy = values * np.exp(spread * rng.standard_normal(values.shape))
    if attribute.endswith((".p95", ".avg", ".self")):
        noisy = noisy * _hiccups(values.shape, rng)
        if of is not None:
            chance = rng.standard_normal(values.shape) * _QUANTILE / np.sqrt(np.maximum(of, 4.0))
            noisy = np.where(of > 0.0, noisy * np.exp(chance), np.nan)
    if attribute == "backlog":
        return count(noisy, rng)
    return np.asarray(np.minimum(noisy, 1.0) if attribute in _SHARES else noisy)


def _hiccups(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    return np.where(rng.random(shape) < _HICCUP, rng.uniform(1.5, 4.0, shape), 1.0)
