"""How requests ended. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from causely_plugin_gcp.points import TimeSeries, at, newest, number, time


@frozen
class Outcomes:
    """How requests ended, by a label of their count.

    Attributes:
        label: ``metric.response_code``.
        failed: what the label begins with where a request failed.
        good: the only values of a request that did not fail; none where ``failed`` tells.
        throttled: the label's value where a request was refused as one too many; empty when it is not told.
    """

    label: str
    failed: str = "5"
    good: tuple[str, ...] = ()
    throttled: str = ""

    def fails(self, value: str) -> bool:
        """Whether requests with this value failed."""
        return value not in self.good if self.good else value.startswith(self.failed)

    def told(self, group: Sequence[TimeSeries], interval: float) -> tuple[float, dict[str, float]]:
        """When it was, and the values of attributes.

        They are of one minute: the newest of the outcome that is most frequent, for the others may come a little later.

        Args:
            group: rates by outcome, each with points.
            interval: seconds in which numbers of requests are told.
        """
        when = time(newest(max(group, key=lambda each: sum(map(number, each.points)))))
        return when, dict(self._values([(self._label(each), at(each, when)) for each in group], interval))

    def _values(self, rates: list[tuple[str, float]], interval: float) -> Iterator[tuple[str, float]]:
        total = sum(rate for _, rate in rates)
        yield "request_rate", total
        yield "request_count", total * interval
        if total > 0:
            yield "error_rate", sum(rate for label, rate in rates if self.fails(label)) / total
        if total > 0 and self.throttled:
            yield "throttled_rate", sum(rate for label, rate in rates if label == self.throttled) / total

    def _label(self, series: TimeSeries) -> str:
        kind, _, name = self.label.partition(".")
        return str(getattr(series, kind).labels.get(name, ""))
