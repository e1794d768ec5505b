"""Buckets: how many values were counted between which bounds, whatever kind of histogram they came in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import inf, isfinite
from typing import TypeAlias

from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint, HistogramDataPoint

from causely_plugin_otlp.metrics.errors import Malformed

Buckets: TypeAlias = dict[tuple[float, float], int]
"""Counts by lower and upper bound; empty buckets are left out."""

MAX_BUCKETS = 2_000
_FINEST_SCALE = 3
"""Eight buckets an octave, 9 % wide: finer ones are merged, so that most changes of scale do not show."""
_SCALES = range(-11, 21)
_LARGEST = 1000
"""Exponent of the largest bound, of 2."""


def explicit(point: HistogramDataPoint, factor: float) -> Buckets:
    """Buckets of a histogram with explicit bounds; none when it has no bounds to tell a quantile by.

    Args:
        point: as it came.
        factor: of its unit.

    Raises:
        Malformed: counts and bounds do not fit.
    """
    counts, bounds = point.bucket_counts, point.explicit_bounds
    if not counts and not bounds:
        return {}
    if len(counts) != len(bounds) + 1:
        raise Malformed("a histogram needs one bucket count more than bounds")
    if len(counts) > MAX_BUCKETS:
        raise Malformed(f"a histogram has more than {MAX_BUCKETS} buckets")
    if not all(map(isfinite, bounds)) or any(low >= high for low, high in pairwise(bounds)):
        raise Malformed("the bounds of a histogram must be finite and increasing")
    if not bounds:
        return {}
    edges = [min(0.0, bounds[0]), *bounds, inf]
    return {
        (low * factor, high * factor): count
        for (low, high), count in zip(pairwise(edges), counts, strict=True)
        if count
    }


def exponential(point: ExponentialHistogramDataPoint, factor: float) -> Buckets:
    """Buckets of an exponential histogram: bucket i is from ``2 ** (i / 2**scale)`` to that of i + 1.

    Values below zero, which a duration cannot have, count as zero.

    Args:
        point: as it came.
        factor: of its unit.

    Raises:
        Malformed: too many buckets, or bounds that no number can hold.
    """
    if point.scale not in _SCALES:
        raise Malformed(f"the scale of a histogram must be {_SCALES[0]} to {_SCALES[-1]}")
    if len(point.positive.bucket_counts) > MAX_BUCKETS or len(point.negative.bucket_counts) > MAX_BUCKETS:
        raise Malformed(f"a histogram has more than {MAX_BUCKETS} buckets")
    buckets: Buckets = {}
    zeros = point.zero_count + sum(point.negative.bucket_counts)
    if zeros:
        buckets[0.0, 0.0] = zeros
    for bounds, count in _positive(point.positive.offset, point.positive.bucket_counts, point.scale, factor):
        buckets[bounds] = buckets.get(bounds, 0) + count
    return buckets


def _positive(
    offset: int, counts: Sequence[int], scale: int, factor: float
) -> Iterator[tuple[tuple[float, float], int]]:
    finer = max(0, scale - _FINEST_SCALE)
    width = 2.0 ** (finer - scale)
    for index, count in enumerate(counts, offset):
        if count:
            low, high = (index >> finer) * width, ((index >> finer) + 1) * width
            if low >= _LARGEST:
                raise Malformed("a bucket of a histogram is beyond any number")
            yield (2.0**low * factor, (2.0**high if high < _LARGEST else inf) * factor), count


def quantile(buckets: Buckets, at: float) -> float:
    """A quantile, by linear interpolation in its bucket; the lower bound of a bucket without an upper one.

    Args:
        buckets: at least one.
        at: the quantile wanted, 0..1.
    """
    ordered = sorted(buckets.items(), key=_upper_bound)
    upto = list(accumulate(count for _, count in ordered))
    wanted = at * upto[-1]
    index = min(bisect_left(upto, wanted), len(upto) - 1)
    bounds, count = ordered[index]
    return _interpolated(bounds, 1.0 - (upto[index] - wanted) / count)


def _upper_bound(bucket: tuple[tuple[float, float], int]) -> tuple[float, float]:
    (low, high), _ = bucket
    return high, low


def _interpolated(bounds: tuple[float, float], share: float) -> float:
    low, high = bounds
    return low if high == inf else max(low, min(high, low + (high - low) * share))
