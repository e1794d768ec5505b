"""How many requests, and how many of them failed, lie behind each sample of a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from causely_core.detection.baseline import GUARD, Floats, stretches_of
from causely_core.detection.binomial import wilson

if TYPE_CHECKING:
    from causely_core.model import AttributeWindow, EntityId

_GUARD = 2.0 * GUARD
"""Seconds of newest samples not learned: failures of few requests need as long to be told from chance."""

_SAME_INTERVAL = 0.5  # seconds between the share's and the count's timestamps


@frozen
class Counts:
    """One row's past in counts.

    Attributes:
        times: (samples,) seconds since the epoch, oldest first.
        failures: (samples,) failed requests.
        requests: (samples,) all requests.
    """

    times: Floats
    failures: Floats
    requests: Floats

    def last(self, samples: int, since: float) -> tuple[float, float]:
        """Failures and requests pooled over the newest ``samples`` that are not older than ``since``."""
        recent = self.times[-samples:] >= since
        return float(self.failures[-samples:][recent].sum()), float(self.requests[-samples:][recent].sum())

    def normal(self, now: float, min_samples: int, z: float) -> tuple[float, float] | None:
        """The usual share and its upper bound in the calmest stretch of the past; none if little was seen."""
        past = self.times <= now - _GUARD
        failures, requests = self.failures[past], self.requests[past]
        stretches = [cut for cut in stretches_of(len(failures)) if len(failures[cut]) >= min_samples]
        pooled = [(float(failures[cut].sum()), float(requests[cut].sum())) for cut in stretches]
        shares = [(failed / of, wilson(failed, of, z)[1]) for failed, of in pooled if of > 0.0]
        return min(shares, key=lambda share: share[1], default=None)


def counts_of(shares: AttributeWindow, row: int, requests: AttributeWindow, request_row: int | None) -> Counts:
    """Join a row of shares with the same entity's request counts; a share without one counts one request."""
    known = np.isfinite(shares.times[row])
    times, values = shares.times[row][known], shares.values[row][known]
    trials = np.ones_like(values)
    if request_row is not None:
        _join(times, trials, requests.times[request_row], requests.values[request_row])
    return Counts(times, np.clip(values, 0.0, 1.0) * trials, trials)


def rows_by_entity(seen: AttributeWindow) -> dict[EntityId, int]:
    """Where to find an entity's row."""
    return {series.entity: row for row, series in enumerate(seen.series)}


def _join(times: Floats, trials: Floats, count_times: Floats, counts: Floats) -> None:
    known = np.isfinite(count_times)
    count_times, counts = count_times[known], counts[known]
    if not len(count_times):
        return
    after = np.searchsorted(count_times, times - _SAME_INTERVAL).clip(max=len(count_times) - 1)
    same = np.abs(count_times[after] - times) <= _SAME_INTERVAL
    trials[same] = counts[after][same]
