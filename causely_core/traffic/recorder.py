"""The recorder: one number pair a request on the hot path, everything else in columns afterwards."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.traffic.buckets import BUCKETS, bucket_of, merged, quantiles

OK, FAILED, UNREACHABLE = 0, 1, 2
"""Flags in the two low bits of a code; the bits above are the slot."""

QUANTILES = (0.5, 0.9, 0.95, 0.99)
COMPACT_AT = 1 << 18
"""Requests after which they are reduced to buckets, so that memory does not depend on the flush interval."""

_WIDTH = 5
_Ints = NDArray[np.int64]


@frozen
class Totals:
    """What was recorded since the last drain, in columns, one element a row.

    Attributes:
        count: requests.
        failed: those that failed, unreachable ones included.
        unreachable: those that got no answer.
        seconds: what all of them took together, unanswered ones included.
        average: seconds, over those with an answer; NaN without any.
        quantiles: seconds, shape (rows, 4) for :data:`QUANTILES`, likewise.
    """

    count: NDArray[np.float64]
    failed: NDArray[np.float64]
    unreachable: NDArray[np.float64]
    seconds: NDArray[np.float64]
    average: NDArray[np.float64]
    quantiles: NDArray[np.float64]


class Recorder:
    """Requests by slot. A slot stands for up to five rows that each request counts towards.

    Attributes:
        codes: ``slot << 2 | flags`` of each request; append here and to ``nanos`` at the same time.
        nanos: duration of each request in nanoseconds.
    """

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.nanos: list[int] = []
        self._weights: list[tuple[int, int]] = []
        self._slots: list[tuple[int, ...]] = []
        self._counts = np.zeros(0)
        self._nanos = np.zeros(0)
        self._parts: list[tuple[_Ints, _Ints]] = []

    def slot(self, *rows: int) -> int:
        """A new slot that counts towards ``rows``; returns its code without flags. Five rows at most."""
        self._slots.append((*rows, *(-1,) * (_WIDTH - len(rows))))
        return (len(self._slots) - 1) << 2

    def record(self, code: int, nanos: int, weight: int = 1) -> None:
        """Count one request: a slot's code with its flags, its duration, and how many it stands for with itself."""
        if weight != 1:
            self._weights.append((len(self.codes), weight))
        self.codes.append(code)
        self.nanos.append(nanos)

    def reset(self) -> None:
        """Forget all slots; codes handed out before must not be used again. Call after :meth:`drain`."""
        self._slots.clear()

    def compact(self) -> None:
        """Reduce what was appended to counts, sums and buckets; cheap when there is little."""
        codes = np.array(self.codes, dtype=np.int64)
        nanos = np.array(self.nanos, dtype=np.float64)
        weights = np.ones(len(codes), np.int64)
        if self._weights:
            places, heavy = np.array(self._weights, dtype=np.int64).T
            weights[places] = heavy
        self.codes.clear()
        self.nanos.clear()
        self._weights.clear()
        size = len(self._slots) << 2
        self._counts = _grown(self._counts, size) + np.bincount(codes, weights, minlength=size)
        self._nanos = _grown(self._nanos, size) + np.bincount(codes, weights * nanos, minlength=size)
        answered = codes & UNREACHABLE == 0
        keys = (codes[answered] >> 2) * BUCKETS + bucket_of(nanos[answered])
        self._parts.append(merged(keys, weights[answered]))

    def drain(self, rows: int) -> Totals:
        """Totals of ``rows`` rows since the last drain."""
        self.compact()
        by_slot, nanos = self._counts.reshape(-1, 4), self._nanos.reshape(-1, 4)
        targets = np.array(self._slots, dtype=np.int64).reshape(-1, _WIDTH)
        count, failed, unreachable, answered, took, busy = (
            _by_row(targets, values, rows)
            for values in (
                by_slot.sum(axis=1),
                by_slot[:, FAILED] + by_slot[:, FAILED | UNREACHABLE],
                by_slot[:, UNREACHABLE] + by_slot[:, FAILED | UNREACHABLE],
                by_slot[:, OK] + by_slot[:, FAILED],
                nanos.sum(axis=1),
                nanos[:, OK] + nanos[:, FAILED],
            )
        )
        keys, counts = _spread(targets, *merged(*map(np.concatenate, zip(*self._parts, strict=True))))
        self._counts, self._nanos, self._parts = np.zeros(0), np.zeros(0), []
        average = np.divide(busy * 1e-9, answered, out=np.full(rows, np.nan), where=answered > 0)
        return Totals(count, failed, unreachable, took * 1e-9, average, quantiles(keys, counts, rows, QUANTILES))


def _grown(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.pad(values, (0, size - len(values)))


def _by_row(targets: _Ints, values: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Sum each slot's value into the rows it counts towards."""
    wanted = targets >= 0
    spread = np.broadcast_to(values[:, None], targets.shape)
    return np.asarray(np.bincount(targets[wanted], spread[wanted], minlength=rows), dtype=np.float64)


def _spread(targets: _Ints, keys: _Ints, counts: _Ints) -> tuple[_Ints, _Ints]:
    """Turn ``slot * BUCKETS + bucket`` into ``row * BUCKETS + bucket`` for every row of the slot."""
    rows = targets[keys // BUCKETS]
    wanted = rows >= 0
    spread = rows * BUCKETS + (keys % BUCKETS)[:, None]
    repeated = np.broadcast_to(counts[:, None], rows.shape)
    return merged(spread[wanted], repeated[wanted])
