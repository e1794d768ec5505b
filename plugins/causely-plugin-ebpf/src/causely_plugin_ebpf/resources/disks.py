"""Disks: how long requests to them take."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from causely_plugin_ebpf.resources.durations import BUCKETS, quantile

_MINOR_BITS = 20
"""Of a device's number within the kernel (linux/kdev_t.h)."""

QUANTILES = (("p50", 0.5), ("p95", 0.95))


@define(eq=False)
class Disks:
    """Follows the counts of each device."""

    _before: dict[str, NDArray[np.int64]] = field(factory=dict, init=False)

    def counts(self, buckets: NDArray[np.void], counts: NDArray[np.void]) -> dict[str, NDArray[np.int64]]:
        """Requests by bucket (BUCKETS,) since the last time, for each device by its numbers such as ``8:0``."""
        found: dict[str, NDArray[np.int64]] = {}
        for device in np.unique(buckets["device"]).tolist():
            rows = buckets["device"] == device
            total = np.zeros(BUCKETS, np.int64)
            total[buckets["number"][rows]] = counts["count"][rows]
            found[f"{device >> _MINOR_BITS}:{device & ((1 << _MINOR_BITS) - 1)}"] = total
        # What the kernel has dropped to make room counts from nothing again.
        grown = {name: np.maximum(total - self._before.get(name, 0), 0) for name, total in found.items()}
        self._before = found
        return grown


def values(counts: NDArray[np.int64]) -> dict[str, float]:
    """Attributes of a disk by what it has done; none when that is nothing."""
    return {f"disk_io_duration.{name}": quantile(counts, at) for name, at in QUANTILES} if counts.any() else {}
