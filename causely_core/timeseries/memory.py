"""A store of bounded size in this process, for a laptop, a demo and tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from causely_core.model import EntityId, ObservationBatch, Series
from causely_core.timeseries.columns import Floats, joined
from causely_core.timeseries.store import StoreStats

_SAMPLE_BYTES = 20  # int32 series number, two float64


class MemoryStore:
    """One ring over the samples of all series; the oldest written are overwritten."""

    def __init__(self, max_bytes: int = 64 * 2**20) -> None:
        """Use at most ``max_bytes`` for samples; series names come on top.

        Raises:
            ValueError: not even one sample fits.
        """
        capacity = max_bytes // _SAMPLE_BYTES
        if capacity < 1:
            raise ValueError(f"max_bytes is {max_bytes}; expected at least {_SAMPLE_BYTES}, one sample")
        self.stats = StoreStats()
        self._numbers: dict[Series, int] = {}
        self._owners = np.full(capacity, -1, dtype=np.int32)
        self._times = np.zeros(capacity)
        self._values = np.zeros(capacity)
        self._next = 0

    async def write(self, batch: ObservationBatch) -> None:
        """Append, overwriting the oldest."""
        capacity = len(self._owners)
        kept = slice(max(0, len(batch) - capacity), None)
        series = batch.series[kept]
        at = (self._next + np.arange(len(series))) % capacity
        lost = int((self._owners[at] >= 0).sum()) + len(batch) - len(series)
        self._owners[at] = [self._numbers.setdefault(one, len(self._numbers)) for one in series]
        self._times[at], self._values[at] = batch.times[kept], batch.values[kept]
        self._next = (self._next + len(series)) % capacity
        self.stats.written += len(batch)
        self.stats.dropped += lost
        if len(self._numbers) > 2 * capacity:
            self._forget_unused()

    async def read(
        self, entities: Collection[EntityId], attributes: Collection[str] | None, start: float, end: float
    ) -> ObservationBatch:
        """See :class:`~causely_core.timeseries.store.TimeSeriesStore`; never unavailable."""
        asked, chosen = set(entities), None if attributes is None else set(attributes)
        wanted = {
            number: series
            for series, number in self._numbers.items()
            if series.entity in asked and (chosen is None or series.attribute in chosen)
        }
        known = np.zeros(len(self._numbers) + 1, dtype=bool)  # the last one is for empty places, number -1
        known[list(wanted)] = True
        at = np.flatnonzero(known[self._owners] & (self._times >= start) & (self._times <= end))
        return joined(self._parts(wanted, at))

    async def aclose(self) -> None:
        """Nothing to release."""

    def _parts(self, wanted: dict[int, Series], at: np.ndarray) -> Iterator[tuple[Series, Floats, Floats]]:
        for number in np.unique(self._owners[at]):
            mine = at[self._owners[at] == number]
            yield wanted[int(number)], self._times[mine], self._values[mine]

    def _forget_unused(self) -> None:
        used, self._owners[:] = np.unique(self._owners, return_inverse=True)
        names = {number: series for series, number in self._numbers.items()}
        empty = int(used[0] == -1)
        self._owners -= empty
        self._numbers = {names[int(number)]: row for row, number in enumerate(used[empty:])}
