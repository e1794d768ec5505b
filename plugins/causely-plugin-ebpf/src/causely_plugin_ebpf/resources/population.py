"""The population: whose processes run, or ran a moment ago, which of them are services, and what disks there are."""

from __future__ import annotations

from attrs import define, field

from causely_core.host import Machine, Owner, Process, Stat, disks, working
from causely_core.model import EntityId

_SELDOM = 30.0
"""Seconds from one look at who listens and at what is mounted to the next, which take longest."""


@define(eq=False)
class Population:
    """Looks at all processes.

    Attributes:
        machine: that they run on.
        age: seconds ago at which somebody else may have looked, in place of looking again.
        owners: of processes that run, and of those that ran when it was looked last and may have ended since.
        services: those of them that listen or name themselves, as the host plugin has it, with one of their owners.
        devices: of each disk, the numbers of the devices that do its work, such as ``8:0``.
    """

    machine: Machine
    age: float
    owners: dict[int, Owner] = field(factory=dict, init=False)
    services: dict[EntityId, Owner] = field(factory=dict, init=False)
    devices: dict[EntityId, frozenset[str]] = field(factory=dict, init=False)
    _running: dict[int, Owner] = field(factory=dict, init=False)
    _looked: float = field(default=float("-inf"), init=False)

    def look(self, now: float) -> None:
        """Look at ``now``, in seconds."""
        processes = self._processes(now)
        listening = set(self.machine.listening.pids.values())
        before, self._running, self.services = self._running, {}, {}
        for process, _ in processes:
            owner = self.machine.owners.owner(process)
            if owner is not None:
                self._running[process.pid] = owner
                if process.pid in listening or process.declared.service:
                    self.services.setdefault(owner.service, owner)
        self.owners = before | self._running

    def service(self, pid: int) -> EntityId | None:
        """The service that a process belongs to; none when it belongs to none."""
        owner = self.owners.get(pid)
        return owner.service if owner and owner.service in self.services else None

    def _processes(self, now: float) -> list[tuple[Process, Stat]]:
        if now - self._looked < _SELDOM:
            return self.machine.processes.running(self.age)
        self._looked = now
        root, node = self.machine.root, self.machine.node.name
        self.devices = {disk.id: working(root, disk.device) for disk in disks(root, node)}
        return list(self.machine.look(self.age))
