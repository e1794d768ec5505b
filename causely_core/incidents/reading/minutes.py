"""Requests folded into one value a minute for each entity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.incident import Track
from causely_core.model import EntityId, Series

MINUTE = 60.0
"""Seconds."""
_NANOS = np.uint64(1_000_000_000)
_QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
Floats = NDArray[np.float64]


@frozen(eq=False)
class Requests:
    """n requests.

    Attributes:
        entities: (n,) places in ``ids``, whose they are.
        starts, ends: (n,) uint64 nanoseconds since the epoch.
        failed: (n,) booleans.
        ids: of entities, sorted.
    """

    entities: NDArray[np.int64]
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    failed: NDArray[np.bool_]
    ids: tuple[EntityId, ...]

    def timed(self) -> Requests:
        """Those that can be told when they were, and how long."""
        kept = (self.starts > 0) & (self.ends >= self.starts)
        return Requests(self.entities[kept], self.starts[kept], self.ends[kept], self.failed[kept], self.ids)


def tracks_by_minute(requests: Requests) -> Iterator[Track]:
    """Counts, shares of failures and durations, sorted by entity and attribute.

    A request belongs to the minute in which it ends, as in metrics: a caller's is no earlier than its callee's. What
    has no times, or ends before it begins, is left out.
    """
    kept = requests.timed()
    seconds = (kept.ends - kept.starts).astype(np.float64) / 1e9
    minutes = (kept.ends // (np.uint64(MINUTE) * _NANOS)).astype(np.int64)
    order = np.lexsort((seconds, minutes, kept.entities))
    entities, minutes = kept.entities[order], minutes[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(entities) != 0) | (np.diff(minutes) != 0)
    starts = np.flatnonzero(first)
    values = _values(seconds[order], kept.failed[order], starts)
    times = minutes[starts].astype(np.float64) * MINUTE
    ends = np.searchsorted(entities[starts], np.arange(len(kept.ids) + 1))
    for id, begin, end in zip(kept.ids, ends[:-1], ends[1:], strict=True):
        if begin < end:
            for attribute in sorted(values):
                yield Track(Series(id, attribute), times[begin:end], values[attribute][begin:end])


def _values(seconds: Floats, failed: NDArray[np.bool_], starts: NDArray[np.int64]) -> dict[str, Floats]:
    """By attribute, one for each group of requests that begins at ``starts``, sorted by duration within."""
    if not len(starts):
        return {}
    counts = np.diff(starts, append=len(seconds)).astype(np.float64)
    return {
        "request_count": counts,
        "error_rate": np.add.reduceat(failed, starts, dtype=np.float64) / counts,
        "request_duration.avg": np.add.reduceat(seconds, starts) / counts,
        **{f"request_duration.{name}": _quantile(seconds, starts, counts, q) for name, q in _QUANTILES.items()},
    }


def _quantile(seconds: Floats, starts: NDArray[np.int64], counts: Floats, share: float) -> Floats:
    """Between the two nearest values, as ``numpy.quantile``."""
    place = share * (counts - 1.0)
    low = starts + np.floor(place).astype(np.int64)
    high = starts + np.ceil(place).astype(np.int64)
    return np.asarray(seconds[low] + (seconds[high] - seconds[low]) * (place - np.floor(place)))
