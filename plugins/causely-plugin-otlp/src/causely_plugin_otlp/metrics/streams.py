"""Streams: the points of one metric of one instance with the same attributes, one after the other."""

from __future__ import annotations

from attrs import define, field

from causely_plugin_otlp.metrics.buckets import Buckets
from causely_plugin_otlp.metrics.points import Reading
from causely_plugin_otlp.metrics.rules import Kind, Rule

_FRESH = 120.0
"""Seconds since its start within which a counter's first point is believed to be of now."""


@define(eq=False)
class Stream:
    """What one stream has told.

    Attributes:
        rule: what its points mean.
        instance: of the service; empty where the entity is its only instance.
        group: value of the rule's ``per`` attribute.
        seen: when its last point arrived, seconds since the epoch.
        level: the last value or rate; none before the first.
    """

    rule: Rule
    instance: str
    group: str
    seen: float = 0.0
    level: float | None = None
    _last: Reading | None = field(default=None, init=False)
    _grown: float = field(default=0.0, init=False)
    _over: float = field(default=0.0, init=False)
    _counted: Buckets = field(factory=dict, init=False)

    def add(self, reading: Reading) -> bool:
        """Take the next reading; false when it is no news: a repetition, or the first of a counter."""
        last = self._last
        if last is not None and reading.time <= last.time:
            return False
        self._last = reading
        if isinstance(reading.value, dict):
            return self._count(reading, reading.value, last)
        if self.rule.kind in (Kind.RATE, Kind.EVENTS):
            return self._grow(reading, reading.value, last)
        base = self.level or 0.0 if reading.delta else 0.0
        self.level = base + reading.value
        return True

    def settle(self) -> Buckets:
        """Make the level the rate since the last call; returns and forgets what was counted since."""
        if self._over > 0:
            self.level, self._grown, self._over = self._grown / self._over, 0.0, 0.0
        counted, self._counted = self._counted, {}
        return counted

    def _grow(self, reading: Reading, value: float, last: Reading | None) -> bool:
        since = self._since(reading, last)
        if since is None:
            return False
        before = 0.0
        if last is not None and isinstance(last.value, float) and not self._restarted(reading, last):
            before = last.value if value >= last.value else 0.0
        self._grown += max(0.0, value - before)
        self._over += reading.time - since
        return True

    def _count(self, reading: Reading, value: Buckets, last: Reading | None) -> bool:
        if not reading.delta and self._since(reading, last) is None:
            return False
        before = last.value if last and isinstance(last.value, dict) and not self._restarted(reading, last) else {}
        grown = _difference(value, before)
        for bounds, count in grown.items():
            self._counted[bounds] = self._counted.get(bounds, 0) + count
        return bool(grown)

    def _since(self, reading: Reading, last: Reading | None) -> float | None:
        """Begin of the time that the reading's growth is of; none when that cannot be told."""
        if reading.delta and 0 < reading.start < reading.time:
            return reading.start
        if last is not None:
            return last.time
        begun_at_zero = self.rule.kind is not Kind.RATE and 0 < reading.start < reading.time
        return reading.start if begun_at_zero and reading.time - reading.start <= _FRESH else None

    def _restarted(self, reading: Reading, last: Reading) -> bool:
        """Whether the total began anew; only then is a new start time of a RATE a reason to think so."""
        return reading.delta or (self.rule.kind is not Kind.RATE and reading.start != last.start)


def _difference(value: Buckets, before: Buckets) -> Buckets:
    """What was counted after ``before``; all of it after a reset, nothing after a change of bounds."""
    if sum(value.values()) < sum(before.values()):
        return value
    grown = {bounds: count - before.get(bounds, 0) for bounds, count in value.items()}
    if min(grown.values(), default=0) < 0 or not before.keys() <= value.keys():
        return {}
    return {bounds: count for bounds, count in grown.items() if count}
