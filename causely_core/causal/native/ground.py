"""Walks over the causal graph and what is read off them; ``ground.h`` tells what goes in and comes out."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from attrs import frozen

from causely_core.causal.native.library import LIBRARY, Array, fields, filled, owned, pointers

_ARRAYS = {
    "first": np.int64,
    "stop": np.int64,
    "head": np.int32,
    "rule": np.int32,
    "share": np.float64,
    "rule_cost": np.int64,
    "probability": np.float64,
    "alike": np.bool_,
    "number": np.int32,
    "watched": np.bool_,
    "miss": np.float64,
    "leak": np.float64,
    "begin": np.int64,
    "factor": np.float64,
    "dearer": np.int64,
    "owner": np.int64,
    "order": np.int64,
    "base": np.int64,
}
_WHOLE = ("limit", "strength", "ease", "dimness", "through_absent")
_REAL = ("sure", "dimmest")
COLUMNS: dict[str, type] = {
    "node": np.int32,
    "number": np.int32,
    "via": np.int32,
    "rule": np.int32,
    "depth": np.int32,
    "cost": np.int64,
    "belief": np.float64,
    "miss": np.float64,
    "share": np.float64,
}
"""Names of the columns of ``struct cells``, and what is in them."""

SIGNS: dict[str, type] = {"number": np.int32, "via": np.int32, "weight": np.float64, "own": np.bool_}
"""Likewise, of ``struct signs``."""


_LEAST_STARTS = 4_000
"""Starts for which a thread is worth it: some milliseconds."""

_MOST_THREADS = 4
"""More gain nothing: the rest of a diagnosis is done by one. Where there are fewer processors they lose little."""


class _Ground(ctypes.Structure):
    _fields_ = (
        ("nodes", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        *fields(_ARRAYS),
        *((name, ctypes.c_int64) for name in _WHOLE),
        *((name, ctypes.c_double) for name in _REAL),
        ("forward", ctypes.c_int32),
    )


class _Cells(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int64), ("room", ctypes.c_int64), *fields(COLUMNS))


class _Signs(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int64), ("room", ctypes.c_int64), *fields(SIGNS))


class _Scale(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_double) for name in ("far", "parts", "again", "likely")),
        *fields(("spreading", "onset")),
    )


@frozen(eq=False)
class Said:
    """What the walks of some candidates say.

    Attributes:
        ends: of each, where its signs end.
        signs: columns of ``struct signs``.
        absent: of each, the log likelihood of the absences that it reaches.
        own, caused: of each, the earliest onset of what it shows directly and of what it likely shows beyond, seconds.
    """

    ends: Array
    signs: dict[str, Array]
    absent: Array
    own: Array
    caused: Array

    @classmethod
    def joined(cls, pieces: Sequence[Said]) -> Said:
        """All of ``pieces``, one after the other."""
        before = np.cumsum([0, *(len(each.signs["number"]) for each in pieces)])
        ends = np.concatenate([each.ends + count for each, count in zip(pieces, before, strict=False)])
        signs = {name: np.concatenate([each.signs[name] for each in pieces]) for name in SIGNS}
        rest = ([getattr(each, name) for each in pieces] for name in ("absent", "own", "caused"))
        return cls(ends, signs, *map(np.concatenate, rest))


class Ground:
    """What is walked over: the causal graph with what is seen of it.

    Args:
        arrays: by the names of ``struct ground``.
        constants: its numbers, by name.
        forward: whether arrows are walked from cause to effect.
    """

    def __init__(self, arrays: Mapping[str, Array], constants: Mapping[str, float], forward: bool) -> None:
        self._kept: dict[str, Array] = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in _ARRAYS.items()
        }
        nodes = len(self._kept["number"])
        self._ground = _Ground(nodes=nodes, rows=min(len(self._kept["first"]), nodes), forward=forward)
        filled(self._ground, self._kept)
        for name in (*_WHOLE, *_REAL):
            setattr(self._ground, name, constants[name])

    def walk(self, first: Array, node: Array, cost: Array, belief: Array) -> tuple[Array, dict[str, Array]]:
        """Walk from many starts, each with its node, cost and belief; walk ``i`` has ``first[i]:first[i + 1]``.

        Returns:
            Where each walk's cells begin (and, last, how many there are), and the columns of ``struct cells``.

        Raises:
            MemoryError: when there is not enough for the cells.
        """
        starts = _starts(first, node, cost, belief)
        offsets, cells = np.empty(len(first), dtype=np.int64), _Cells()
        failed = LIBRARY.walk(
            ctypes.byref(self._ground),
            ctypes.c_int64(len(first) - 1),
            *pointers(*starts, offsets),
            ctypes.byref(cells),
        )
        columns = {name: owned(getattr(cells, name), cells.count, kind) for name, kind in COLUMNS.items()}
        if failed:
            raise MemoryError(f"no room for what {len(first) - 1} walks reach")
        return offsets, columns

    def weigh(
        self, starts: Sequence[Array], place: Array, scale: Mapping[str, float], active: Mapping[str, Array]
    ) -> Said:
        """Walk from many candidates and keep what the walks say.

        Args:
            starts: ``first``, ``node``, ``cost`` and ``belief``, as for :meth:`walk`.
            place: of each candidate's entity.
            scale: the numbers of ``struct scale``, by name.
            active: its arrays, by name, of the active symptoms.

        Raises:
            MemoryError: when there is not enough for the signs.
        """
        columns, place = _starts(*starts), np.ascontiguousarray(place, np.int64)
        given: dict[str, Array] = {name: np.ascontiguousarray(each, np.float64) for name, each in active.items()}
        of = filled(_Scale(**scale), given)

        def weighed(rows: slice) -> Said:
            return self._weighed([columns[0][rows.start : rows.stop + 1], *columns[1:]], place[rows], of, given)

        pieces = _pieces(columns[0])
        if len(pieces) == 1:
            return weighed(pieces[0])
        with ThreadPoolExecutor(len(pieces)) as pool:
            return Said.joined(list(pool.map(weighed, pieces)))

    def _weighed(self, starts: Sequence[Array], place: Array, scale: _Scale, active: Mapping[str, Array]) -> Said:
        count, found = len(place), _Signs()
        ends, (absent, own, caused) = np.empty(count, dtype=np.int64), np.empty((3, count))
        failed = LIBRARY.weigh(
            ctypes.byref(self._ground),
            ctypes.byref(scale),
            ctypes.c_int64(len(active["onset"])),
            ctypes.c_int64(len(self._kept["probability"])),
            ctypes.c_int64(count),
            *pointers(place, *starts, ends),
            ctypes.byref(found),
            *pointers(absent, own, caused),
        )
        signs = {name: owned(getattr(found, name), found.count, kind) for name, kind in SIGNS.items()}
        if failed:
            raise MemoryError(f"no room for what {count} causes lead to")
        return Said(ends, signs, absent, own, caused)


def _pieces(first: Array) -> list[slice]:
    """Candidates for each of the threads that are worth it, about as many starts in each."""
    starts = int(first[-1])
    threads = max(min(_MOST_THREADS, starts // _LEAST_STARTS), 1)
    ends = np.searchsorted(first, np.arange(1, threads) * starts / threads).tolist()
    return [slice(begin, end) for begin, end in pairwise([0, *ends, len(first) - 1])]


def _starts(first: Array, node: Array, cost: Array, belief: Array) -> list[Array]:
    whole = [np.ascontiguousarray(each, np.int64) for each in (first, node, cost)]
    return [*whole, np.ascontiguousarray(belief, np.float64)]
