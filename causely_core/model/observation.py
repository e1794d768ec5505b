"""Observations: measured values of an entity's attributes. They never leave the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from attrs import cmp_using, field, frozen
from numpy.typing import NDArray

from causely_core.model.entity import EntityId


@frozen(cache_hash=True)
class Series:
    """The identity of one measured quantity.

    Attributes:
        entity: whose attribute it is.
        attribute: dotted name from docs/attributes.md, such as ``request_duration.p95``.
        peer: the calling entity, when the value was measured on one call edge as the caller saw it;
            empty for the value over all callers.
    """

    entity: EntityId
    attribute: str
    peer: str = ""


@frozen
class Observation:
    """One measured value: ``series`` had ``value`` at ``time`` (seconds since the epoch)."""

    series: Series
    time: float
    value: float


@frozen
class ObservationBatch:
    """Observations in columns: row i is ``(series[i], times[i], values[i])``.

    Attributes:
        series: one identity a row; rows may repeat a series.
        times: float64 seconds since the epoch, one a row.
        values: float64 in the attribute's unit, one a row.
    """

    series: tuple[Series, ...]
    times: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))
    values: NDArray[np.float64] = field(eq=cmp_using(eq=np.array_equal))

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> ObservationBatch:
        """Turn single observations into columns."""
        rows = list(observations)
        return cls(
            tuple(row.series for row in rows),
            np.array([row.time for row in rows], dtype=np.float64),
            np.array([row.value for row in rows], dtype=np.float64),
        )

    @classmethod
    def at(cls, time: float, values: Iterable[tuple[Series, float]]) -> ObservationBatch:
        """Columns for values that were all measured at ``time``."""
        return cls.of(Observation(series, time, value) for series, value in values)

    def parts(self, most: int) -> Iterator[ObservationBatch]:
        """The rows in order, in batches of at most ``most``; it itself when it has no more."""
        if len(self) <= most:
            yield self
            return
        for begin in range(0, len(self), most):
            rows = slice(begin, begin + most)
            yield ObservationBatch(self.series[rows], self.times[rows], self.values[rows])

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.series)

    def __iter__(self) -> Iterator[Observation]:
        """Rows one at a time, for tests and edges; hot paths use the columns."""
        rows = zip(self.series, self.times, self.values, strict=True)
        return (Observation(series, float(time), float(value)) for series, time, value in rows)
