"""TCP sockets of all services of the machine, and what they tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import define, field

from causely_core.host import HostRoot, Process
from causely_core.host.holders import Holders
from causely_core.host.namespaces import network_namespaces
from causely_core.model import EntityId
from causely_plugin_host.connection_values import connection_values, queue_utilization
from causely_plugin_host.counters import Counters
from causely_plugin_host.inet_diag import Table
from causely_plugin_host.machine_values import Value
from causely_plugin_host.overflows import overflows
from causely_plugin_host.segments import Segments
from causely_plugin_host.sight import Seen
from causely_plugin_host.socket_tables import socket_tables


@define
class Connections:
    """Looks at all sockets, and remembers what they had sent.

    Attributes:
        root: the machine.
        node: it, for what cannot be told of one service.
        most: sockets that are looked at.
        problem: why some were not, the last time; empty when all were.
    """

    root: HostRoot
    node: EntityId
    most: int
    problem: str = field(default="", init=False)
    _counters: Counters = field(factory=Counters, init=False)
    _segments: Segments = field(factory=Segments, init=False)
    _holders: Holders = field(init=False)

    @_holders.default
    def _remembered(self) -> Holders:
        return Holders(self.root)

    def values(self, seen: Seen, now: float, interval: float) -> Iterator[tuple[EntityId, Value]]:
        """Attributes of services and of the machine.

        Args:
            seen: of the machine just now.
            now: seconds.
            interval: seconds since the last look, before which there may have been none.
        """
        self._counters.begin(now)
        alive = {process.pid: process for process, _ in seen.processes}
        namespaces = network_namespaces(self.root, alive)
        owned = self._owned(namespaces, alive, _services(seen))
        overflowed = self._overflowed(namespaces, owned)
        for service in {id for parts in owned.values() for id in parts if id}:
            sockets = np.concatenate([parts[service] for parts in owned.values() if service in parts])
            for value in connection_values(sockets, self._counters.seconds or interval):
                yield service, value
            used = queue_utilization(sockets)
            # A queue that is found full now and then has been so in between.
            full = used is not None and overflowed.get(service, 0.0) > 0.0
            yield service, ("listen_queue_utilization", max(used or 0.0, 1.0) if full else used)
        for id, rate in overflowed.items():
            yield id, ("listen_overflow_rate", rate)

    def _owned(
        self, namespaces: Mapping[int, Sequence[int]], alive: Mapping[int, Process], services: Mapping[int, EntityId]
    ) -> dict[int, dict[EntityId | None, Table]]:
        """The sockets of each network namespace by service; those of none as well."""
        found, problem = socket_tables(self.root, namespaces, self.most)
        self.problem = str(problem or "")
        if not all(each.complete for each in found.values()):
            self.problem = f"there are more than max_sockets: {self.most}"
        self._segments.keep(found)
        inodes = (inode for each in found.values() for inode in each.sockets["inode"].tolist() if inode)
        holding = self._holders.of(inodes, alive)
        owners = {inode: services.get(holder.pid) for inode, holder in holding.items() if holder}
        return {namespace: _split(self._segments.since(namespace, each), owners) for namespace, each in found.items()}

    def _overflowed(
        self, namespaces: Mapping[int, Sequence[int]], owned: Mapping[int, Mapping[EntityId | None, Table]]
    ) -> dict[EntityId, float]:
        """Overflows a second, of the service that alone listens in a network namespace, else of the machine."""
        found: dict[EntityId, float] = {}
        for namespace, parts in owned.items():
            total = overflows(self.root, namespaces[namespace])
            rate = self._counters.rate(namespace, total)
            listening = [service for service, sockets in parts.items() if sockets["listening"].any()]
            if rate is not None and listening:
                id = listening[0] if len(listening) == 1 else None
                found[id or self.node] = found.get(id or self.node, 0.0) + rate
        return found


def _services(seen: Seen) -> dict[int, EntityId]:
    """The service of each process that is of one."""
    return {
        process.pid: service
        for service, instances in seen.services.items()
        for group in instances
        for process, _ in group.members
    }


def _split(sockets: Table, owners: Mapping[int, EntityId | None]) -> dict[EntityId | None, Table]:
    places: dict[EntityId | None, list[int]] = {}
    for place, inode in enumerate(sockets["inode"].tolist()):
        places.setdefault(owners.get(inode), []).append(place)
    return {service: sockets[at] for service, at in places.items()}
