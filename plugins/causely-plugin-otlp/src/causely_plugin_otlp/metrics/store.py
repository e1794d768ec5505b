"""The store: streams by what they tell, bounded, the ones longest silent dropped first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

from attrs import define, field

from causely_core.model import EntityId, Series
from causely_plugin_otlp.metrics.aggregation import value_of
from causely_plugin_otlp.metrics.points import Reading
from causely_plugin_otlp.metrics.streams import Stream


@define
class _Target:
    """One attribute of one entity, and who tells it."""

    series: Series
    streams: dict[Hashable, Stream] = field(factory=dict)
    news: bool = False


@define
class Store:
    """All streams.

    Attributes:
        limit: streams kept.
        staleness: seconds of silence after which a stream counts no more.
        dropped: streams dropped for lack of room.
    """

    limit: int
    staleness: float
    dropped: int = 0
    _streams: OrderedDict[Hashable, _Target] = field(factory=OrderedDict, init=False)
    _targets: dict[tuple[EntityId, str], _Target] = field(factory=dict, init=False)

    def __len__(self) -> int:
        """Number of streams kept."""
        return len(self._streams)

    def add(self, entity: EntityId, key: Hashable, reading: Reading, now: float, make: Callable[[], Stream]) -> None:
        """Add a reading to its stream.

        Args:
            entity: whose attribute the stream tells.
            key: of the stream, among all.
            reading: what was read.
            now: seconds since the epoch.
            make: makes the stream when there is none.
        """
        target = self._streams.get(key)
        if target is None:
            target = self._open(entity, key, make())
        stream = target.streams[key]
        stream.seen = now
        self._streams.move_to_end(key)
        target.news = stream.add(reading) or target.news

    def flush(self, now: float) -> Iterator[tuple[Series, float]]:
        """The values of attributes that there is news of since the last flush."""
        self._expire(now)
        for target in self._targets.values():
            if target.news:
                target.news = False
                value = value_of(target.series.attribute, target.streams.values())
                if value is not None:
                    yield target.series, value

    def _open(self, entity: EntityId, key: Hashable, stream: Stream) -> _Target:
        if len(self._streams) >= self.limit:
            self._close(next(iter(self._streams)))
            self.dropped += 1
        attribute = stream.rule.attribute
        target = self._targets.get((entity, attribute))
        if target is None:
            target = self._targets[entity, attribute] = _Target(Series(entity, attribute))
        target.streams[key] = stream
        self._streams[key] = target
        return target

    def _expire(self, now: float) -> None:
        while self._streams:
            key, target = next(iter(self._streams.items()))
            if now - target.streams[key].seen <= self.staleness:
                return
            self._close(key)

    def _close(self, key: Hashable) -> None:
        target = self._streams.pop(key)
        del target.streams[key]
        if not target.streams:
            del self._targets[target.series.entity, target.series.attribute]
