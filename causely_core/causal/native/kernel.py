"""What ``walk.c`` is given and gives back, as arrays. The build makes ``walk.so`` of it beside this file."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

try:
    _LIBRARY = np.ctypeslib.load_library("walk", __file__)
except OSError as error:
    raise ImportError(f"walk.so is not built for this machine, install again (pip install -e .): {error}") from error

_ARRAYS = {
    "first": np.int64,
    "stop": np.int64,
    "head": np.int32,
    "rule": np.int32,
    "rule_cost": np.int64,
    "probability": np.float64,
    "alike": np.bool_,
    "number": np.int64,
    "watched": np.bool_,
    "miss": np.float64,
    "leak": np.float64,
    "factor": np.float64,
    "dearer": np.int64,
    "owner": np.int64,
    "order": np.int64,
    "base": np.int64,
}
_WHOLE = ("limit", "strength", "ease", "dimness", "through_absent")
_REAL = ("sure", "dimmest")
_WHOLE_COLUMNS = ("node", "cost", "via", "arrow", "depth")
COLUMNS = (*_WHOLE_COLUMNS, "belief")
"""Names of the columns of ``struct cells``."""
_POINTER = ctypes.POINTER(ctypes.c_int64)


class _Ground(ctypes.Structure):
    _fields_ = (
        ("nodes", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in _ARRAYS),
        *((name, ctypes.c_int64) for name in _WHOLE),
        *((name, ctypes.c_double) for name in _REAL),
        ("forward", ctypes.c_int32),
    )


class _Cells(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int64),
        ("room", ctypes.c_int64),
        *((name, _POINTER) for name in _WHOLE_COLUMNS),
        ("belief", ctypes.POINTER(ctypes.c_double)),
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
        for name, array in self._kept.items():
            setattr(self._ground, name, array.ctypes.data)
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
        try:
            if _LIBRARY.walk(
                ctypes.byref(self._ground),
                ctypes.c_int64(len(walk)),
                *map(_pointer, starts),
                ctypes.c_int64(walks),
                _pointer(offsets),
                ctypes.byref(cells),
            ):
                raise MemoryError(f"no room for what {walks} walks reach")
            return offsets, {name: _copied(getattr(cells, name), cells.count) for name in COLUMNS}
        finally:
            _LIBRARY.release(ctypes.byref(cells))

    def absences(self, share: Array, offsets: Array, cells: Mapping[str, Array], far: float, parts: float) -> Array:
        """What the absences that each walk reaches say: a log likelihood for each.

        Args:
            share: one an arrow: weight of its absence.
            offsets: of the cells of each walk, as :meth:`walk` gave them.
            cells: these, likewise.
            far: weight for each step away.
            parts: parts of one to which terms are rounded.
        """
        count = len(cells["node"])
        below, followed, said = np.zeros(count), np.zeros(count, dtype=np.bool_), np.zeros(len(offsets) - 1)
        given = _Cells(count=count, room=count)
        for name in _WHOLE_COLUMNS:
            setattr(given, name, cells[name].ctypes.data_as(_POINTER))
        given.belief = cells["belief"].ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        _LIBRARY.absences(
            ctypes.byref(self._ground),
            _pointer(share),
            ctypes.c_int64(len(said)),
            _pointer(offsets),
            ctypes.byref(given),
            ctypes.c_double(far),
            ctypes.c_double(parts),
            *map(_pointer, (below, followed, said)),
        )
        return said


def _pointer(array: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _copied(pointer: Any, count: int) -> Array:
    return np.ctypeslib.as_array(pointer, (count,)).copy() if count else np.zeros(0, dtype=pointer._type_)
