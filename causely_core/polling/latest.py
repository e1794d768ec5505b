"""The latest value of each series, for sources that tell values seldom and late. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from causely_core.model import Observation, ObservationBatch, Series


@define
class Latest:
    """Holds values until there are newer ones: a value of some minutes ago is the best that is known of now.

    Detectors take what is older than 30 s for silence, while the metrics of clouds come once a minute and a few minutes
    late. Tell :meth:`batch` more often than that.

    Attributes:
        patience: seconds after its time for which a value is held.
    """

    patience: float
    _held: dict[Series, Observation] = field(factory=dict, init=False)

    def hear(self, rows: Iterable[Observation]) -> None:
        """Take in values with their own times; one that is no newer than what is held changes nothing."""
        for row in rows:
            before = self._held.get(row.series)
            if before is None or row.time > before.time:
                self._held[row.series] = row

    def batch(self, now: float) -> ObservationBatch:
        """All that is held, as the values of ``now``; what is too old is forgotten."""
        self._held = {series: row for series, row in self._held.items() if now - row.time <= self.patience}
        return ObservationBatch.at(now, ((series, row.value) for series, row in self._held.items()))
