"""The probe: ``kernel/connections.c`` at work, with what it finds and what it is told."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import numpy as np
from attrs import define
from numpy.typing import NDArray

from causely_core.host import HostRoot, read
from causely_plugin_ebpf import records
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.connection import WHOLE, Connection
from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.cache import object_of
from causely_plugin_ebpf.kernel.counters import possible_processors, total
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.ring import Ring

SOURCE = Path(__file__).parent / "kernel" / "connections.c"

_MOST_EVENTS, _MOST_SEGMENTS = 8192, 2048
"""Records taken at once; others of the process have their turn in between."""

_PREPARES = {"postgresql": 1, "mysql": 2}
"""Protocols with statements that are prepared once and executed by name, by the program's numbers for them."""


@define(eq=False)
class Probe:
    """Runs in the kernel until :meth:`close`.

    Attributes:
        missing: tracepoints that are not watched, each with the reason.
    """

    missing: list[str]
    _loaded: Loaded
    _events: Ring
    _segments: Ring
    _processors: int

    @classmethod
    def load(cls, config: EbpfConfig, folder: Path, root: HostRoot) -> Probe:
        """Compile what was not compiled before, and load it.

        Args:
            config: sizes of tables and rings.
            folder: where compiled programs are kept.
            root: the machine.

        Raises:
            CannotCompile: bcc, headers or rights are missing.
            KernelError: the kernel refuses.
            OSError: a ring cannot be mapped.
        """
        sizes = {
            "conns": config.max_connections,
            "events": config.event_bytes,
            "segments": config.segment_bytes,
        }
        loaded = Loaded.load(object_of(SOURCE, folder, Path(root.path)).resized(sizes))
        processors = possible_processors(read(f"{root.sys}/devices/system/cpu/possible").decode())
        events, segments = _ring(loaded, "events", records.EVENT), _ring(loaded, "segments", records.SEGMENT)
        return cls(loaded.missing, loaded, events, segments, processors)

    def take(self) -> tuple[NDArray[np.void], NDArray[np.void], int, bool]:
        """Events and segments that were found, until when (nanoseconds) the segments are all, and if there is more."""
        # Segments first: whatever they belong to was opened before, so its event is there by then. But what is opened,
        # used and closed after they were read is told by its events only: it ends with the next segments.
        begun = time.monotonic_ns()
        segments = self._segments.read(_MOST_SEGMENTS)
        events = self._events.read(_MOST_EVENTS)
        full = len(segments) == _MOST_SEGMENTS
        until = segments["at"].max(initial=0) if full or self._segments.blocked else begun
        return events, segments, int(until), full or len(events) == _MOST_EVENTS

    def follow(self, connection: Connection) -> None:
        """Tell of a connection that was there before."""
        self._put(connection, muted=False)

    def recognised(self, connection: Connection) -> None:
        """Tell of a connection as its protocol, which is known now, demands."""
        if connection.protocol in WHOLE or connection.protocol in _PREPARES:
            self._change(connection, muted=False)

    def mute(self, connection: Connection) -> None:
        """Tell nothing more of a connection."""
        self._change(connection, muted=True)

    def tell(self, threshold: int) -> None:
        """Tell of as many of 2^32 requests; of all for 0."""
        bpf.update(self._loaded.descriptor("told"), bytes(4), struct.pack("=I", threshold))

    def counted(self, which: int) -> int:
        """One of the counters in :mod:`causely_plugin_ebpf.records`, since the start."""
        return total(self._loaded.descriptor("counters"), which, self._processors)

    def close(self) -> None:
        """Take everything out of the kernel."""
        self._events.close()
        self._segments.close()
        self._loaded.close()

    def _change(self, connection: Connection, muted: bool) -> None:
        """Change what is kept of a connection, unless another one has its place by now."""
        key = records.PLACE.pack(connection.pid, connection.fd)
        kept = bpf.lookup(self._loaded.descriptor("conns"), key, records.CONN.size)
        if kept:
            id, sent, received, *_ = records.CONN.unpack(kept)
            if id == connection.id:
                self._put(connection, muted, sent, received)

    def _put(self, connection: Connection, muted: bool, sent: int = 0, received: int = 0) -> None:
        key = records.PLACE.pack(connection.pid, connection.fd)
        whole, prepares = connection.protocol in WHOLE, _PREPARES.get(connection.protocol, 0)
        value = records.CONN.pack(connection.id, sent, received, connection.role, muted, whole, 0, 0, 0, prepares)
        bpf.update(self._loaded.descriptor("conns"), key, value)


def _ring(loaded: Loaded, name: str, record: np.dtype[np.void]) -> Ring:
    return Ring(loaded.descriptor(name), loaded.shape(name).entries, record)
