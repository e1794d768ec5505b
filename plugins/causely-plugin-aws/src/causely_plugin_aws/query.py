"""What CloudWatch is asked for, and what its answers mean. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from causely_core.model import Series
from causely_plugin_aws.measure import PERIOD, Measure, Stat
from causely_plugin_aws.resource import Subject

Points: TypeAlias = Mapping[float, float]
"""Values by when their period begins, in seconds since the epoch."""


@frozen(cache_hash=True)
class Query:
    """One statistic of one metric of one thing."""

    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str

    @classmethod
    def of(cls, subject: Subject, stat: Stat) -> Query:
        """What ``stat`` of ``subject`` is asked by."""
        dimensions = tuple(sorted({**subject.dimensions, **stat.dimensions}.items()))
        return cls(subject.namespace, stat.metric, dimensions, stat.statistic)

    def asked(self, id: str) -> dict[str, Any]:
        """As GetMetricData takes it."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions]
        metric = {"Namespace": self.namespace, "MetricName": self.metric, "Dimensions": dimensions}
        return {"Id": id, "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": self.statistic}}


def queries(subjects: Iterable[Subject]) -> list[Query]:
    """All that is to be asked for, each once."""
    return list(
        {
            Query.of(subject, stat): None
            for subject in subjects
            for measure in subject.measures
            for stat in measure.stats
        }
    )


def points(results: Iterable[Mapping[str, Any]], asked: Mapping[str, Query]) -> dict[Query, dict[float, float]]:
    """What the results of one page say."""
    found: dict[Query, dict[float, float]] = {}
    for each in results:
        times = (time.timestamp() for time in each.get("Timestamps", ()))
        found[asked[each["Id"]]] = dict(zip(times, map(float, each.get("Values", ())), strict=True))
    return found


def values(
    subjects: Iterable[Subject], seen: Mapping[Query, Points], part: float = 1.0
) -> dict[Series, dict[float, float]]:
    """The values of each attribute by time; of several of one entity and time the largest.

    Args:
        subjects: what is measured.
        seen: what CloudWatch has.
        part: of what was counted in a period, when a value is told several times in it.
    """
    told: dict[Series, dict[float, float]] = {}
    for subject in subjects:
        for measure in subject.measures:
            values = told.setdefault(Series(subject.entity, measure.attribute), {})
            for time, value in _measured(subject, measure, seen, part):
                values[time] = max(value, values.get(time, value))
    return {series: each for series, each in told.items() if each}


def _measured(
    subject: Subject, measure: Measure, seen: Mapping[Query, Points], part: float
) -> Iterator[tuple[float, float]]:
    columns: Sequence[Points] = [seen.get(Query.of(subject, stat), {}) for stat in measure.stats]
    for time in sorted({time for column in columns for time in column}):
        value = measure.value([column.get(time) for column in columns], subject.facts)
        if value is not None:
            yield time, value * part if measure.counted else value
