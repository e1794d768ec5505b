"""Hash tables of programs as numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.loaded import Loaded


@frozen(eq=False)
class Table:
    """One hash table.

    Attributes:
        keys: type of its keys.
        values: type of its values.
    """

    keys: np.dtype[Any]
    values: np.dtype[Any]
    _map: int
    _size: int

    @classmethod
    def of(cls, loaded: Loaded, name: str, keys: np.dtype[Any], values: np.dtype[Any]) -> Table:
        """A table of a loaded object, by the types that the program has.

        Raises:
            ValueError: they have other sizes in the program.
        """
        shape = loaded.shape(name)
        if (shape.key, shape.value) != (keys.itemsize, values.itemsize):
            raise ValueError(f"table {name}: expected {shape.key} and {shape.value} bytes, found {keys} and {values}")
        return cls(keys, values, loaded.descriptor(name), shape.entries)

    def read(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """All keys and their values.

        Raises:
            KernelError: the kernel refuses.
        """
        return self._read(take=False)

    def take(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Likewise, and the table is empty then."""
        return self._read(take=True)

    def _read(self, take: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        keys, values = np.empty(self._size, self.keys), np.empty(self._size, self.values)
        found = bpf.entries(self._map, keys.ctypes.data, values.ctypes.data, self._size, take)
        return keys[:found].copy(), values[:found].copy()
