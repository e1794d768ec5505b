"""Rows: whom and what a request counts towards, and the observations that come of it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from enum import Enum, auto

from attrs import define, field

from causely_core.model import EntityId, Relation, Series
from causely_core.traffic.recorder import Totals

DURATIONS = (
    "request_duration.avg",
    "request_duration.p50",
    "request_duration.p90",
    "request_duration.p95",
    "request_duration.p99",
)


class Family(Enum):
    """What a row's totals mean, hence which attributes it shows."""

    SERVED = auto()
    """Requests as the server saw them."""
    CALLED = auto()
    """Requests as callers saw them, reachability included."""
    REACHED = auto()
    """Like CALLED, but only the reachability once the callee reports its own requests."""
    ASKED = auto()
    """Requests of one service to one other, as it saw them itself: those of a Dependency."""
    READ = auto()
    WRITE = auto()
    PROCESSING = auto()
    PUBLISHED = auto()
    PROCESSED = auto()
    AGE = auto()
    WAITED = auto()
    """Calls of any kind that a service waited for, as it saw them itself; they also show in what is left to it."""
    LOOKED_UP = auto()
    """Names that a service asked the DNS for."""
    SEEN = auto()
    """Nothing to show; it keeps an entity or relation alive."""


_P95 = {
    Family.READ: "read_duration.p95",
    Family.WRITE: "write_duration.p95",
    Family.PROCESSING: "process_duration.p95",
    Family.AGE: "message_age.p95",
}
_RATE = {Family.PUBLISHED: "publish_rate", Family.PROCESSED: "process_rate"}
_REACHING = (Family.CALLED, Family.REACHED)
_P95_COLUMN = 2


@define
class Row:
    """One line of totals.

    Attributes:
        entity: whose it is.
        family: what it means.
        relations: what is known to hold while requests arrive.
    """

    entity: EntityId
    family: Family
    relations: tuple[Relation, ...] = ()
    _series: dict[str, Series] = field(factory=dict, init=False)

    def about(self) -> Iterator[EntityId]:
        """Its entity, and the ends of its relations."""
        yield self.entity
        for relation in self.relations:
            yield relation.source
            yield relation.target

    def series(self, attribute: str) -> Series:
        """The identity of one of its values."""
        found = self._series.get(attribute)
        if found is None:
            found = self._series[attribute] = Series(self.entity, attribute)
        return found

    def values(
        self, at: int, totals: Totals, interval: float, served: Container[EntityId]
    ) -> Iterator[tuple[Series, float]]:
        """The values to show of the totals' element ``at`` for ``interval`` seconds.

        Args:
            at: index of this row in ``totals``.
            totals: of all rows.
            interval: seconds that the totals are of.
            served: entities that report their own requests.
        """
        count = float(totals.count[at])
        if self.family in _P95:
            if count > 0:
                yield self.series(_P95[self.family]), float(totals.quantiles[at, _P95_COLUMN])
        elif self.family in _RATE:
            yield self.series(_RATE[self.family]), count / interval
        elif self.family is Family.WAITED:
            yield from self._sent(at, totals, interval)
        elif self.family is Family.LOOKED_UP:
            yield from self._looked_up(at, totals, interval)
        elif self.family is not Family.SEEN:
            if count > 0 and self.family in _REACHING:
                yield self.series("unreachable_rate"), float(totals.unreachable[at]) / count
                yield self.series("call_count"), count
            if self.family is not Family.REACHED or self.entity not in served:
                yield from self._requests(at, totals, interval)

    def _sent(self, at: int, totals: Totals, interval: float) -> Iterator[tuple[Series, float]]:
        count, slow = float(totals.count[at]), float(totals.quantiles[at, _P95_COLUMN])
        yield self.series("client_request_rate"), count / interval
        yield self.series("client_request_count"), count
        if count > 0:
            yield self.series("client_error_rate"), float(totals.failed[at]) / count
        if slow == slow:  # NaN: none was answered
            yield self.series("client_request_duration.p95"), slow

    def _looked_up(self, at: int, totals: Totals, interval: float) -> Iterator[tuple[Series, float]]:
        count, slow = float(totals.count[at]), float(totals.quantiles[at, _P95_COLUMN])
        yield self.series("dns_query_rate"), count / interval
        yield self.series("dns_query_count"), count
        if count > 0:
            yield self.series("dns_error_rate"), float(totals.failed[at]) / count
        if slow == slow:  # NaN: none was answered
            yield self.series("dns_duration.p95"), slow

    def _requests(self, at: int, totals: Totals, interval: float) -> Iterator[tuple[Series, float]]:
        count = float(totals.count[at])
        yield self.series("request_rate"), count / interval
        yield self.series("request_count"), count
        if count < 1:
            return
        yield self.series("error_rate"), float(totals.failed[at]) / count
        average = float(totals.average[at])
        if average == average:  # NaN: none was answered
            yield from zip(map(self.series, DURATIONS), (average, *totals.quantiles[at].tolist()), strict=True)


@define
class Rows:
    """All rows, and the entities that report their own requests."""

    all: list[Row] = field(factory=list)
    served: set[EntityId] = field(factory=set)
    _index: dict[tuple[EntityId, Family, tuple[Relation, ...]], int] = field(factory=dict)

    def row(self, entity: EntityId, family: Family, *relations: Relation) -> int:
        """The index of the row, which is made if there is none."""
        key = (entity, family, relations)
        index = self._index.get(key)
        if index is None:
            index = self._index[key] = len(self.all)
            self.all.append(Row(entity, family, relations))
            if family is Family.SERVED:
                self.served.add(entity)
        return index

    def keep(self, entities: Container[EntityId]) -> None:
        """Drop rows that are about anything which is not among ``entities``; indexes change."""
        kept = [row for row in self.all if all(entity in entities for entity in row.about())]
        self.all = kept
        self._index = {(row.entity, row.family, row.relations): index for index, row in enumerate(kept)}
        self.served = {row.entity for row in kept if row.family is Family.SERVED}
