"""The collector: what the machine, its disks, its containers and its services use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from causely_core.host import disks
from causely_core.model import EntityId, ObservationBatch
from causely_core.rhythm import beat
from causely_plugin_host.container_values import container_values, kills
from causely_plugin_host.counters import Counters
from causely_plugin_host.disks import usage
from causely_plugin_host.groups import GroupFiles
from causely_plugin_host.machine_values import Value, machine_values
from causely_plugin_host.misfortunes import Misfortunes
from causely_plugin_host.network import pod_dropped
from causely_plugin_host.rows import Row, rows
from causely_plugin_host.service_values import service_values

if TYPE_CHECKING:
    from causely_core.hookspecs import HookContext
    from causely_core.host import ContainerInfo, Owner
    from causely_plugin_host.sight import Group, Seen, Sight


class HostCollector:
    """Reads all values every few seconds.

    Attributes:
        name: ``host``.
        sight: looks at the machine.
    """

    name = "host"

    def __init__(self, context: HookContext, sight: Sight) -> None:
        self._context, self.sight = context, sight
        self._counters = Counters()
        self._misfortunes = Misfortunes(self._counters)

    async def observe(self) -> AsyncIterator[ObservationBatch]:
        """Give the values of every interval; what is told by how counters grow, from the second one on."""
        while True:
            seen = await self.sight.look()
            yield await asyncio.to_thread(self.read, seen, self._context.clock.now())
            await beat(self._context.config.interval)

    def read(self, seen: Seen, now: float) -> ObservationBatch:
        """The values at ``now``, in seconds since the epoch, of what was seen just now."""
        self._counters.begin(now)
        self._misfortunes.begin(now)
        return ObservationBatch.at(now, self._rows(seen, now))

    def _rows(self, seen: Seen, now: float) -> Iterator[Row]:
        root = self.sight.machine.root
        yield from self._machine()
        for id, instances in seen.services.items():
            yield from rows(id, service_values(root, instances, self._counters))
        for id, group in seen.containers.items():
            yield from rows(id, self._container(id, group, now))
        for id, owner in seen.idle.items():
            yield from rows(id, self._misfortunes.told(id, self._kills_by_kubelet(id), self._info(owner), now))
        for id, pid in _pods(seen).items():
            yield from rows(id, [("packet_loss", pod_dropped(root, pid, id, self._counters))])

    def _machine(self) -> Iterator[Row]:
        machine = self.sight.machine
        yield from rows(machine.node.id, machine_values(machine.root, self._counters))
        shares = []
        for disk in disks(machine.root, machine.node.name):
            space, inodes = usage(machine.root, disk)
            yield from rows(disk.id, (("disk_utilization", space), ("inode_utilization", inodes)))
            shares.append(space)
        shares += (disk.told.space for disk in self.sight.told.disks if disk.of_node)
        yield from rows(
            machine.node.id, [("disk_utilization", max((share for share in shares if share is not None), default=None))]
        )

    def _container(self, id: EntityId, group: Group, now: float) -> Iterator[Value]:
        container, info = group.owner.runtime_id, self._info(group.owner)
        files = GroupFiles(self.sight.machine.root, group.first.cgroup)
        yield from container_values(container, files, info.requested if info else 0.0, self._counters)
        killed = kills(container, files, self._counters)
        killed = self._kills_by_kubelet(id) if killed is None else killed
        yield from self._misfortunes.told(id, killed, info, now)

    def _kills_by_kubelet(self, id: EntityId) -> float | None:
        """Since the last reading, of a container whose control group cannot be read."""
        return self._counters.growth((id, "killed, by the kubelet"), self.sight.told.kills.get(id))

    def _info(self, owner: Owner) -> ContainerInfo | None:
        """What Kubernetes tells of a container; of others nobody counts restarts."""
        return self.sight.machine.owners.pods.by_container(owner.runtime_id) if owner.pod else None


def _pods(seen: Seen) -> dict[EntityId, int]:
    """A process of each pod; they all see one network."""
    groups = seen.containers.values()
    return {group.owner.pod: group.first.pid for group in groups if group.owner.pod}
