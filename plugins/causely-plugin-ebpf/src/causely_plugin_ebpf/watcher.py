"""The watcher: what runs in the kernel, and what is made of it, as one collector and one discoverer."""

from __future__ import annotations

import asyncio
import os
import struct
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from causely_core.host import Machine
from causely_core.model import ObservationBatch, TopologyDelta
from causely_core.traffic import LiveTopology, Traffic
from causely_plugin_ebpf import records
from causely_plugin_ebpf.budget import Budget
from causely_plugin_ebpf.connection import Connection
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.counting import Counting
from causely_plugin_ebpf.feed import Feed
from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.cache import object_of
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.ring import Ring
from causely_plugin_ebpf.locating import Locator

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext

SOURCE = Path(__file__).parent / "kernel" / "connections.c"

_MOST_EVENTS, _MOST_SEGMENTS = 8192, 2048
"""Records taken at once; others of the process have their turn in between."""

_FOREVER = 1 << 63

_LOOKUPS = 50
"""Connections that were opened unseen and are looked up, in one flush interval."""

_AGENTS_OWN = 0xFFFF << 48
"""Ids of connections that were there before; the kernel's begin with the number of a processor."""

_MAX_DELTAS = 64
"""Deltas that may wait for a slow reader; beyond it, one snapshot takes their place."""


class Watcher:
    """Watches the connections of a machine.

    Attributes:
        name: ``ebpf``.
        feed: what is known of connections.
    """

    name = "ebpf"

    def __init__(self, context: HookContext, machine: Machine) -> None:
        self._context, self._config, self._machine = context, context.config, machine
        config = self._config
        self._topology = LiveTopology(config.max_entities, config.entity_ttl)
        self._traffic = Traffic(self._topology, config.max_operations_per_service)
        connections = Connections(config.max_connections)
        self._counting = Counting(self._traffic, connections)
        self._locator = Locator(machine.root, _LOOKUPS)
        self.feed = Feed(connections, self._counting, machine.owners, self._locator.locate, self._mute, os.getpid())
        self._deltas: asyncio.Queue[TopologyDelta] = asyncio.Queue(_MAX_DELTAS)
        self._behind = False
        self._budget = Budget(context.cpu_budget)
        self._busy = 0.0
        self._flushed = context.clock.now()

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Watch, and give the values of every flush interval.

        Raises:
            CannotCompile: bcc, headers or rights are missing.
            KernelError: the kernel refuses.
        """
        await asyncio.to_thread(self._load)
        try:
            begun = time.monotonic()
            while True:
                more = self.poll()
                passed = time.monotonic() - begun
                if passed >= self._config.flush_interval:
                    begun += passed
                    self._adapt(passed)
                    yield self._flush()
                await asyncio.sleep(0 if more else self._config.poll_interval)
        finally:
            self._unload()

    async def discover(self) -> AsyncIterator[TopologyDelta]:
        """Give the topology as it is, then what changes."""
        self._behind = True
        while True:
            if self._behind:
                self._behind = False
                yield self._topology.snapshot()
            delta = await self._deltas.get()
            if not self._behind:
                yield delta

    def poll(self) -> bool:
        """Take what the kernel has found; true when there is more."""
        begun = time.thread_time()
        more = self._poll()
        self._busy += time.thread_time() - begun
        return more

    def _poll(self) -> bool:
        # Segments first: whatever they belong to was opened before, so its event is there by then.
        segments = self._segments.read(_MOST_SEGMENTS)
        events = self._events.read(_MOST_EVENTS)
        self._traffic.ledger.now = self._context.clock.now()
        self.feed.events(events)
        self.feed.segments(segments)
        more = len(segments) == _MOST_SEGMENTS
        self.feed.end(int(segments["at"].max()) if more else _FOREVER)
        self._traffic.compact()
        return more or len(events) == _MOST_EVENTS

    def _flush(self) -> ObservationBatch:
        now = self._context.clock.now()
        interval, self._flushed = max(now - self._flushed, 1e-3), now
        self._traffic.ledger.now = now
        self._locator.refill()
        batch = ObservationBatch.at(now, self._traffic.flush(now, interval))
        delta = self._topology.flush(now)
        if delta.deleted_entities:
            self._traffic.forget()
            self._counting.forget()
        if delta:
            self._tell(delta)
        return batch

    def _adapt(self, seconds: float) -> None:
        """Tell the kernel of how many requests to tell from now on."""
        busy, self._busy = self._busy, 0.0
        if self._budget.spent(busy, seconds):
            bpf.update(self._loaded.descriptor("told"), bytes(4), struct.pack("=I", self._budget.threshold))
            self._counting.weight = self._budget.one_of
        self._counting.settle()

    def _load(self) -> None:
        config = self._config
        constants = {
            "CONNECTIONS": config.max_connections,
            "EVENT_PAGES": config.event_bytes // 4096,
            "SEGMENT_PAGES": config.segment_bytes // 4096,
        }
        self._loaded = Loaded.load(object_of(SOURCE, constants, self._context.data_dir, self._context.host_root))
        for text in self._loaded.missing:
            self._context.logger.warning("not watched", reason=text)
        self._events = self._ring("events", records.EVENT)
        self._segments = self._ring("segments", records.SEGMENT)
        for connection in self._there_before():
            self._keep(connection, muted=False)
            self.feed.found(connection)
        self._context.logger.info("watching connections", open=len(self.feed.connections))

    def _there_before(self) -> Iterator[Connection]:
        processes = [process for process, _ in self._machine.look()]
        for number, connection in enumerate(self._locator.open(processes)):
            connection.id = _AGENTS_OWN | number
            yield connection

    def _ring(self, name: str, dtype: object) -> Ring:
        return Ring(self._loaded.descriptor(name), self._loaded.shape(name).entries, dtype)  # type: ignore[arg-type]

    def _mute(self, connection: Connection) -> None:
        self._keep(connection, muted=True)

    def _keep(self, connection: Connection, muted: bool) -> None:
        """Tell the kernel of a connection."""
        value = records.CONN.pack(connection.id, connection.role, muted, 0, 0, 0, 0, 0)
        bpf.update(self._loaded.descriptor("conns"), records.PLACE.pack(connection.pid, connection.fd), value)

    def _tell(self, delta: TopologyDelta) -> None:
        if self._deltas.full():
            self._behind = True
            while not self._deltas.empty():
                self._deltas.get_nowait()
        self._deltas.put_nowait(delta)

    def _unload(self) -> None:
        for ring in (self._events, self._segments):
            ring.close()
        self._loaded.close()
