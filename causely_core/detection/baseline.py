"""Learning what is normal from a row's own past, robust against faults that are part of that past."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GUARD = 10.0
"""Seconds of newest samples that are never learned: the fault that is being judged may be in them."""
MIN_SAMPLES = 8
_TO_SIGMA = 1.4826  # makes MAD and quartile estimate sigma for normal data (Rousseeuw & Croux, JASA 1993)
_NEWEST_STRETCH = 20


@frozen
class Normal:
    """What is usual for each row; NaN where too little was seen.

    Attributes:
        center: (rows,) median.
        spread: (rows,) scaled MAD, or scaled distance of the upper quartile if that is wider: of values that
            take turns between two levels, more than half may be the same.
    """

    center: Floats
    spread: Floats


def learn(times: Floats, values: Floats, now: float, min_samples: int = MIN_SAMPLES) -> Normal:
    """Median and spread of the calmest stretch of the past of each row.

    The past is cut into stretches of 20, 40, 80, ... samples, newest first, and the one with the lowest
    median is taken: after a fault that filled most of the window, normal is still what was before it.
    """
    past = np.where(times <= now - GUARD, values, np.nan)
    stretches = [_normal(past[:, cut], min_samples) for cut in stretches_of(past.shape[1])]
    centers = np.array([stretch.center for stretch in stretches])
    spreads = np.array([stretch.spread for stretch in stretches])
    calmest = np.argmin(np.where(np.isnan(centers), np.inf, centers), axis=0)[None]
    return Normal(_pick(centers, calmest), _pick(spreads, calmest))


def stretches_of(samples: int) -> list[slice]:
    """Column ranges that double in length, newest first; at least one."""
    cuts: list[slice] = []
    length = _NEWEST_STRETCH
    end = samples
    while end > 0 or not cuts:
        cuts.append(slice(max(0, end - length), end))
        end, length = end - length, 2 * length
    return cuts


def median(values: Floats) -> Floats:
    """The median of each row without its NaNs, NaN for a row of nothing else; (rows, n) to (rows,)."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    return _middle(*_ordered(values))


def _middle(ordered: Floats, count: NDArray[np.intp]) -> Floats:
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, ordered.shape[1] - 1)
    rows = np.arange(len(ordered))
    return np.asarray((ordered[rows, low] + ordered[rows, high]) / 2.0)


def _upper_quartile(ordered: Floats, count: NDArray[np.intp]) -> Floats:
    at = np.minimum(3 * count // 4, np.maximum(count - 1, 0))
    return np.asarray(ordered[np.arange(len(ordered)), at])


def _ordered(values: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Each row sorted, NaN last, and its number of values; several times faster than NumPy's NaN functions."""
    ordered = np.sort(values, axis=1)
    return ordered, np.isfinite(ordered).sum(axis=1)


def _normal(values: Floats, min_samples: int) -> Normal:
    if not values.shape[1]:
        unknown = np.full(len(values), np.nan)
        return Normal(unknown, unknown)
    ordered, count = _ordered(values)
    center = np.where(count >= min_samples, _middle(ordered, count), np.nan)
    deviation = np.fmax(median(np.abs(values - center[:, None])), _upper_quartile(ordered, count) - center)
    return Normal(center, _TO_SIGMA * deviation)


def _pick(table: Floats, choice: NDArray[np.intp]) -> Floats:
    return np.asarray(np.take_along_axis(table, choice, axis=0)[0], dtype=np.float64)
