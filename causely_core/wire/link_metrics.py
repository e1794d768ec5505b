"""What a link counts about itself."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen
from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation


@frozen
class LinkMetrics:
    """OpenTelemetry instruments of one sender; every point carries ``link`` (the dialect's name).

    Attributes:
        sent: updates written to the stream, repeats included.
        acked: updates that the receiver has stored.
        resyncs: snapshots sent because the numbers did not meet or the spool overflowed.
        reconnects: streams that ended and were opened anew.
    """

    link: str
    sent: Counter
    acked: Counter
    resyncs: Counter
    reconnects: Counter

    @classmethod
    def of(cls, meter: Meter, link: str, spool_bytes: Callable[[], int]) -> LinkMetrics:
        """Create the instruments; the gauge ``causely.link.spool.size`` (bytes) reads ``spool_bytes``."""

        def observe(_: CallbackOptions) -> list[Observation]:
            return [Observation(spool_bytes(), {"link": link})]

        meter.create_observable_gauge("causely.link.spool.size", [observe], "By", "bytes not yet acknowledged")
        return cls(
            link,
            meter.create_counter("causely.link.sent", "{update}", "updates written to the stream"),
            meter.create_counter("causely.link.acked", "{update}", "updates stored by the receiver"),
            meter.create_counter("causely.link.resyncs", "{snapshot}", "snapshots sent to resynchronise"),
            meter.create_counter("causely.link.reconnects", "{connection}", "streams opened anew"),
        )

    def add(self, counter: Counter, amount: int = 1) -> None:
        """Count ``amount`` on ``counter``."""
        counter.add(amount, {"link": self.link})
