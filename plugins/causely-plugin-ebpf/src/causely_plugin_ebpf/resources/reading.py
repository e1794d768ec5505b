"""The reading: the kernel's tables, as values of services and disks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
from attrs import define, field

from causely_core.model import EntityId, Series
from causely_plugin_ebpf.resources.binaries import Binaries
from causely_plugin_ebpf.resources.deaths import Deaths
from causely_plugin_ebpf.resources.disks import Disks, values
from causely_plugin_ebpf.resources.durations import BUCKETS
from causely_plugin_ebpf.resources.locks import Locks
from causely_plugin_ebpf.resources.population import Population
from causely_plugin_ebpf.resources.probe import Probe
from causely_plugin_ebpf.resources.profile import Profile

Row = tuple[Series, float]


@define(eq=False)
class Reading:
    """Reads all tables again and again.

    Attributes:
        population: whose processes are.
        deaths: of the last ten minutes.
        profile: of the last minutes.
    """

    population: Population
    deaths: Deaths = field(factory=Deaths, init=False)
    profile: Profile = field(factory=Profile, init=False)
    _locks: Locks = field(factory=Locks, init=False)
    _disks: Disks = field(factory=Disks, init=False)
    _binaries: Binaries = field(init=False)
    _at: float | None = field(default=None, init=False)

    @_binaries.default
    def _of_machine(self) -> Binaries:
        return Binaries(self.population.machine.root)

    def read(self, probe: Probe, now: float) -> list[Row]:
        """All values at ``now``, in seconds since the epoch.

        Raises:
            KernelError: the kernel refuses.
        """
        self.population.look(now)
        rows = [*self._lock_waits(probe), *self._disk_times(probe), *self._died(probe, now)]
        self._profiled(probe, now)
        return rows

    def _lock_waits(self, probe: Probe) -> Iterator[Row]:
        """Of the processes of a service the one that waits most, so that it does not drown among others."""
        _, waiters = probe.waiters.read()
        worst: dict[EntityId, float] = {}
        for pid, share in self._locks.shares(waiters, time.clock_gettime_ns(time.CLOCK_MONOTONIC)).items():
            if service := self.population.service(pid):
                worst[service] = max(share, worst.get(service, 0.0))
        return ((Series(service, "lock_wait_share"), share) for service, share in worst.items())

    def _disk_times(self, probe: Probe) -> Iterator[Row]:
        """Of disks that are mounted; where the machine has none, of all devices together as the node's."""
        counts = self._disks.counts(*probe.durations.read())
        below = self.population.devices or {self.population.machine.node.id: frozenset(counts)}
        for id, devices in below.items():
            total = sum((counts[each] for each in devices if each in counts), np.zeros(BUCKETS, np.int64))
            yield from ((Series(id, name), value) for name, value in values(total).items())

    def _died(self, probe: Probe, now: float) -> Iterator[Row]:
        processes, deaths = probe.deaths.take()
        columns = (processes["tgid"].tolist(), deaths["signal"].tolist(), (deaths["victim"] > 0).tolist())
        self.deaths.add(zip(*columns, strict=True), self.population.owners, now)
        told = self.deaths.values(self.population.services, now)
        return ((Series(id, attribute), count) for id, attribute, count in told)

    def _profiled(self, probe: Probe, now: float) -> None:
        self.profile.age(now - self._at if self._at is not None else 0.0)
        self._at = now
        places, counts = probe.places.take()
        found: Counter[tuple[EntityId, str]] = Counter()
        columns = (places["tgid"].tolist(), places["page"].tolist(), counts["count"].tolist())
        for pid, page, count in zip(*columns, strict=True):
            service = self.population.service(pid)
            binary = self._binaries.name(pid, page) if service else None
            if service and binary:
                found[service, binary] += count
        for (service, binary), count in found.items():
            self.profile.add(service, binary, count)
