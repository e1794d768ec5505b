"""Durations in logarithmic buckets, so that quantiles of any number of them cost the same memory.

Sixteen buckets an octave from 1 us: a bucket is 4.4 % wide, so a quantile is off by 2.2 % at most, which is
the idea of DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019) with a fixed range.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 640
"""2**50 ns, 13 days, is the upper end."""

_PER_OCTAVE = 16
_FIRST_OCTAVE = 10


def bucket_of(nanos: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bucket of each duration in nanoseconds; too short ones are in the first, too long in the last."""
    octaves = np.log2(np.maximum(nanos, 1.0)) - _FIRST_OCTAVE
    return np.asarray(np.clip(octaves * _PER_OCTAVE, 0, BUCKETS - 1), dtype=np.int64)


def seconds_in(bucket: NDArray[np.int64]) -> NDArray[np.float64]:
    """The middle of each bucket in seconds."""
    return np.exp2((bucket + 0.5) / _PER_OCTAVE + _FIRST_OCTAVE) * 1e-9


def merged(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sorted distinct ``keys`` and the sums of their ``counts``."""
    if not len(keys):
        return keys, counts
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    return keys[starts], np.add.reduceat(counts, starts)


def quantiles(
    keys: NDArray[np.int64], counts: NDArray[np.int64], rows: int, at: tuple[float, ...]
) -> NDArray[np.float64]:
    """Quantiles of each row's durations.

    Args:
        keys: ``row * BUCKETS + bucket``, sorted and distinct.
        counts: durations in each.
        rows: number of rows.
        at: the quantiles wanted, 0..1.

    Returns:
        Seconds, shape (rows, len(at)); NaN for a row without durations.
    """
    found = np.full((rows, len(at)), np.nan)
    if not len(keys):
        return found
    upto = np.cumsum(counts)
    starts = np.flatnonzero(np.diff(keys // BUCKETS, prepend=-1))
    present = keys[starts] // BUCKETS
    before = upto[starts] - counts[starts]
    totals = np.diff(np.append(before, upto[-1]))
    for column, quantile in enumerate(at):
        rank = before + np.maximum(np.ceil(quantile * totals), 1)
        found[present, column] = seconds_in(keys[np.searchsorted(upto, rank)] % BUCKETS)
    return found
