"""The samples of one attribute: one row a series, newest sample in the last column, cheap to look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from causely_core.model import AttributeWindow, Series

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


class AttributeRing:
    """Right-aligned rows in arrays wider than a window, so that showing the window copies nothing.

    New samples are written behind the window, which then moves right by one column; a row without a new
    sample is shifted along. At the end of the arrays the window moves to the front of new ones.
    """

    def __init__(self, samples: int) -> None:
        """Keep the newest ``samples`` of each row."""
        self.series: list[Series] = []
        self._samples = samples
        self._used = 0
        self._end = samples
        self._times = self._values = np.empty((0, samples))

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.series)

    def add(self, series: Series) -> int:
        """Append an empty row and return its number; :meth:`push` makes the room."""
        self.series.append(series)
        return len(self.series) - 1

    def newest(self) -> Floats:
        """The time of each row's last sample, NaN for an empty row."""
        self._fit()
        return self._times[: len(self), self._end - 1]

    def window(self) -> AttributeWindow:
        """A read-only view, valid until the next :meth:`push`."""
        self._fit()
        seen = np.s_[: len(self), self._end - self._used : self._end]
        times, values = self._times[seen], self._values[seen]
        times.flags.writeable = values.flags.writeable = False
        return AttributeWindow(tuple(self.series), times, values)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Drop the rows where ``kept`` is false and number the others anew, in order."""
        self._fit()
        rows = np.flatnonzero(kept)
        self.series = [self.series[row] for row in rows]
        self._times, self._values = self._times[rows], self._values[rows]

    def push(self, rows: Rows, times: Floats, values: Floats) -> int:
        """Append samples to rows; returns how many were refused for not being newer than their row's last."""
        self._fit()
        order = np.lexsort((times, rows))
        rows, times, values = rows[order], times[order], values[order]
        fresh = ~(times <= self.newest()[rows])
        fresh[1:] &= (rows[1:] != rows[:-1]) | (times[1:] != times[:-1])
        refused = len(rows) - int(fresh.sum())
        if refused:
            rows, times, values = rows[fresh], times[fresh], values[fresh]
        if len(rows):
            self._write(rows, times, values)
        return refused

    def _write(self, rows: Rows, times: Floats, values: Floats) -> None:
        counts = np.bincount(rows, minlength=len(self))
        from_newest = np.cumsum(counts)[rows] - 1 - np.arange(len(rows))
        kept = from_newest < self._samples
        self._advance(np.minimum(counts, self._samples))
        columns = self._end - 1 - from_newest[kept]
        self._times[rows[kept], columns] = times[kept]
        self._values[rows[kept], columns] = values[kept]

    def _advance(self, counts: NDArray[np.intp]) -> None:
        steps = int(counts.max())
        if self._end + steps > self._times.shape[1]:
            self._move(len(self._times), steps)
        lag = steps - counts
        for shift in np.unique(lag[lag > 0]):
            self._shift(np.flatnonzero(lag == shift), int(shift))
        self._end += steps
        self._used = min(self._samples, self._used + steps)

    def _shift(self, rows: Rows, by: int) -> None:
        source, target = (slice(self._end - self._samples + move, self._end + move) for move in (0, by))
        for columns in (self._times, self._values):
            columns[rows, target] = columns[rows, source]

    def _fit(self) -> None:
        if len(self) > len(self._times):
            self._move(max(len(self), len(self._times) * 5 // 4, 16), 0)

    def _move(self, capacity: int, steps: int) -> None:
        """New arrays, so that windows shown before stay as they were."""
        width = self._samples + max(steps, self._samples // 4, 8)
        self._times, self._values = (self._moved(old, capacity, width) for old in (self._times, self._values))
        self._end = self._samples

    def _moved(self, old: Floats, capacity: int, width: int) -> Floats:
        new = np.full((capacity, width), np.nan)
        new[: len(old), : self._samples] = old[:, self._end - self._samples : self._end]
        return new
