"""Backlogs: messages published and not processed yet, as far as both sides report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from attrs import define, field

from causely_core.model import EntityId, Series
from causely_core.traffic.recorder import Totals
from causely_core.traffic.rows import Family, Row

_SIGN = {Family.PUBLISHED: 1.0, Family.PROCESSED: -1.0}

_SLACK = 3.0
"""Times the messages of a busy flush by which processing may seem to run ahead: exporters batch, and the
consumer's batch may come first. Cutting off at zero instead would let every such lead pass for a backlog."""

_FADE = 0.99
"""What is left of the busiest flush at each further one."""


@define
class Backlog:
    """Running differences by queue; a queue that only one side reports about has none."""

    _waiting: dict[EntityId, float] = field(factory=dict, init=False)
    _busy: dict[EntityId, float] = field(factory=dict, init=False)
    _heard: dict[EntityId, set[Family]] = field(factory=lambda: defaultdict(set), init=False)

    def flush(self, rows: Sequence[Row], totals: Totals) -> Iterator[tuple[Series, float]]:
        """Add what was published and processed since the last flush; the backlog of each queue."""
        for at, row in enumerate(rows):
            if row.family in _SIGN and totals.count[at]:
                self._heard[row.entity].add(row.family)
                self._add(row.entity, _SIGN[row.family] * float(totals.count[at]))
        for queue, waiting in self._waiting.items():
            self._busy[queue] *= _FADE
            # More processed than published: those were published before we listened, or went to several groups.
            self._waiting[queue] = max(waiting, -_SLACK * self._busy[queue])
            if len(self._heard[queue]) == len(_SIGN):
                yield Series(queue, "backlog"), max(waiting, 0.0)

    def keep(self, entities: Container[EntityId]) -> None:
        """Forget queues that are not among ``entities``."""
        for queue in [queue for queue in self._waiting if queue not in entities]:
            del self._waiting[queue], self._busy[queue], self._heard[queue]

    def _add(self, queue: EntityId, change: float) -> None:
        self._waiting[queue] = self._waiting.get(queue, 0.0) + change
        self._busy[queue] = max(self._busy.get(queue, 0.0), abs(change))
