"""The watcher: what the kernel tells of connections, as one collector and one discoverer."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from itertools import chain
from typing import TYPE_CHECKING

from causely_core.deltas import Deltas
from causely_core.host import Conntrack, Machine
from causely_core.model import EntityId, ObservationBatch, Series, TopologyDelta
from causely_core.traffic import LiveTopology, Traffic
from causely_plugin_ebpf.budget import Budget
from causely_plugin_ebpf.connection import Address, Connection, address
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.counting import STORES, Counting
from causely_plugin_ebpf.encryption.taps import Taps
from causely_plugin_ebpf.feed import Feed
from causely_plugin_ebpf.flows import Flows
from causely_plugin_ebpf.instruments import instrument
from causely_plugin_ebpf.locating import Locator
from causely_plugin_ebpf.probe import Probe
from causely_plugin_ebpf.rewriting import Rewriting
from causely_plugin_ebpf.shedding import Shedding

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext

_LOOKUPS = 50
"""Connections that were opened unseen and are looked up, in one flush interval."""

_FLOW_INTERVAL = 10.0
"""Seconds from one reading of the kernel's tables of connections to the next."""

_PROGRAMS = 50
"""Processes that begin and whose programs are looked at, likewise."""

_AGENTS_OWN = 0xFFFF << 48
"""Ids of connections that were there before; the kernel's begin with the number of a processor."""


class Watcher:
    """Watches the connections of a machine.

    Attributes:
        name: ``ebpf``.
        feed: what is known of connections.
        budget: what it may take.
        topology: what is told of it.
        shed: connections that are not followed any more for want of memory, since the start.
        resumed: those of them that are followed again.
    """

    name = "ebpf"

    def __init__(self, context: HookContext, machine: Machine) -> None:
        self._context, self._config, self._machine = context, context.config, machine
        config = self._config
        self.topology = LiveTopology(config.max_entities, config.entity_ttl)
        self._traffic = Traffic(self.topology, config.max_operations_per_service)
        self._shedding = Shedding(config.max_connections)
        connections = Connections(config.max_connections, self._shed)
        self._counting = Counting(self._traffic, connections)
        self._locator, self._conntrack = Locator(machine.root, _LOOKUPS), Conntrack(machine.root, _LOOKUPS)
        self.feed = Feed(
            connections,
            self._counting,
            machine.owners,
            self._locator.locate,
            self._recognised,
            self._mute,
            self._encrypts,
            Rewriting(self._answering),
            self._executes,
            os.getpid(),
        )
        self._taps: Taps | None = None
        self._flows, self._flow_due = Flows(self.feed.owner), 0.0
        self.budget = Budget[EntityId](context.cpu_budget)
        self._busy = 0.0
        self.shed = self.resumed = 0
        self._probe: Probe | None = None
        self._deltas = Deltas(self._known)
        self._begun = False
        self._flushed = context.clock.now()
        instrument(context.meter, self)

    @property
    def running(self) -> bool:
        """Whether all that happens from now on is seen."""
        return self._begun

    @property
    def tapped(self) -> int:
        """Files whose functions that encrypt are read."""
        return self._taps.files if self._taps else 0

    def counted(self, which: int) -> int:
        """One of the kernel's counters in :mod:`causely_plugin_ebpf.records`, since the start."""
        return self._probe.counted(which) if self._probe else 0

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Watch, and give the values of every flush interval.

        Raises:
            CannotCompile: bcc, headers or rights are missing.
            KernelError: the kernel refuses.
            ValueError: the kernel cannot do what the configuration demands.
        """
        probe = self._probe = await asyncio.to_thread(self._load)
        self._begin(probe)
        begun = time.monotonic()
        try:
            while True:
                behind = self._poll(probe)
                self._adapt_to_memory(probe)
                passed = time.monotonic() - begun
                if passed >= self._config.flush_interval:
                    begun += passed
                    self._adapt(probe, passed)
                    yield self._flush()
                if behind:
                    await asyncio.sleep(0)
                else:
                    await self._pause(probe, begun + self._config.flush_interval - time.monotonic())
        finally:
            self._probe, self._begun = None, False
            if self._taps:
                self._taps.close()
            self._conntrack.close()
            probe.close()

    async def _pause(self, probe: Probe, seconds: float) -> None:
        """Wait until the kernel calls, for ``seconds`` at the most; not to look all the time where much is opened."""
        earliest = time.monotonic() + self._config.poll_interval
        await probe.called(seconds)
        if not probe.filling:
            await asyncio.sleep(earliest - time.monotonic())

    def discover(self) -> AsyncIterator[TopologyDelta]:
        """Give the topology as it is, then what changes."""
        return self._deltas.read()

    async def _known(self) -> TopologyDelta:
        return self.topology.snapshot()

    def _load(self) -> Probe:
        return Probe.load(self._config, self._context.data_dir, self._machine.root)

    def _begin(self, probe: Probe) -> None:
        """Follow what was there before."""
        processes = [process for process, _ in self._machine.look()]
        if self._config.encrypted:
            taps = self._taps = Taps(self._machine.root, probe.tap, self._not_tapped, _PROGRAMS)
            taps.look_at_libraries()
            for process in processes:
                taps.look_at_program(process.pid)
        for text in probe.missing:
            self._context.logger.warning("not watched", reason=text)
        if probe.from_the_start:
            for number, connection in enumerate(self._locator.open(processes)):
                connection.id = _AGENTS_OWN | number
                connection.key = connection.fd << 32 | connection.pid
                probe.follow(connection)
                self.feed.found(connection)
        else:
            self._locator.look(processes)
        self._begun = True
        self._context.logger.info("watching connections", open=len(self.feed.connections))

    def _poll(self, probe: Probe) -> bool:
        """Take what the kernel has found; true when there is more."""
        begun = time.thread_time()
        events, segments, until, more = probe.take()
        self._traffic.ledger.now = self._context.clock.now()
        if len(events):
            self.feed.events(events)
        if len(segments):
            self.feed.segments(segments)
        self.feed.end(until)
        if not more:
            self.feed.connections.caught_up()
        self._traffic.compact()
        self._busy += time.thread_time() - begun
        return more

    def _adapt(self, probe: Probe, seconds: float) -> None:
        """Tell the kernel of how many requests of whom to tell from now on."""
        busy, self._busy = self._busy, 0.0
        self.budget.spent(busy, seconds, self._counting.told, self._counting.whole)
        self._counting.told.clear()
        self._counting.whole = 0
        weights, of_others = self.feed.by_process(self.budget.one_of), self.budget.of_others
        if (weights, of_others) != (self._counting.weights, self._counting.weight_of_others):
            probe.tell(weights, of_others)
            self._counting.weights, self._counting.weight_of_others = weights, of_others
        self._counting.settle()

    def _adapt_to_memory(self, probe: Probe) -> None:
        """Follow fewer connections while memory is short, and those that were shed again once it is not."""
        connections, pressure = self.feed.connections, self._context.memory_pressure()
        before = connections.limit
        connections.limit = self._shedding.adapt(pressure, len(connections), time.monotonic())
        if connections.limit < before:
            self._locator.forget()
            address.cache_clear()
            connections.shed()
        elif connections.limit > before:
            for each in probe.resumable(connections.limit - len(connections)):
                self.resumed += 1
                probe.resume(each)
                self.feed.found(each)

    def _flush(self) -> ObservationBatch:
        now = self._context.clock.now()
        interval, self._flushed = max(now - self._flushed, 1e-3), now
        self._traffic.ledger.now = now
        self.feed.ask_again()
        self._locator.refill()
        self._conntrack.refill()
        if self._taps:
            self._taps.refill()
        batch = ObservationBatch.at(now, chain(self._traffic.flush(now, interval), self._flow(now)))
        delta = self.topology.flush(now)
        if delta.deleted_entities:
            self._traffic.forget()
            self._counting.forget()
        if delta:
            self._deltas.tell(delta)
        return batch

    def _flow(self, now: float) -> list[tuple[Series, float]]:
        if self._probe is None or now < self._flow_due:
            return []
        self._flow_due = now + _FLOW_INTERVAL
        open, closed = self._probe.flows()
        self.feed.forget(self._flows.gone(self.feed.connections.ids(), open))
        return list(self._flows.values(open, closed, now))

    def _recognised(self, connection: Connection) -> None:
        if self._probe and connection.serves and connection.protocol in STORES:
            self._probe.mute(connection)
        elif self._probe:
            self._probe.recognised(connection)

    def _shed(self, connection: Connection) -> None:
        self.shed += self._shedding.short
        if self._probe:
            self._probe.shed(connection)

    def _mute(self, connection: Connection) -> None:
        if self._probe:
            self._probe.mute(connection)

    def _answering(self, local: Address, remote: Address) -> tuple[str, int] | None:
        # The time of asking, not of opening: an old connection may be told of late.
        return self._conntrack.answering(local, remote, time.monotonic())

    def _encrypts(self, pid: int) -> None:
        if self._taps:
            self._taps.look(pid)

    def _executes(self, pid: int) -> None:
        if self._taps:
            self._taps.has_begun(pid)

    def _not_tapped(self, path: str, reason: str) -> None:
        self._context.logger.warning("not read before it is encrypted", file=path, reason=reason)
