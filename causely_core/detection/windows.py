"""The recent past of every series in memory, bounded, in the columns that detectors read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from causely_core.detection.ring import AttributeRing
from causely_core.model import ObservationBatch

if TYPE_CHECKING:
    from causely_core.model import AttributeWindow, EntityId, Series

_ROW_BITS = 32
_ROW_MASK = (1 << _ROW_BITS) - 1
_Choice = Callable[[AttributeRing], NDArray[np.bool_]]
_LEAST_SHARE = 10  # of a full window: what a series takes besides its samples
_FUTURE = 60.0  # seconds; a clock that far ahead was wrong, and would refuse all that comes after it is set right


class WindowBuffer:
    """The newest samples of as many series as there is room for, all measured over all callers.

    Values of single call edges are for charts and evidence; keeping them here would cost several times the memory.

    Attributes:
        dropped: samples refused: not finite, not newer than the series' last, or of one series too many.
        refused: those of them that were of one series too many.
    """

    def __init__(
        self,
        samples: int = 360,
        max_series: int = 100_000,
        ttl: float = 60.0,
        attributes: Collection[str] | None = None,
        depths: Mapping[str, int] | None = None,
    ) -> None:
        """Keep ``samples`` a series.

        Args:
            samples: the window's width.
            max_series: full windows for which there is room; a shallower one takes as much less, but a tenth of one at
                the least. When all is taken, those silent for ``ttl`` make room, else newcomers are refused.
            ttl: seconds.
            attributes: the only ones kept; none for all.
            depths: the width of the window of single attributes, where that is another one.
        """
        self._depths = depths or {}
        self._attributes = attributes
        self.dropped = self.refused = 0
        self._samples = samples
        self._most_waiting = 4 * max_series
        self._room = max_series * samples
        self._ttl = ttl
        self._slots: dict[Series, int] = {}
        self._rings: list[AttributeRing] = []
        self._names: dict[str, int] = {}
        self._pending: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]] = []
        self._waiting = 0
        self._watched: dict[EntityId, frozenset[str]] | None = None
        self._reclaimed_at = -np.inf

    def __len__(self) -> int:
        """Number of series kept."""
        return len(self._slots)

    def append(self, batch: ObservationBatch, admit: bool = True) -> None:
        """Take in samples; they show in the next :meth:`window`. Unless ``admit``, none of series that are new."""
        batch = self._wanted(batch)
        if not len(batch):
            return
        slots = np.fromiter((self._slots.get(series, -1) for series in batch.series), np.int64, len(batch))
        if admit and (slots < 0).any():
            slots = self._admit(batch, slots)
        good = (slots >= 0) & np.isfinite(batch.values) & np.isfinite(batch.times)
        self.dropped += len(batch) - int(good.sum())
        self.refused += int((slots < 0).sum())
        self._pending.append((slots[good], batch.times[good], batch.values[good]))
        self._waiting += len(batch)
        if self._waiting > self._most_waiting:
            self._settle()

    def window(self, attributes: Iterable[str], now: float) -> Mapping[str, AttributeWindow]:
        """The windows of those ``attributes`` that have samples, read-only, valid until the next call."""
        self._settle()
        wanted = {name: index for name in attributes if (index := self._names.get(name)) is not None}
        self._retain(lambda ring: ~(ring.newest() > now + _FUTURE), wanted.values())
        rings = {name: self._rings[index] for name, index in wanted.items()}
        return {name: ring.window() for name, ring in rings.items() if len(ring)}

    def watched(self) -> Mapping[EntityId, frozenset[str]]:
        """The attributes that each entity has samples of."""
        if self._watched is None:
            names: dict[EntityId, set[str]] = defaultdict(set)
            for series in self._slots:
                names[series.entity].add(series.attribute)
            self._watched = {entity: frozenset(attributes) for entity, attributes in names.items()}
        return self._watched

    def expire(self, before: float) -> int:
        """Forget series whose last sample is older than ``before``; returns how many."""
        self._settle()
        return self._retain(lambda ring: ring.newest() >= before, range(len(self._rings)))

    def _wanted(self, batch: ObservationBatch) -> ObservationBatch:
        chosen = self._attributes
        rows = [
            row
            for row, series in enumerate(batch.series)
            if not series.peer and (chosen is None or series.attribute in chosen)
        ]
        if len(rows) == len(batch):
            return batch
        return ObservationBatch(tuple(batch.series[row] for row in rows), batch.times[rows], batch.values[rows])

    def _admit(self, batch: ObservationBatch, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        newcomers = {batch.series[row] for row in np.flatnonzero(slots < 0)}
        latest = float(np.nanmax(batch.times, initial=-np.inf))
        wanted = sum(self._size(series.attribute) for series in newcomers)
        if wanted > self._room and latest > self._reclaimed_at + 1.0:
            self._reclaimed_at = latest
            self.expire(latest - self._ttl)
        for series in self._free_for(batch.series):
            self._slots[series] = self._slot(series)
            self._watched = None
        return np.fromiter((self._slots.get(series, -1) for series in batch.series), np.int64, len(batch))

    def _free_for(self, wanted: Iterable[Series]) -> Iterator[Series]:
        for series in wanted:
            if series not in self._slots and self._size(series.attribute) <= self._room:
                yield series

    def _slot(self, series: Series) -> int:
        index = self._names.setdefault(series.attribute, len(self._rings))
        if index == len(self._rings):
            self._rings.append(AttributeRing(self._depth(series.attribute)))
        self._room -= self._size(series.attribute)
        return index << _ROW_BITS | self._rings[index].add(series)

    def _depth(self, attribute: str) -> int:
        return self._depths.get(attribute, self._samples)

    def _size(self, attribute: str) -> int:
        return max(self._depth(attribute), self._samples // _LEAST_SHARE)

    def _settle(self) -> None:
        """Move what was appended into the rings, one push an attribute."""
        if not self._pending:
            return
        slots, times, values = (np.concatenate(column) for column in zip(*self._pending, strict=True))
        self._pending, self._waiting = [], 0
        owners, rows = slots >> _ROW_BITS, slots & _ROW_MASK
        for index in np.unique(owners):
            of = owners == index
            self.dropped += self._rings[index].push(rows[of], times[of], values[of])

    def _retain(self, wanted: _Choice, rings: Iterable[int]) -> int:
        """Keep the rows that ``wanted`` chooses of these rings; returns how many went."""
        gone = 0
        for index in rings:
            ring = self._rings[index]
            kept = wanted(ring)
            if not kept.all():
                gone += self._compact(index, ring, kept)
        return gone

    def _compact(self, index: int, ring: AttributeRing, kept: NDArray[np.bool_]) -> int:
        for row in np.flatnonzero(~kept):
            gone = ring.series[row]
            del self._slots[gone]
            self._room += self._size(gone.attribute)
        ring.keep(kept)
        self._slots.update((series, index << _ROW_BITS | row) for row, series in enumerate(ring.series))
        self._watched = None
        return int((~kept).sum())
