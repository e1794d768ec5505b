"""Measures: an attribute, and how it is made of statistics of CloudWatch. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from attrs import field, frozen

PERIOD = 60
"""Seconds of one data point."""

Value: TypeAlias = Callable[[Sequence[float | None], Mapping[str, float]], float | None]
"""Makes a value of the statistics, in their order, none where there is no data point; and of facts of the resource."""


@frozen
class Stat:
    """A statistic of a metric.

    Attributes:
        metric: CloudWatch's name of it.
        statistic: ``Average``, ``Sum``, ``Maximum``, ``SampleCount`` or a percentile, ``p95``.
        dimensions: beside those of the subject.
    """

    metric: str
    statistic: str = "Average"
    dimensions: Mapping[str, str] = field(factory=dict, hash=False)


@frozen
class Measure:
    """One attribute of docs/attributes.md or of the plugin's README.

    Attributes:
        attribute: its name.
        stats: what is asked for.
        value: makes the value of them.
        counted: whether it counts what happened in a period, of which each time that it is told has a part.
    """

    attribute: str
    stats: tuple[Stat, ...]
    value: Value = field(eq=False)
    counted: bool = False


def gauge(attribute: str, metric: str, statistic: str = "Average", scale: float = 1.0) -> Measure:
    """The statistic as it is, times ``scale``."""
    return Measure(attribute, (Stat(metric, statistic),), lambda seen, _: _times(seen[0], scale))


def rate(attribute: str, *metrics: str) -> Measure:
    """What was counted of some metrics together, a second."""
    return Measure(attribute, _sums(metrics), lambda seen, _: _times(_total(seen), 1.0 / PERIOD))


def count(attribute: str, *metrics: str) -> Measure:
    """What was counted of some metrics together."""
    return Measure(attribute, _sums(metrics), lambda seen, _: _total(seen), counted=True)


def share(attribute: str, parts: Sequence[str], *wholes: str) -> Measure:
    """What was counted of ``parts`` by what was counted of ``wholes``; none while there is nothing of these."""
    many = len(parts)

    def value(seen: Sequence[float | None], _: Mapping[str, float]) -> float | None:
        part, whole = _total(seen[:many]), _total(seen[many:])
        return min((part or 0.0) / whole, 1.0) if whole else None

    return Measure(attribute, _sums((*parts, *wholes)), value)


def used(attribute: str, *metrics: str, of: str, statistic: str = "Average") -> Measure:
    """What some metrics have together, by the fact ``of``; none where nobody knows that."""
    stats = tuple(Stat(metric, statistic) for metric in metrics)
    return Measure(attribute, stats, lambda seen, facts: _by(_total(seen), facts.get(of)))


def left(attribute: str, metric: str, of: str, statistic: str = "Minimum") -> Measure:
    """1 less what is left by the fact ``of``; likewise."""
    return Measure(attribute, (Stat(metric, statistic),), lambda seen, facts: _rest(_by(seen[0], facts.get(of))))


def spent(attribute: str, metric: str) -> Measure:
    """1 less what is left in percent, at the worst moment."""
    return Measure(attribute, (Stat(metric, "Minimum"),), lambda seen, _: _rest(_times(seen[0], 0.01)))


def spread(attribute: str, metrics: Sequence[str], of: str) -> Measure:
    """What was counted of some metrics together, a second, by the fact ``of``."""
    return Measure(
        attribute, _sums(metrics), lambda seen, facts: _by(_times(_total(seen), 1.0 / PERIOD), facts.get(of))
    )


def _sums(metrics: Sequence[str]) -> tuple[Stat, ...]:
    return tuple(Stat(metric, "Sum") for metric in metrics)


def _total(seen: Sequence[float | None]) -> float | None:
    """None when there is none: many counters have no points while they are zero, but not all of several."""
    there = [each for each in seen if each is not None]
    return sum(there) if there else None


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _by(value: float | None, whole: float | None) -> float | None:
    return value / whole if value is not None and whole else None


def _rest(value: float | None) -> float | None:
    return None if value is None else min(max(1.0 - value, 0.0), 1.0)
