"""Functions of a Go program, in the table by which its own runtime finds them: stripped programs have it as well.

The layout is the runtime's: ``pcHeader`` and ``functab`` of runtime/symtab.go, ``_func`` of runtime/runtime2.go, and
cmd/link/internal/ld/pcln.go, which writes them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

_HEADER = struct.Struct("<I3xB8Q")
_LAYOUTS = frozenset({0xFFFFFFF0, 0xFFFFFFF1})
"""Of Go 1.18 and 1.20, both as read here."""

_POINTER = 8
_AT_ONCE = 8192
"""Functions whose descriptions are read at once: less than a megabyte."""

_MOST = 1 << 26
"""Bytes that are read at once at most; the names of a program of 100 MB take a tenth of it."""

Read = Callable[[int, int], bytes]
"""So many bytes, from an offset on. Raises ValueError where there are fewer."""


@frozen
class GoTable:
    """The table.

    Attributes:
        text_start: the address from which places are counted, as far as it is told here; 0 from Go 1.26 on.
    """

    text_start: int
    _read: Read
    _functions: int
    _names: tuple[int, int]
    _places: int

    @classmethod
    def parse(cls, read: Read) -> GoTable:
        """From what reads the table's section.

        Raises:
            ValueError: it is not of a layout that is known.
        """
        header = _HEADER.unpack(read(0, _HEADER.size))
        layout, pointer, functions, _, text_start, names, units, _, _, places = header
        if layout not in _LAYOUTS or pointer != _POINTER:
            raise ValueError(
                f"table of Go's functions {layout:#x} with pointers of {pointer} bytes, expected Go 1.18's"
            )
        return cls(text_start, read, functions, (names, units - names), places)

    def find(self, functions: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Begin and end of each function that there is, in bytes from the beginning of Go's code.

        Raises:
            ValueError: the table is broken.
        """
        names = self._whole(*self._names)
        wanted = {name: names.find(b"\0" + name.encode() + b"\0") + 1 for name in functions}
        wanted = {name: at for name, at in wanted.items() if at}
        return self._located(wanted) if wanted else {}

    def _located(self, wanted: Mapping[str, int]) -> dict[str, tuple[int, int]]:
        table = np.frombuffer(self._whole(self._places, 8 * self._functions + 4), "<u4")
        begins, descriptions = table[::2], table[1::2].astype(np.int64)
        found = {}
        for first, names in self._named(descriptions):
            for name, at in wanted.items():
                for place in np.flatnonzero(names == at)[:1] + first:
                    found[name] = int(begins[place]), int(begins[place + 1])
        return found

    def _named(self, descriptions: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.uint32]]]:
        """Where the name of each function is, for some functions after the other."""
        for first in range(0, len(descriptions), _AT_ONCE):
            offsets = descriptions[first : first + _AT_ONCE]
            words = (offsets - offsets[0]) >> 2
            if offsets[0] & 3 or (np.diff(offsets) < 8).any() or (offsets & 3).any():
                raise ValueError("table of Go's functions: they are not in order")
            described = self._whole(self._places + int(offsets[0]), 4 * int(words[-1]) + 8)
            yield first, np.frombuffer(described, "<u4")[words + 1]

    def _whole(self, offset: int, length: int) -> bytes:
        if not 0 < length <= _MOST:
            raise ValueError(f"table of Go's functions: a part of {length} bytes")
        return self._read(offset, length)
