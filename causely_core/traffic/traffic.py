"""All of it together: who talks to whom, counted, and what is shown of it at each flush."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from causely_core.model import Series
from causely_core.traffic.backlog import Backlog
from causely_core.traffic.ledger import Ledger
from causely_core.traffic.live_topology import LiveTopology
from causely_core.traffic.own import own
from causely_core.traffic.recorder import COMPACT_AT, Recorder
from causely_core.traffic.rows import Rows


@define
class Traffic:
    """Requests of all services that one collector sees.

    Attributes:
        topology: where entities are created, and kept alive while requests arrive.
        max_operations: operations of one service or database; further ones count as ``{other}``.
        recorder: takes each request: a code of the ledger with flags, and nanoseconds.
        ledger: gives the codes.
    """

    topology: LiveTopology
    max_operations: int
    recorder: Recorder = field(factory=Recorder, init=False)
    _rows: Rows = field(factory=Rows, init=False)
    ledger: Ledger = field(init=False)
    _backlog: Backlog = field(factory=Backlog, init=False)

    @ledger.default
    def _open(self) -> Ledger:
        return Ledger(self.topology, self.recorder, self._rows, self.max_operations)

    def compact(self) -> None:
        """Reduce what was recorded, if that is much; call once in a while."""
        if len(self.recorder.codes) > COMPACT_AT:
            self.recorder.compact()

    def flush(self, now: float, interval: float) -> Iterator[tuple[Series, float]]:
        """The values of the last ``interval`` seconds; everything with requests counts as seen at ``now``."""
        rows, totals = self._rows.all, self.recorder.drain(len(self._rows.all))
        for at, row in enumerate(rows):
            if totals.count[at]:
                self.topology.touch(row.entity, now)
                self.topology.relate(row.relations, now)
            yield from row.values(at, totals, interval, self._rows.served)
        yield from own(rows, totals)
        yield from self._backlog.flush(rows, totals)

    def forget(self) -> None:
        """Drop what belongs to entities that are not in the topology any more; call right after a flush.

        Codes that were handed out before must not be used again.
        """
        self._rows.keep(self.topology)
        self._backlog.keep(self.topology)
        self.ledger.reset()
