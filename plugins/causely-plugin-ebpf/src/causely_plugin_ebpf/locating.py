"""Where connections go that were opened unseen: before the agent began, by a parent, or while events were lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from attrs import define, field

from causely_core.host import HostRoot, Process, link, read
from causely_core.host.net_tcp import ESTABLISHED, LISTEN, TcpSocket, parse_sockets
from causely_plugin_ebpf.connection import Address, Connection
from causely_plugin_ebpf.records import CLIENT, SERVER

_MANY = 500
"""Sockets of a table that take as much time as all else of a lookup, 1 ms: it has all of a network namespace."""

_SOCKET = re.compile(r"socket:\[(\d+)\]")


@define
class Locator:
    """Reads the kernel's tables of sockets.

    Attributes:
        root: the machine.
        budget: connections that may be looked up until :meth:`refill`, in tables of few sockets; in larger ones fewer.
    """

    root: HostRoot
    budget: int
    _left: int = field(init=False)
    _open: dict[int, tuple[TcpSocket, frozenset[int]]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with a whole budget."""
        self.refill()

    def refill(self) -> None:
        """Allow for ``budget`` connections more."""
        self._left = self.budget

    def locate(self, connection: Connection) -> None:
        """Find role and addresses of ``connection``, if it is TCP, and :meth:`look` has seen it or there is budget."""
        inode = _inode(link(f"{self.root.proc}/{connection.pid}/fd/{connection.fd}"))
        if inode in self._open:
            _settle(connection, *self._open.pop(inode))
        elif inode and self._left > 0:
            found, listening = self._table(connection.pid)
            self._left -= 1 + len(found) // _MANY
            if inode in found:
                _settle(connection, found[inode], listening)

    def look(self, processes: Iterable[Process]) -> None:
        """Take a look at all connections at once, of which :meth:`locate` is going to be asked one by one."""
        for _, _, inode, socket, listening in self._sockets(processes):
            self._open[inode] = socket, listening

    def forget(self) -> None:
        """Forget what :meth:`look` has seen."""
        self._open.clear()

    def open(self, processes: Iterable[Process]) -> Iterator[Connection]:
        """All connections that ``processes`` hold now, without ids."""
        for pid, fd, _, socket, listening in self._sockets(processes):
            connection = Connection(0, pid, fd)
            _settle(connection, socket, listening)
            yield connection

    def _sockets(self, processes: Iterable[Process]) -> Iterator[tuple[int, int, int, TcpSocket, frozenset[int]]]:
        tables: dict[str, tuple[dict[int, TcpSocket], frozenset[int]]] = {}
        for process in processes:
            folder = f"{self.root.proc}/{process.pid}"
            namespace = link(f"{folder}/ns/net")
            if namespace not in tables:
                tables[namespace] = self._table(process.pid)
            found, listening = tables[namespace]
            for fd, inode in _sockets(f"{folder}/fd"):
                if inode in found:
                    yield process.pid, fd, inode, found[inode], listening

    def _table(self, pid: int) -> tuple[dict[int, TcpSocket], frozenset[int]]:
        """Connections of a process' namespace by inode, and the ports at which somebody listens there."""
        contents = [read(f"{self.root.proc}/{pid}/net/{table}") for table in ("tcp", "tcp6")]
        found = {each.inode: each for content in contents for each in parse_sockets(content, ESTABLISHED)}
        listening = (each.local_port for content in contents for each in parse_sockets(content, LISTEN))
        return found, frozenset(listening)


def _settle(connection: Connection, socket: TcpSocket, listening: frozenset[int]) -> None:
    connection.local = Address(socket.local, socket.local_port)
    connection.remote = Address(socket.remote, socket.remote_port)
    connection.role = SERVER if socket.local_port in listening else CLIENT


def _sockets(folder: str) -> Iterator[tuple[int, int]]:
    """File descriptors and inodes of the sockets that a process has open."""
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208 (Path takes thrice as long, and there are many)
            if inode := _inode(link(f"{folder}/{name}")):
                yield int(name), inode


def _inode(target: str) -> int:
    found = _SOCKET.fullmatch(target)
    return int(found[1]) if found else 0
