"""From time series to values of attributes. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from causely_core.model import EntityId, Observation, Series
from causely_plugin_gcp.metric import Metric
from causely_plugin_gcp.points import TimeSeries, newest, number, time

if TYPE_CHECKING:
    from causely_plugin_gcp.estate import Owner


@frozen
class Row:
    """A value of an entity, before it is divided by another.

    Attributes:
        owner: whose it is.
        observation: the value, with the time of its data point.
        per: what it is divided by; empty when it is a value as it is.
    """

    owner: Owner
    observation: Observation
    per: str = ""


def rows(metric: Metric, series: Iterable[TimeSeries], owners: Mapping[str, list[Owner]], interval: float) -> list[Row]:
    """The newest value of each entity.

    Args:
        metric: what was asked for.
        series: the answer.
        owners: by key.
        interval: seconds between two tellings, in which numbers of requests are told.
    """
    by_key: dict[str, list[TimeSeries]] = {}
    for each in series:
        if each.points:
            by_key.setdefault(metric.key_of(each.metric.labels, each.resource.labels), []).append(each)
    told = ((owner, group) for key, group in by_key.items() for owner in owners.get(key, ()))
    return [row for owner, group in told for row in _of_owner(metric, owner, group, interval)]


def divided(found: Iterable[Row]) -> list[Observation]:
    """All values of a round: of two of one series the larger, and those that are divided by limits and by others."""
    largest: dict[Series, Row] = {}
    for row in found:
        if not math.isfinite(row.observation.value):
            continue
        before = largest.get(row.observation.series)
        if before is None or row.observation.value > before.observation.value:
            largest[row.observation.series] = row
    return [row for each in largest.values() for row in _quotient(each, largest)]


def _of_owner(metric: Metric, owner: Owner, group: list[TimeSeries], interval: float) -> Iterator[Row]:
    if metric.outcomes:
        when, told = metric.outcomes.told(group, interval)
        for attribute, value in told.items():
            yield _row(owner, attribute, when, value)
        return
    for each in group:
        point = newest(each)
        yield _row(owner, metric.attribute, time(point), metric.converted(number(point)), metric.per)


def _row(owner: Owner, attribute: str, time: float, value: float, per: str = "") -> Row:
    return Row(owner, Observation(Series(EntityId(owner.entity), attribute), time, value), per)


def _quotient(row: Row, others: Mapping[Series, Row]) -> Iterator[Observation]:
    seen = row.observation
    if not row.per:
        yield seen
        return
    other = others.get(Series(seen.series.entity, row.per))
    whole = row.owner.limits.get(row.per) or (other.observation.value if other else 0.0)
    if whole > 0:
        yield Observation(seen.series, seen.time, seen.value / whole)
