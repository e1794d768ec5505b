"""Parts of an inference and their links; ``parts.c`` and ``links.c`` tell more."""

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

LIBRARY.links.restype = ctypes.c_int64


class _Links(ctypes.Structure):
    _fields_ = fields(("start", *_LINKS))


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
