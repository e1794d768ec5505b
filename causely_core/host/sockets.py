"""Who listens where and who is connected to whom, over all network namespaces of the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field, frozen

from causely_core.host.holders import Holders, holders
from causely_core.host.namespaces import network_namespaces
from causely_core.host.net_tcp import ESTABLISHED, LISTEN, TcpSocket, parse_sockets
from causely_core.host.processes import Process
from causely_core.host.root import HostRoot, read

_ANY = ("0.0.0.0", "::")


@frozen
class Endpoint:
    """Where something listens.

    Attributes:
        namespace: inode of the network namespace.
        address: IPv4 or IPv6; ``0.0.0.0`` and ``::`` for any.
        port: TCP port.
    """

    namespace: int
    address: str
    port: int


@frozen
class Connection:
    """An established connection as one of its ends sees it; ``pid`` is 0 when its owner is not found."""

    pid: int
    namespace: int
    socket: TcpSocket


@frozen
class Listening:
    """Who listens where.

    Attributes:
        pids: the process of each endpoint; of several that share the socket, the first that began.
    """

    pids: Mapping[Endpoint, int] = field(factory=dict)

    def at(self, namespace: int, address: str, port: int) -> int | None:
        """The process that a connection to an address of a namespace reaches; none when nobody listens."""
        endpoints = (Endpoint(namespace, each, port) for each in (address, *_ANY))
        return next((self.pids[endpoint] for endpoint in endpoints if endpoint in self.pids), None)

    @property
    def ports(self) -> dict[int, frozenset[int]]:
        """The ports of each process that listens."""
        found: dict[int, set[int]] = {}
        for endpoint, pid in self.pids.items():
            found.setdefault(pid, set()).add(endpoint.port)
        return {pid: frozenset(ports) for pid, ports in found.items()}


@define
class Sockets:
    """Reads the sockets of processes; whose a listening socket is, is remembered from one reading to the next."""

    root: HostRoot
    _holders: Holders = field(init=False)

    @_holders.default
    def _remembered(self) -> Holders:
        return Holders(self.root)

    def listening(self, processes: Iterable[Process]) -> Listening:
        """Who of ``processes`` (all of the machine's) listens where."""
        alive = {process.pid: process for process in processes}
        found = list(self._found(alive, LISTEN))
        holding = self._holders.of((each.inode for _, each in found), alive)
        owned = ((namespace, each, holding.get(each.inode)) for namespace, each in found)
        return Listening({Endpoint(ns, each.local, each.local_port): owner.pid for ns, each, owner in owned if owner})

    def connections(self, processes: Iterable[Process]) -> Iterator[Connection]:
        """Established connections of ``processes``. It looks at each open file of each process: ask seldom."""
        alive = {process.pid: process for process in processes}
        found = list(self._found(alive, ESTABLISHED))
        owners = holders(self.root, {each.inode for _, each in found}, alive)
        for namespace, each in found:
            owner = owners.get(each.inode)
            yield Connection(owner.pid if owner else 0, namespace, each)

    def _found(self, alive: Mapping[int, Process], state: bytes) -> Iterator[tuple[int, TcpSocket]]:
        for namespace, pids in network_namespaces(self.root, alive).items():
            for table in ("tcp", "tcp6"):
                # All processes of a namespace have the same tables, but some end before they are read.
                contents = (read(f"{self.root.proc}/{pid}/net/{table}") for pid in pids)
                found = parse_sockets(next(filter(None, contents), b""), state)
                yield from ((namespace, each) for each in found)
