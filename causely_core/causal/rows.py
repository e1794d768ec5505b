"""Rows of different lengths in flat columns, which can be replaced one by one."""

from __future__ import annotations

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Column, Places


def spread(first: Places, stop: Places) -> tuple[Places, Places]:
    """All positions of the slices ``first:stop``, one slice after the other, with the number of each one's slice."""
    counts = stop - first
    which = np.repeat(np.arange(len(first)), counts)
    ends = np.cumsum(counts)
    return which, np.arange(len(which)) + (first - ends + counts)[which]


def grown(column: Column, size: int) -> Column:
    """``column`` with room for at least ``size``; what is new is zero. Doubles, so that growing stays cheap."""
    if size <= len(column):
        return column
    larger = np.zeros(max(size, 2 * len(column)), dtype=column.dtype)
    larger[: len(column)] = column
    return larger


@define(eq=False)
class Rows:
    """Row ``i`` is the slice ``first[i]:stop[i]`` of every column.

    A row that is replaced is written anew behind all others. When the dead parts outweigh the living ones, the
    living ones are moved together.

    Attributes:
        columns: of one length, which may be more than what is used.
    """

    columns: list[Column]
    first: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    stop: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    _used: int = field(default=0, init=False)
    _living: int = field(default=0, init=False)

    def reserve(self, rows: int) -> None:
        """Make room for so many rows; new ones are empty."""
        self.first, self.stop = grown(self.first, rows), grown(self.stop, rows)

    def replace(self, rows: Places, owner: Places, *columns: Column) -> None:
        """Give each of ``rows`` the entries of ``columns`` whose ``owner``, in ascending order, it is.

        Args:
            rows: each once, in ascending order; those that own nothing become empty.
            owner: the row of each entry, in ascending order.
            columns: as many as there are.
        """
        self.reserve(int(rows.max(initial=-1)) + 1)
        self.columns[:] = [grown(column, self._used + len(owner)) for column in self.columns]
        self._living += len(owner) - int((self.stop[rows] - self.first[rows]).sum())
        for column, values in zip(self.columns, columns, strict=True):
            column[self._used : self._used + len(owner)] = values
        self.first[rows] = self._used + np.searchsorted(owner, rows, side="left")
        self.stop[rows] = self._used + np.searchsorted(owner, rows, side="right")
        self._used += len(owner)
        if self._used > 2 * self._living + 1024:
            self._compact()

    def of(self, rows: Places) -> tuple[Places, Places]:
        """The positions of all entries of ``rows``, with the place in ``rows`` that each belongs to."""
        return spread(self.first[rows], self.stop[rows])

    def _compact(self) -> None:
        which, positions = spread(self.first, self.stop)
        for column in self.columns:
            column[: len(positions)] = column[positions]
        everyone = np.arange(len(self.first))
        self.first = np.searchsorted(which, everyone, side="left")
        self.stop = np.searchsorted(which, everyone, side="right")
        self._used = len(positions)
