"""The newest values, told again until there are newer ones. Pure.

Detectors look at the last half minute and take what is silent for gone; CloudWatch has one point in a minute, which is
late by a minute or more. What it says last is how things are, as far as anybody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import define, evolve, field, frozen

from causely_core.model import Series
from causely_plugin_aws.measure import PERIOD


@frozen
class _Point:
    """A value, when its period began, when it was heard, and the value before it."""

    value: float
    time: float
    heard: float
    before: float


@define
class Holding:
    """What is known of each series.

    Attributes:
        patience: seconds for which a value holds after it was heard, unless a newer one comes.
    """

    patience: float
    _points: dict[Series, _Point] = field(factory=dict, init=False)

    def hear(self, values: Mapping[Series, Mapping[float, float]], now: float) -> None:
        """Take in points by time. Of each the newest counts, and what CloudWatch makes of that later."""
        for series, points in values.items():
            newest, before = max(points), self._points.get(series)
            if before is None or newest > before.time:
                past = points.get(newest - PERIOD, points[newest] if before is None else before.value)
                self._points[series] = _Point(points[newest], newest, now, past)
            elif newest == before.time:
                self._points[series] = evolve(before, value=points[newest])
        self._points = {series: each for series, each in self._points.items() if now - each.heard < self.patience}

    def told(self, now: float, lines: frozenset[Series]) -> Iterator[tuple[Series, float]]:
        """The value of each series at ``now``; of those in ``lines`` on the way from the point before to the newest."""
        for series, each in self._points.items():
            if now - each.heard >= self.patience:
                continue
            gone = min((now - each.heard) / PERIOD, 1.0) if series in lines else 1.0
            yield series, each.before + (each.value - each.before) * gone

    def __contains__(self, series: Series) -> bool:
        """Whether a value of it is known."""
        return series in self._points

    def __len__(self) -> int:
        """Number of series that are known."""
        return len(self._points)
