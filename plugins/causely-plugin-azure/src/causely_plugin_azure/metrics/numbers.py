"""The numbers of an answer, and what they mean. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from attrs import define, field

from causely_plugin_azure.metrics.measure import Aggregation, Measure, Term
from causely_plugin_azure.resource import Resource

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

    def measured(self, measure: Measure, resource: Resource) -> Iterator[tuple[str, float, float]]:
        """The newest values of ``measure``: of which thing (empty for the resource itself), when, and how much."""
        of_terms = [self._of(term) for term in measure.terms]
        if measure.each:
            told = {thing: [points] for thing, points in of_terms[0].items()}
        else:
            told = {"": [_sum(points.values()) for points in of_terms]}
        for thing, several in told.items():
            for time, value in islice(_values(measure, resource, several), 1):
                yield thing, time + measure.grain, value

    def _of(self, term: Term) -> Mapping[str, Points]:
        found = self._points.get((term.metric.lower(), term.aggregation.value), {})
        return {value: points for value, points in found.items() if not term.only or value in term.only}


def numbers(answer: Any, split: str) -> dict[str, Numbers]:
    """The numbers of each resource, by its id in small letters.

    Args:
        answer: of Azure, as JSON; of a resource that it cannot tell of there is nothing, or metrics without values.
        split: the dimension by which values come apart; empty for none.
    """
    found: dict[str, Numbers] = {}
    for result in objects(answer, "values"):
        into = found.setdefault(str(result.get("resourceid", "")).lower(), Numbers())
        for metric in objects(result, "value"):
            name = metric.get("name")
            _read(into, str(name.get("value", "") if isinstance(name, Mapping) else ""), metric, split)
    return found


def objects(about: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects in a list of an object; nothing where it has none."""
    found = about.get(name) if isinstance(about, Mapping) else None
    return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, Mapping))


def _read(into: Numbers, metric: str, about: Mapping[str, Any], split: str) -> None:
    for line in objects(about, "timeseries"):
        value = _value(line, split) if split else ""
        for point in objects(line, "data"):
            if (time := _time(point.get("timeStamp"))) is None:
                continue
            for aggregation in Aggregation:
                number = point.get(aggregation.value)
                if isinstance(number, int | float) and math.isfinite(number):
                    into.add(metric, aggregation.value, value, time, float(number))


def _time(text: Any) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _value(line: Mapping[str, Any], split: str) -> str:
    for each in objects(line, "metadatavalues"):
        name = each.get("name")
        if isinstance(name, Mapping) and str(name.get("value", "")).lower() == split.lower():
            return str(each.get("value", ""))
    return ""


def _sum(several: Iterable[Points]) -> Points:
    summed: Points = {}
    for points in several:
        for time, number in points.items():
            summed[time] = summed.get(time, 0.0) + number
    return summed


def _values(measure: Measure, resource: Resource, points: list[Points]) -> Iterator[tuple[float, float]]:
    """All values and their times, the newest first."""
    for time in sorted({time for each in points for time in each}, reverse=True):
        found = [each.get(time, term.missing) for each, term in zip(points, measure.terms, strict=True)]
        given = tuple(number for number in found if number is not None)
        value = measure.value(resource, given) if len(given) == len(found) else None
        if value is not None and math.isfinite(value):
            yield time, value
