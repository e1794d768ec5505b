"""The receiver's own metrics, as /metrics shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define, field
from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation

from causely_plugin_otlp.signals import Outcome, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable


@define
class Counters:
    """Items accepted and rejected, requests refused, and what limits have cut off.

    Attributes:
        meter: the plugin's.
    """

    meter: Meter
    _accepted: Counter = field(init=False)
    _rejected: Counter = field(init=False)
    _refused: Counter = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Make the instruments."""
        counter = self.meter.create_counter
        self._accepted = counter("causely.otlp.accepted", "1", "spans, data points and log records taken")
        self._rejected = counter("causely.otlp.rejected", "1", "spans, data points and log records not taken")
        self._refused = counter("causely.otlp.refused", "1", "requests not taken, by reason")

    def taken(self, signal: Signal, outcome: Outcome) -> None:
        """A request was folded."""
        self._accepted.add(outcome.accepted, {"signal": str(signal)})
        if rejected := outcome.rejected.total():
            self._rejected.add(rejected, {"signal": str(signal)})

    def refused(self, reason: str) -> None:
        """A request was refused; ``reason`` is one of few words."""
        self._refused.add(1, {"reason": reason})

    def watch(self, name: str, description: str, read: Callable[[], int]) -> None:
        """Show the number that ``read`` returns as a gauge."""

        def observe(options: CallbackOptions) -> Iterable[Observation]:
            return [Observation(read())]

        self.meter.create_observable_gauge(name, [observe], "1", description)
