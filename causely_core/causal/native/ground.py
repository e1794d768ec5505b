"""Walks over the causal graph and what is read off them; ``ground.h`` tells what goes in and comes out."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping

import numpy as np

from causely_core.causal.native.library import LIBRARY, Array, fields, filled, owned, pointer, pointers

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

_SIGNS: dict[str, type] = {"number": np.int32, "via": np.int32, "weight": np.float64, "own": np.bool_}


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
    _fields_ = fields(_SIGNS)


class _Desk(ctypes.Structure):
    _fields_ = fields(("seen", "cell", "passed", "again", "onward", "doubt", "active", "leading"))


class _Told(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_double) for name in ("again", "parts", "likely")),
        *fields(("spreading", "onset", "place")),
    )


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

    def walk(self, walk: Array, node: Array, cost: Array, belief: Array) -> tuple[Array, dict[str, Array]]:
        """Walk from many starts, each with its walk (ascending), node, cost and belief.

        Returns:
            Where each walk's cells begin (and, last, how many there are), and the columns of ``struct cells``.

        Raises:
            MemoryError: when there is not enough for the cells.
        """
        starts = [np.ascontiguousarray(each, np.int64) for each in (walk, node, cost)]
        starts.append(np.ascontiguousarray(belief, np.float64))
        walks = int(walk[-1]) + 1 if len(walk) else 0
        offsets, cells = np.zeros(walks + 1, dtype=np.int64), _Cells()
        failed = LIBRARY.walk(
            ctypes.byref(self._ground),
            ctypes.c_int64(len(walk)),
            *pointers(*starts),
            ctypes.c_int64(walks),
            pointer(offsets),
            ctypes.byref(cells),
        )
        columns = {name: owned(getattr(cells, name), cells.count, kind) for name, kind in COLUMNS.items()}
        if failed:
            raise MemoryError(f"no room for what {walks} walks reach")
        return offsets, columns

    def absences(self, offsets: Array, cells: Mapping[str, Array], far: float, parts: float) -> Array:
        """What the absences that each walk reaches say: a log likelihood for each.

        Args:
            offsets: of the cells of each walk, as :meth:`walk` gave them.
            cells: these, likewise.
            far: weight for each step away.
            parts: parts of one to which terms are rounded.
        """
        largest = _largest(offsets)
        said = np.empty(len(offsets) - 1)
        room = [np.empty(largest, dtype=kind) for kind in (np.int32, np.int32, np.float64, np.bool_)]
        LIBRARY.absences(
            ctypes.byref(self._ground),
            ctypes.c_int64(len(said)),
            pointer(offsets),
            ctypes.byref(filled(_Cells(count=len(cells["node"])), cells)),
            ctypes.c_double(far),
            ctypes.c_double(parts),
            *pointers(*room, said),
        )
        return said

    def signs(
        self,
        offsets: Array,
        cells: Mapping[str, Array],
        place: Array,
        spreading: Array,
        onset: Array,
        constants: Mapping[str, float],
    ) -> tuple[Array, dict[str, Array], Array, Array]:
        """Where each walk leads to active symptoms.

        Args:
            offsets: of the cells of each walk, as :meth:`walk` gave them.
            cells: these, likewise.
            place: of each walk's entity.
            spreading: one an active symptom, factor on what is believed of it.
            onset: likewise, seconds.
            constants: ``again``, ``parts`` and ``likely`` of ``struct told``.

        Returns:
            Where each walk's signs begin (and, last, how many there are), the columns of ``struct signs``, and for each
            walk the earliest onset of what it shows directly and of what it likely shows beyond.
        """
        walks, active, largest = len(offsets) - 1, len(onset), _largest(offsets)
        first, own, caused = np.empty(walks + 1, dtype=np.int64), np.empty(walks), np.empty(walks)
        count = np.count_nonzero(cells["number"])
        columns: dict[str, Array] = {name: np.empty(count, dtype=kind) for name, kind in _SIGNS.items()}
        rules = len(self._kept["probability"])
        desk: dict[str, Array] = {
            "seen": np.zeros((active + 63) // 64, dtype=np.uint64),
            "cell": np.empty(active, dtype=np.int32),
            "passed": np.zeros(rules, dtype=np.int32),
            "again": np.empty(rules),
            "onward": np.zeros(largest, dtype=np.int32),
            "doubt": np.empty(largest),
            "active": np.empty(largest + 1, dtype=np.int32),
            "leading": np.empty(largest, dtype=np.int32),
        }
        given: dict[str, Array] = {
            "spreading": np.ascontiguousarray(spreading, np.float64),
            "onset": np.ascontiguousarray(onset, np.float64),
            "place": np.ascontiguousarray(place, np.int64),
        }
        LIBRARY.signs(
            ctypes.byref(self._ground),
            ctypes.c_int64(walks),
            pointer(offsets),
            ctypes.byref(filled(_Cells(count=len(cells["node"])), cells)),
            ctypes.c_int64(active),
            ctypes.byref(filled(_Told(**constants), given)),
            ctypes.byref(filled(_Desk(), desk)),
            pointer(first),
            ctypes.byref(filled(_Signs(), columns)),
            *pointers(own, caused),
        )
        return first, columns, own, caused


def _largest(offsets: Array) -> int:
    return int(np.diff(offsets).max(initial=0))
