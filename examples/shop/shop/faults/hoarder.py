"""Memory that is never given back, until it is."""

from __future__ import annotations

import ctypes
import gc

from shop.faults.switch import Job

CHUNK_BYTES = 3_000_000
CHUNK_SECONDS = 0.25
LIMIT_BYTES = 600_000_000


class Hoarder(Job):
    """Retains 12 MB a second of touched pages, up to 600 MB."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[bytes] = []

    def work(self) -> None:
        """Keep one more chunk while there is room."""
        if len(self._kept) * CHUNK_BYTES < LIMIT_BYTES:
            self._kept.append(b"x" * CHUNK_BYTES)
        self.pause(CHUNK_SECONDS)

    def remove(self) -> None:
        """Stop, and return the memory to the operating system and not only to the allocator."""
        super().remove()
        self._kept.clear()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
