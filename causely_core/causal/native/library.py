"""The shared library that the build makes of the C files beside this file, and how arrays get into it."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
S = TypeVar("S", bound=ctypes.Structure)

try:
    LIBRARY = np.ctypeslib.load_library("native", __file__)
except OSError as error:
    raise ImportError(f"native.so is not built for this machine, install again (pip install -e .): {error}") from error


def pointer(array: Array) -> ctypes.c_void_p:
    """Where a contiguous array begins; it must outlive the call."""
    return ctypes.c_void_p(array.ctypes.data)


def pointers(*arrays: Array) -> tuple[ctypes.c_void_p, ...]:
    """Where each begins."""
    return tuple(map(pointer, arrays))


def fields(names: Iterable[str]) -> tuple[tuple[str, type], ...]:
    """A structure's fields that point at arrays."""
    return tuple((name, ctypes.c_void_p) for name in names)


def filled(structure: S, arrays: Mapping[str, Array]) -> S:
    """``structure`` with its fields pointing at the arrays of their names, which must outlive it."""
    for name, array in arrays.items():
        setattr(structure, name, array.ctypes.data)
    return structure


def owned(address: int | None, count: int, kind: type) -> Array:
    """The array of ``count`` at ``address``, which is given back when nothing refers to the array any more."""
    if not address:
        return np.zeros(0, dtype=kind)
    memory = (ctypes.c_char * (count * np.dtype(kind).itemsize)).from_address(address)
    weakref.finalize(memory, LIBRARY.release, ctypes.c_void_p(address)).atexit = False
    return np.frombuffer(memoryview(memory), dtype=np.dtype(kind))
