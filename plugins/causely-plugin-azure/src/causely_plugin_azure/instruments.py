"""What the plugin measures of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter


class Instruments:
    """Counts requests, and what was left out."""

    def __init__(self, meter: Meter) -> None:
        """Make the instruments."""
        self._calls = meter.create_counter("causely.azure.calls", "1", "requests to Azure")
        self._throttled = meter.create_counter("causely.azure.throttled", "1", "requests refused as too many")
        self._seconds = meter.create_histogram("causely.azure.call.duration", "s", "time until Azure answered")
        self._left_out = meter.create_counter("causely.azure.left_out", "1", "resources and values not taken")

    def called(self, api: str, result: str, seconds: float) -> None:
        """A request to ``api`` has ended.

        Args:
            api: ``graph``, ``metrics``, ``arm`` or ``logs``.
            result: ``ok``, an HTTP status, or what went wrong in a word.
            seconds: how long it took.
        """
        self._calls.add(1, {"api": api, "result": result})
        self._seconds.record(seconds, {"api": api})

    def throttled(self, api: str) -> None:
        """A request to ``api`` was refused as too many."""
        self._throttled.add(1, {"api": api})

    def left_out(self, what: str, number: int) -> None:
        """So many of ``what`` (``resources``, ``values``) were not taken."""
        self._left_out.add(number, {"what": what})
