"""The plugin's own metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, Meter

    from causely_plugin_aws.call import Call


@frozen
class Instruments:
    """How AWS is asked.

    Attributes:
        calls: by action and result.
        durations: of calls, seconds.
        metrics: asked for of CloudWatch, which is what it bills.
    """

    calls: Counter
    durations: Histogram
    metrics: Counter

    @classmethod
    def of(cls, meter: Meter) -> Instruments:
        """Make them."""
        return cls(
            meter.create_counter("causely.aws.calls", "{call}", "Calls of AWS's API, by action and result."),
            meter.create_histogram("causely.aws.duration", "s", "Time of one call."),
            meter.create_counter("causely.aws.metrics", "{metric}", "Metrics asked for of CloudWatch."),
        )

    def called(self, call: Call, result: str, seconds: float) -> None:
        """A call has ended: ``ok``, or the name of the error."""
        self.calls.add(1, {"action": call.action, "result": result})
        self.durations.record(seconds)
