"""Durations in the kernel's buckets, of which four make a doubling (``number_of`` in kernel/resources.c)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 256

_NANOSECONDS = 1e-9
_NUMBERS = np.arange(BUCKETS, dtype=np.int64)
_EXACT = _NUMBERS < 8
_STEP = np.where(_EXACT, 1.0, np.exp2(np.maximum((_NUMBERS >> 2) - 2, 0)))
BOUNDS = np.where(_EXACT, _NUMBERS, (4 + (_NUMBERS & 3)) * _STEP) * _NANOSECONDS
"""Where each bucket begins, in seconds; 4 to 7 are never used."""
_WIDTHS = _STEP * _NANOSECONDS


def quantile(counts: NDArray[np.int64], at: float) -> float:
    """The quantile ``at`` (0..1) of durations in seconds, of which ``counts`` (BUCKETS,) lie in each bucket.

    Durations in one bucket are taken to be spread evenly over it, so that it is off by a quarter at the most.
    """
    reached = np.cumsum(counts)
    rank = at * reached[-1]
    bucket = int(np.searchsorted(reached, rank))
    before = int(reached[bucket] - counts[bucket])
    return float(BOUNDS[bucket] + _WIDTHS[bucket] * (rank - before) / max(int(counts[bucket]), 1))
