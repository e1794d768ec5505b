"""Values that move as real ones do: they decide how well VictoriaMetrics can pack them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from attrs import define, field

from capacity.attributes import Attributes
from causely_core.model import Entity, EntityType, ObservationBatch, Series
from causely_core.traffic.buckets import bucket_of, seconds_in

_WELL = re.compile(
    r"error_rate|unreachable|oom_|crash_|restart_|not_ready|_failing|failure|_condition|change|cordoned"
    r"|drained|eviction|overflow|page_fault|pressure$|retransmit"
)
_COUNTED = re.compile(r"(request|call)_count$")
_RATE = re.compile(r"request_rate$")
_QUANTILE = re.compile(r"\.p\d\d$")
_WHOLE = re.compile(r"memory_usage|descriptors|thread_count")


def series_of(entities: Iterable[Entity], of: Attributes) -> tuple[Series, ...]:
    """The series of ``entities``, as many for each as its type has."""
    return tuple(
        Series(entity.id, attribute) for entity in entities for attribute in of.get(EntityType(entity.type), ())
    )


@define(eq=False)
class Readings:
    """Series of which all is well: what tells of trouble is 0, counts and all else vary by chance.

    Quantiles are middles of buckets, as the product's are.
    """

    series: tuple[Series, ...]
    _rng: np.random.Generator = field(factory=lambda: np.random.default_rng(1), init=False)
    _well: np.ndarray = field(init=False)
    _counted: np.ndarray = field(init=False)
    _rate: np.ndarray = field(init=False)
    _whole: np.ndarray = field(init=False)
    _quantile: np.ndarray = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Sort the series by how they move."""
        self._well = self._matching(_WELL)
        self._counted, self._rate = self._matching(_COUNTED), self._matching(_RATE)
        self._whole, self._quantile = self._matching(_WHOLE), self._matching(_QUANTILE)

    def at(self, time: float) -> ObservationBatch:
        """One sample of each, at ``time`` in seconds since the epoch."""
        size = len(self.series)
        values = 0.05 * self._rng.lognormal(0.0, 0.1, size)
        requests = self._rng.poisson(40.0, size)
        values[self._well] = 0.0
        values[self._quantile] = seconds_in(bucket_of(values[self._quantile] * 1e9))
        values[self._counted] = requests[self._counted]
        values[self._rate] = requests[self._rate] / 2.0
        values[self._whole] = 100e6 + 4096.0 * self._rng.poisson(0.2, size)[self._whole]
        return ObservationBatch(self.series, np.full(size, time), values)

    def _matching(self, pattern: re.Pattern[str]) -> np.ndarray:
        matches = {name: bool(pattern.search(name)) for name in {series.attribute for series in self.series}}
        return np.fromiter((matches[series.attribute] for series in self.series), np.bool_, len(self.series))
