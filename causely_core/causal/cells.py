"""Numbering pairs of numbers as they come, many at a time: a hash table in arrays."""

from __future__ import annotations

import numpy as np
from attrs import define, field

from causely_core.causal.arrays import Places
from causely_core.causal.rows import grown

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing's multiplier, 2^64 over the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)."""


@define(eq=False)
class Cells:
    """Numbers for keys, 0, 1, 2 and so on, in the order in which they are asked for; linear probing.

    Attributes:
        keys: by number; longer than what is in use.
        count: numbers given.
    """

    keys: Places = field(factory=lambda: np.zeros(0, dtype=np.int64), init=False)
    count: int = field(default=0, init=False)
    _bits: int = field(default=12, init=False)
    _held: Places = field(factory=lambda: np.zeros(1 << 12, dtype=np.int64), init=False)
    _number: Places = field(factory=lambda: np.zeros(1 << 12, dtype=np.int64), init=False)

    def numbers(self, keys: Places) -> Places:
        """The number of each of ``keys`` (0 or more), of which some may be the same."""
        self._make_room(len(keys))
        slots = self._slots(keys)
        fresh = np.flatnonzero(self._number[slots] == 0)
        if fresh.size:
            self._number[slots[fresh]] = fresh + 1
            fresh = fresh[self._number[slots[fresh]] == fresh + 1]
            self._number[slots[fresh]] = self.count + 1 + np.arange(len(fresh))
            self.keys = grown(self.keys, self.count + len(fresh))
            self.keys[self.count : self.count + len(fresh)] = keys[fresh]
            self.count += len(fresh)
        return self._number[slots] - 1

    def _slots(self, keys: Places) -> Places:
        slots = (keys.astype(np.uint64) * _SPREAD >> np.uint64(64 - self._bits)).astype(np.int64)
        todo = np.arange(len(keys))
        while todo.size:
            at, wanted = slots[todo], keys[todo] + 1
            empty = self._held[at] == 0
            self._held[at[empty]] = wanted[empty]
            todo = todo[self._held[at] != wanted]
            slots[todo] = slots[todo] + 1 & (1 << self._bits) - 1
        return slots

    def _make_room(self, more: int) -> None:
        """Keep the table at most a third full, for few keys to want the same slot."""
        while 3 * (self.count + more) > 1 << self._bits:
            self._bits += 2
        if len(self._held) < 1 << self._bits:
            self._held = np.zeros(1 << self._bits, dtype=np.int64)
            self._number = np.zeros(1 << self._bits, dtype=np.int64)
            known = self.keys[: self.count]
            self._number[self._slots(known)] = np.arange(self.count) + 1
