"""Reading a BPF ring buffer of records of one size as an array, without a call for each.

The layout is the kernel's (kernel/bpf/ringbuf.c, Documentation/bpf/ringbuf.rst): a page with the consumer's position,
one with the producer's, and the data twice in a row, so that nothing wraps. Each record has eight bytes before it, of
which the first four are its length, with two bits for what is not ready yet and for what was given up.
"""

from __future__ import annotations

import mmap
import struct

import numpy as np
from numpy.typing import NDArray

_PAGE = mmap.PAGESIZE
_BUSY = 1 << 31
_HEADER = np.dtype([("ring_length", "<u4"), ("ring_page", "<u4")])


class Ring:
    """One ring buffer.

    Attributes:
        dtype: of its records, with the ring's own eight bytes before them.
        blocked: whether the last :meth:`read` ended at a record that was still being written.
    """

    def __init__(self, map: int, size: int, record: np.dtype[np.void]) -> None:
        """Map the ring.

        Args:
            map: its descriptor.
            size: its bytes.
            record: all its records are of this type, whose size is a multiple of eight.

        Raises:
            OSError: it cannot be mapped.
        """
        fields = [(name, record.fields[name][0]) for name in record.names or ()] if record.fields else []
        self.dtype = np.dtype([*_HEADER.descr, *fields])
        self.blocked = False
        self._size = size
        self._consumer = mmap.mmap(map, _PAGE, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self._producer = mmap.mmap(map, _PAGE + 2 * size, mmap.MAP_SHARED, mmap.PROT_READ, offset=_PAGE)
        self._position = struct.unpack_from("=Q", self._consumer)[0]

    @property
    def room(self) -> int:
        """How many records can wait to be read."""
        return self._size // self.dtype.itemsize

    @property
    def waiting(self) -> int:
        """Records that wait to be read, with those that are being written."""
        (produced,) = struct.unpack_from("=Q", self._producer)
        return int(produced - self._position) // self.dtype.itemsize

    def read(self, most: int) -> NDArray[np.void]:
        """The next records, ``most`` at the most, copied; their room is free again."""
        stride = self.dtype.itemsize
        waiting = min(self.waiting, most)
        if waiting <= 0:
            self.blocked = False
            return np.empty(0, self.dtype)
        found = np.frombuffer(self._producer, self.dtype, waiting, _PAGE + self._position % self._size)
        busy = np.flatnonzero(found["ring_length"] & _BUSY)
        self.blocked = len(busy) > 0
        found = found[: busy[0]].copy() if self.blocked else found.copy()
        self._position += len(found) * stride
        struct.pack_into("=Q", self._consumer, 0, self._position)
        return found

    def close(self) -> None:
        """Unmap it."""
        self._consumer.close()
        self._producer.close()
