"""What the plugin tells of itself, in ``/metrics`` of the mediator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter


class Instruments:
    """Counts queries, those to Alertmanager among them."""

    def __init__(self, meter: Meter) -> None:
        """Make them."""
        self._queries = meter.create_counter("causely.prometheus.queries", "1", "Queries that were answered")
        self._failures = meter.create_counter("causely.prometheus.failures", "1", "Queries that were not answered")
        self._series = meter.create_counter("causely.prometheus.series", "1", "Series and alerts in all answers")
        self._seconds = meter.create_histogram("causely.prometheus.duration", "s", "Time from a query to its answer")

    def answered(self, series: int, seconds: float) -> None:
        """A query was answered, with so many series, after so many seconds."""
        self._queries.add(1)
        self._series.add(series)
        self._seconds.record(seconds)

    def failed(self, seconds: float) -> None:
        """One was not, after so many seconds."""
        self._failures.add(1)
        self._seconds.record(seconds)
