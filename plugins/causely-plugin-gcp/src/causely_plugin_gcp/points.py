"""Points of time series, as protobuf has them. Pure."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

TimeSeries: TypeAlias = Any
"""A message ``google.monitoring.v3.TimeSeries`` of protobuf itself, which is quicker to read than Google's wrapper."""

Point: TypeAlias = Any
"""A message ``google.monitoring.v3.Point``, likewise."""

_NUMBERS = frozenset(("double_value", "int64_value", "bool_value"))


def number(point: Point) -> float:
    """The value of a point; of a distribution, how many values it has; not a number where it is none."""
    kind = point.value.WhichOneof("value")
    if kind == "distribution_value":
        return float(point.value.distribution_value.count)
    return float(getattr(point.value, kind)) if kind in _NUMBERS else math.nan


def time(point: Point) -> float:
    """The end of what it is of, in seconds since the epoch."""
    return float(point.interval.end_time.seconds)


def newest(series: TimeSeries) -> Point:
    """The last point of a series that has some, in whatever order they are."""
    return max(series.points, key=time)


def at(series: TimeSeries, when: float) -> float:
    """The value at a time; zero when there is none."""
    return sum(number(point) for point in series.points if time(point) == when)
