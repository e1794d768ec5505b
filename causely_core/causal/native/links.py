"""Parts of an inference, their links and their gains; ``parts.c``, ``links.c`` and ``gains.c`` tell more."""

from __future__ import annotations

import ctypes

import numpy as np

from causely_core.causal.native.library import LIBRARY, Array, fields, filled, pointer, pointers

_LINKS: dict[str, type] = {
    "column": np.int32,
    "way": np.int32,
    "weight": np.float64,
    "own": np.bool_,
    "symptom": np.int32,
}
_PROBLEM: dict[str, type] = {
    "start": np.int64,
    "column": np.int32,
    "way": np.int32,
    "left": np.float64,
    "symptom": np.int32,
    "silence": np.float64,
    "bias": np.float64,
}

LIBRARY.links.restype = ctypes.c_int64
LIBRARY.gains.restype = ctypes.c_double


class _Links(ctypes.Structure):
    _fields_ = fields(("start", *_LINKS))


class _Problem(ctypes.Structure):
    _fields_ = (*((name, ctypes.c_int64) for name in ("candidates", "symptoms", "ways")), *fields(_PROBLEM))


def parts(first: Array, number: Array, active: int) -> Array:
    """For each row the first row of its part; two rows that share a number are in one part.

    Args:
        first: the numbers of row ``i`` are ``number[first[i]:first[i + 1]]``.
        number: below ``active``.
        active: how many numbers there are.
    """
    label, room = np.empty(len(first) - 1, dtype=np.int64), [np.empty(active, dtype=np.int32) for _ in range(2)]
    first, number = np.ascontiguousarray(first, np.int64), np.ascontiguousarray(number, np.int32)
    LIBRARY.parts(ctypes.c_int64(len(label)), *pointers(first, number), ctypes.c_int64(active), *pointers(*room, label))
    return label


def links(rows: Array, first: Array, signs: dict[str, Array], active: int) -> tuple[Array, dict[str, Array]]:
    """The numbers that candidates ``rows`` lead to, ascending, and their links to them in ``struct links``' columns.

    Args:
        rows: ascending.
        first: of the signs of each candidate.
        signs: columns ``number``, ``via``, ``weight`` and ``own``.
        active: how many numbers there are.
    """
    rows = np.ascontiguousarray(rows, np.int64)
    count = int((first[rows + 1] - first[rows]).sum())
    found: dict[str, Array] = {name: np.empty(count, dtype=kind) for name, kind in _LINKS.items()}
    found["start"] = np.empty(len(rows) + 1, dtype=np.int64)
    buckets = 1 << max(count >> 2, 1).bit_length()
    column, newest = np.empty(active, dtype=np.int32), np.zeros(buckets, dtype=np.int32)
    older, before = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    ways = LIBRARY.links(
        ctypes.c_int64(len(rows)),
        *pointers(rows, first, signs["number"], signs["via"], signs["weight"], signs["own"]),
        ctypes.c_int64(active),
        pointer(column),
        ctypes.c_int64(buckets),
        *pointers(newest, older, before),
        ctypes.byref(filled(_Links(), found)),
    )
    return np.flatnonzero(column >= 0), found | {"symptom": found["symptom"][:ways].copy()}


class Gains:
    """By how much the score of a set of causes grows with each candidate, for a problem's columns by name."""

    def __init__(self, columns: dict[str, Array]) -> None:
        self._kept: dict[str, Array] = {
            name: np.ascontiguousarray(columns[name], kind) for name, kind in _PROBLEM.items()
        }
        sizes = [len(self._kept[name]) for name in ("bias", "silence", "symptom")]
        self._problem, self._count = filled(_Problem(*sizes), self._kept), sizes[0]
        self._room = [np.empty(size) for size in (sizes[1], sizes[1], sizes[2])]
        self._given = ctypes.byref(self._problem), pointers(*self._room)

    def beyond(self, used: Array) -> tuple[float, Array]:
        """The evidence where each way has the weight ``used`` already, and the gains beyond."""
        gains, used = np.empty(self._count), np.ascontiguousarray(used, np.float64)
        problem, room = self._given
        evidence: float = LIBRARY.gains(problem, pointer(used), *room, pointer(gains))
        return evidence, gains
