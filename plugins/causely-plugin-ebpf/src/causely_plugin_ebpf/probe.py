"""The probe: the program in the kernel at work, with what it finds and what it is told."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from causely_core.host import HostRoot, read
from causely_plugin_ebpf import records
from causely_plugin_ebpf.config import EbpfConfig
from causely_plugin_ebpf.connection import WHOLE, Connection
from causely_plugin_ebpf.encryption.sites import Site
from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.cache import object_of
from causely_plugin_ebpf.kernel.counters import possible_processors, total
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.ring import Ring
from causely_plugin_ebpf.kernel.sources import Source, source
from causely_plugin_ebpf.kernel.tables import Table
from causely_plugin_ebpf.kernel.wakes import Wakes
from causely_plugin_ebpf.shedding import resumable

_MOST_EVENTS, _MOST_SEGMENTS = 8192, 2048
"""Records taken at once; others of the process have their turn in between."""

_PARTS = 4
"""A ring calls when such a part of its room is taken, if all processors tell of as much."""

_PREPARES = {"postgresql": 1, "mysql": 2}
"""Protocols with statements that are prepared once and executed by name, by the program's numbers for them."""

_BEGINNINGS = "sys_enter"
"""The program that notes when calls that write begin. Seeing connections by system calls, it is always needed."""

_MOST_CHANGES = (1 << 16) - 1
"""After so many changes of what is told they are counted from 1 again."""

_U32 = struct.Struct("=I")


@define(eq=False)
class Probe:
    """Runs in the kernel until :meth:`close`.

    Attributes:
        missing: tracepoints that are not watched, each with the reason.
    """

    missing: list[str]
    _source: Source
    _loaded: Loaded
    _events: Ring
    _segments: Ring
    _wakes: Wakes
    _processors: int
    _one_of: dict[int, int] = field(factory=dict, init=False)
    _changes: int = field(default=0, init=False)

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
            ValueError: the kernel cannot do what the configuration demands.
        """
        found = source(config.sight)
        sizes = {
            "conns": config.max_connections,
            "sessions": config.max_connections,
            "go_calls": config.max_connections // 4 + 1,
            "events": config.event_bytes,
            "segments": config.segment_bytes,
        }
        later = frozenset[str]() if found.from_the_start else frozenset({_BEGINNINGS})
        loaded = Loaded.load(object_of(found.path, folder, Path(root.path)).resized(sizes), later)
        processors = possible_processors(read(f"{root.sys}/devices/system/cpu/possible").decode())
        events, segments = _ring(loaded, "events", records.EVENT), _ring(loaded, "segments", records.SEGMENT)
        wakes = Wakes([loaded.descriptor("events"), loaded.descriptor("segments")])
        if found.instead:
            loaded.missing.append(f"sockets, system calls instead: {found.instead}")
        probe = cls(loaded.missing, found, loaded, events, segments, wakes, processors)
        calls = {
            records.CALL_AFTER_EVENTS: _part(events),
            records.CALL_AFTER_SEGMENTS: _part(segments),
        }
        for which, value in {**found.settings, **calls}.items():
            probe._set(which, value)
        probe.tell({})
        return probe

    @property
    def from_the_start(self) -> bool:
        """Whether :meth:`follow` has to be called for what was there before."""
        return self._source.from_the_start

    @property
    def filling(self) -> bool:
        """Whether so much of the room for what is found is taken that the kernel calls for it."""
        return any(ring.waiting >= _part(ring) for ring in (self._events, self._segments))

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

    async def called(self, seconds: float) -> None:
        """Wait for what is to be taken at once: who opens something may not be there for long, or there is little room.

        Args:
            seconds: to wait at the most.
        """
        await self._wakes.wait(seconds)

    def follow(self, connection: Connection) -> None:
        """Tell of a connection that was there before."""
        value = np.zeros((), records.CONN)
        _demand(value, connection, records.TOLD)
        value["id"], value["tgid"], value["fd"] = connection.id, connection.pid, connection.fd
        value["announced"] = 1
        bpf.update(self._conns, records.KEY.pack(connection.key), value.tobytes())

    def recognised(self, connection: Connection) -> None:
        """Tell of a connection as its protocol, which is known now, demands."""
        if connection.protocol in WHOLE or connection.protocol in _PREPARES:
            self._change(connection, records.TOLD)

    def mute(self, connection: Connection) -> None:
        """Tell nothing more of a connection."""
        self._change(connection, records.MUTED)

    def shed(self, connection: Connection) -> None:
        """Tell nothing of a connection until it is resumed."""
        self._change(connection, records.SHED)

    def resume(self, connection: Connection) -> None:
        """Tell of a connection again that was shed."""
        self._change(connection, records.TOLD)

    def tell(self, one_of: Mapping[int, int], of_others: int = 1) -> None:
        """Tell of one request of so many, by process; where all is told of all, most precisely.

        Args:
            one_of: by process; empty where all is told of all.
            of_others: likewise, of processes that are not there: new ones, of which nothing is known.
        """
        shares = self._loaded.descriptor("shares")
        for process in self._one_of.keys() - one_of.keys():
            bpf.delete(shares, _U32.pack(process))
        for process, count in one_of.items() - self._one_of.items():
            bpf.update(shares, _U32.pack(process), _share(count))
        self._one_of = dict(one_of)
        bpf.update(self._loaded.descriptor("settings"), _U32.pack(records.SHARE_OF_OTHERS), _share(of_others))
        self._changes = self._changes % _MOST_CHANGES + 1
        self._set(records.SAMPLED, self._changes if one_of else 0)
        if not self._source.from_the_start:
            self._loaded.run(_BEGINNINGS, not one_of)
            self._set(records.TIMED, int(not one_of))

    def tap(self, path: str, site: Site) -> int:
        """Read what is said at a site of a file, until the descriptor is closed.

        Raises:
            KernelError: the kernel refuses.
        """
        return self._loaded.probe(site.program, path, site.offset, site.returns)

    def resumable(self, most: int) -> list[Connection]:
        """Connections that were shed and are still open; ``most`` at most.

        Raises:
            KernelError: the kernel refuses; before 5.6 it cannot.
        """
        return resumable(*Table.of(self._loaded, "conns", records.PLACE, records.CONN).read(), most)

    def flows(self) -> tuple[NDArray[np.void], dict[int, tuple[int, int]]]:
        """What is kept of all open connections, and bytes sent and received through closed ones, by process.

        Raises:
            KernelError: the kernel refuses; before 5.6 it cannot.
        """
        _, open = Table.of(self._loaded, "conns", records.PLACE, records.CONN).read()
        processes, closed = Table.of(self._loaded, "closed", records.PROCESS, records.CLOSED_BYTES).read()
        sums = zip(closed["sent"].tolist(), closed["received"].tolist(), strict=True)
        return open, dict(zip(processes.tolist(), sums, strict=True))

    def counted(self, which: int) -> int:
        """One of the counters in :mod:`causely_plugin_ebpf.records`, since the start."""
        return total(self._loaded.descriptor("counters"), which, self._processors)

    def close(self) -> None:
        """Take everything out of the kernel."""
        self._wakes.close()
        self._events.close()
        self._segments.close()
        self._loaded.close()

    @property
    def _conns(self) -> int:
        return self._loaded.descriptor("conns")

    def _change(self, connection: Connection, muted: int) -> None:
        """Change what is kept of a connection, unless another one has its place by now."""
        key = records.KEY.pack(connection.key)
        kept = bpf.lookup(self._conns, key, records.CONN.itemsize)
        if kept is None:
            return
        value = np.frombuffer(kept, records.CONN)[0].copy()
        for_good = value["muted"] == records.MUTED and muted == records.SHED
        if value["id"] == connection.id and not for_good:
            # Bytes that are counted between the two calls are lost: the program's own part goes back as it was read.
            _demand(value, connection, muted)
            bpf.update(self._conns, key, value.tobytes())

    def _set(self, which: int, value: int) -> None:
        bpf.update(self._loaded.descriptor("settings"), _U32.pack(which), _U32.pack(value))


def _part(ring: Ring) -> int:
    """After how many records a processor calls."""
    return ring.room // _PARTS // (os.cpu_count() or 1)


def _share(one_of: int) -> bytes:
    """How many of 2^32 requests are told; 0 for all."""
    return _U32.pack((1 << 32) // one_of if one_of > 1 else 0)


def _demand(value: NDArray[np.void], connection: Connection, muted: int) -> None:
    """Say what of a connection is to be told."""
    value["role"], value["muted"] = connection.role, muted
    value["whole"], value["prepares"] = connection.protocol in WHOLE, _PREPARES.get(connection.protocol, 0)


def _ring(loaded: Loaded, name: str, record: np.dtype[np.void]) -> Ring:
    return Ring(loaded.descriptor(name), loaded.shape(name).entries, record)
