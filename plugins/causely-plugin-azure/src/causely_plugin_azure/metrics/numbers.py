"""The numbers of an answer, and what they mean. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field

from causely_plugin_azure.metrics.held import Value
from causely_plugin_azure.metrics.measure import Measure, Term
from causely_plugin_azure.resource import Resource

_METRIC = "/providers/microsoft.insights/metrics/"
"""What stands between a resource's id and a metric's name."""

Points = dict[float, float]
"""Values by their times, in seconds since the epoch."""


@define
class Numbers:
    """The numbers of one resource: by metric, aggregation and value of the dimension."""

    _points: dict[tuple[str, str], dict[str, Points]] = field(factory=dict, init=False)

    def add(self, metric: str, aggregation: str, value: str, time: float, number: float) -> None:
        """Note one.

        Args:
            metric: of which.
            aggregation: how it is summed up.
            value: of the dimension; empty without one.
            time: begin of the grain, seconds since the epoch.
            number: it.
        """
        self._points.setdefault((metric.lower(), aggregation), {}).setdefault(value, {})[time] = number

    def measured(self, measure: Measure, resource: Resource) -> Iterator[tuple[str, Value]]:
        """The newest values of ``measure``, and of which thing each is; empty for the resource itself."""
        of_terms = [self._of(term) for term in measure.terms]
        if measure.each:
            for thing, points in of_terms[0].items():
                yield from ((thing, value) for value in _newest(measure, resource, [points]))
        else:
            sums = [_sum(points.values()) for points in of_terms]
            yield from (("", value) for value in _newest(measure, resource, sums))

    def _of(self, term: Term) -> Mapping[str, Points]:
        found = self._points.get((term.metric.lower(), term.aggregation.value), {})
        return {value: points for value, points in found.items() if not term.only or value in term.only}


def numbers(results: Iterable[Any], split: str) -> dict[str, Numbers]:
    """The numbers of each resource, by its id in small letters.

    Args:
        results: ``MetricsQueryResult`` of azure-monitor-querymetrics; of a resource that Azure cannot tell of there is
            none, or one whose metrics have no values.
        split: the dimension by which values come apart; empty for none.
    """
    found: dict[str, Numbers] = {}
    for metric in (metric for result in results for metric in result.metrics):
        id, _, _ = str(metric.id).lower().partition(_METRIC)
        into = found.setdefault(id, Numbers())
        for line in metric.timeseries:
            _add(into, metric.name, _value(line.metadata_values, split), line.data)
    return found


def _add(into: Numbers, metric: str, value: str, data: Iterable[Any]) -> None:
    for point in data:
        time = point.timestamp.timestamp()
        for aggregation in ("average", "total", "maximum", "minimum", "count"):
            number = getattr(point, aggregation)
            if number is not None and math.isfinite(number):
                into.add(metric, aggregation, value, time, float(number))


def _value(described: Mapping[str, str] | None, split: str) -> str:
    if not split or not described:
        return ""
    return next((value for name, value in described.items() if name.lower() == split.lower()), "")


def _sum(several: Iterable[Points]) -> Points:
    summed: Points = {}
    for points in several:
        for time, number in points.items():
            summed[time] = summed.get(time, 0.0) + number
    return summed


def _newest(measure: Measure, resource: Resource, points: list[Points]) -> Iterator[Value]:
    """At the newest time of which all is told that has to be."""
    values = _values(measure, resource, points)
    found = next(values, None)
    if found is None:
        return
    time, number = found
    earlier = next(((at, value) for at, value in values), None) if measure.line else None
    before, grain = (earlier[1], time - earlier[0]) if earlier else (None, measure.grain)
    yield Value(time + measure.grain, number, before, grain)


def _values(measure: Measure, resource: Resource, points: list[Points]) -> Iterator[tuple[float, float]]:
    """All values and their times, the newest first."""
    for time in sorted({time for each in points for time in each}, reverse=True):
        found = [each.get(time, term.missing) for each, term in zip(points, measure.terms, strict=True)]
        given = tuple(number for number in found if number is not None)
        value = measure.value(resource, given) if len(given) == len(found) else None
        if value is not None and math.isfinite(value):
            yield time, value
