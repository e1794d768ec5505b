"""The latest value of each series, for sources that tell values seldom and late. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import define, field, frozen

from causely_core.model import Observation, ObservationBatch, Series


@frozen
class _Held:
    """A value, when it was heard, and how it came to be: from ``before`` in ``over`` seconds."""

    row: Observation
    heard: float
    before: float
    over: float

    def at(self, now: float) -> float:
        """The value on its way from the one before."""
        if now - self.heard >= self.over:
            return self.row.value
        return self.before + (self.row.value - self.before) * (now - self.heard) / self.over


@define
class Latest:
    """Holds values until there are newer ones: a value of some minutes ago is the best that is known of now.

    Detectors take what is older than 30 s for silence, and want up to five samples within that time, while the metrics
    of clouds come once a minute and a few minutes late. Tell :meth:`batch` every 6 s or so.

    Attributes:
        patience: seconds after its time for which a value is held.
        gradual: attributes that go from one value to the next as slowly as they did, and do not jump: those that are
            judged by how they grow.
    """

    patience: float
    gradual: frozenset[str] = frozenset()
    _held: dict[Series, _Held] = field(factory=dict, init=False)

    def hear(self, rows: Iterable[Observation], now: float) -> None:
        """Take in values with their own times; one that is older than what is held changes nothing.

        Args:
            rows: they.
            now: seconds since the epoch.
        """
        for row in rows:
            before = self._held.get(row.series)
            if before is None:
                self._held[row.series] = _Held(row, now, row.value, 0.0)
            elif row.time >= before.row.time and row != before.row:  # a minute may be told anew when it is complete
                over = row.time - before.row.time if row.series.attribute in self.gradual else 0.0
                self._held[row.series] = _Held(row, now, before.at(now), over)

    def batch(self, now: float) -> ObservationBatch:
        """All that is held, as the values of ``now``; what is too old is forgotten."""
        self._held = {series: each for series, each in self._held.items() if now - each.row.time <= self.patience}
        values = (each.at(now) for each in self._held.values())
        rows = len(self._held)
        return ObservationBatch(tuple(self._held), np.full(rows, now), np.fromiter(values, np.float64, rows))
