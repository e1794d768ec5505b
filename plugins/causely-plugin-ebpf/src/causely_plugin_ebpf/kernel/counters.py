"""Counters that each processor keeps for itself."""

from __future__ import annotations

import struct

from causely_plugin_ebpf.kernel import bpf


def possible_processors(text: str) -> int:
    """How many processors there may be, of ``/sys/devices/system/cpu/possible``: ``0-3`` are 4."""
    return max(int(part.rpartition("-")[2]) for part in text.strip().split(",")) + 1


def total(map: int, which: int, processors: int) -> int:
    """The sum of a counter over all processors."""
    values = bpf.lookup(map, struct.pack("=I", which), 8 * processors)
    return sum(struct.unpack(f"={processors}Q", values)) if values else 0
