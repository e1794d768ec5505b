"""Points: the five kinds of OTLP metric data in two shapes, a number or a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TypeAlias

from attrs import frozen
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AggregationTemporality,
    DataPointFlags,
    ExponentialHistogramDataPoint,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    SummaryDataPoint,
)

from causely_plugin_otlp.metrics.buckets import Buckets, explicit, exponential
from causely_plugin_otlp.metrics.errors import Malformed

DataPoint: TypeAlias = NumberDataPoint | HistogramDataPoint | ExponentialHistogramDataPoint | SummaryDataPoint

MAX_SKEW = 3600.0
"""Seconds by which a point's time may differ from the time of its arrival."""
_QUANTILES = (0.95, 0.99, 0.9)
"""Quantiles of a summary that may stand for the 95th percentile, the best first."""


@frozen
class Reading:
    """What a point says.

    Attributes:
        time: of the point, seconds since the epoch.
        start: since when it counts, likewise; 0 when unknown.
        delta: whether it tells the change since the last point, instead of the total since the start.
        value: a number, or counts.
    """

    time: float
    start: float
    delta: bool
    value: float | Buckets


def points_of(metric: Metric) -> tuple[Sequence[DataPoint], bool]:
    """The data points of a metric, and whether they are deltas."""
    kind = metric.WhichOneof("data")
    if kind is None:
        return [], False
    data = getattr(metric, kind)
    temporality = getattr(data, "aggregation_temporality", AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
    return data.data_points, temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA


def read(point: DataPoint, delta: bool, factor: float, now: float) -> Reading | None:
    """Read one point; none when it only says that there is no value.

    Args:
        point: as it came.
        delta: whether it tells a change.
        factor: of its unit.
        now: time of arrival, seconds since the epoch.

    Raises:
        Malformed: its time or its value cannot be.
    """
    time = point.time_unix_nano * 1e-9
    if abs(time - now) > MAX_SKEW:
        raise Malformed("the time of a point is missing, or more than an hour from now")
    if point.flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK:
        return None
    value = _value(point, factor)
    return None if value is None else Reading(time, point.start_time_unix_nano * 1e-9, delta, value)


def _value(point: DataPoint, factor: float) -> float | Buckets | None:
    if isinstance(point, NumberDataPoint):
        return _number(point) * factor
    if isinstance(point, HistogramDataPoint):
        return explicit(point, factor)
    if isinstance(point, ExponentialHistogramDataPoint):
        return exponential(point, factor)
    return _summarized(point, factor)


def _number(point: NumberDataPoint) -> float:
    kind = point.WhichOneof("value")
    if kind is None:
        raise Malformed("a point has no value")
    value = float(getattr(point, kind))
    if not isfinite(value):
        raise Malformed("a value is not a finite number")
    return value


def _summarized(point: SummaryDataPoint, factor: float) -> float | None:
    told = {entry.quantile: entry.value for entry in point.quantile_values}
    for wanted in _QUANTILES:
        if isfinite(told.get(wanted, float("nan"))):
            return told[wanted] * factor
    return None
