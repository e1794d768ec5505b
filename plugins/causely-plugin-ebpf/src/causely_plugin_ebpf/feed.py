"""The feed: events and segments in the order in which they happened, to connections and what they say."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from causely_core.host import Owner, Owners
from causely_core.model import EntityId
from causely_plugin_ebpf.connection import MAX_UNRECOGNISED, Address, Connection, address
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.counting import Counting
from causely_plugin_ebpf.protocols import Dialogue, Segment, dialogue, sniff
from causely_plugin_ebpf.records import CLIENT, CLOSED, ENCRYPTS, EXECUTED, EXITED, FAILED, SERVER, UNKNOWN
from causely_plugin_ebpf.rewriting import Rewriting

_EVENT_COLUMNS = ("kind", "at", "id", "key", "tgid", "fd", "role", "since")
_SEGMENT_COLUMNS = ("id", "at", "length", "head", "key", "tgid", "fd")


@define(eq=False)
class Feed:
    """Follows all connections.

    Attributes:
        connections: that are open.
        counting: where exchanges go.
        owners: of processes.
        locate: tells role, local and remote address of a connection that was opened unseen.
        recognised: called with a connection whose protocol was found.
        mute: called with a connection that is not to be told of any more.
        encrypts: called with a process that has begun to encrypt.
        rewriting: finds out who is at the other end.
        executes: called with a process that has begun to run a program.
        ignored: a process that is not looked at: the agent's own.
        unrecognised: connections in which no protocol was found, since the start.
    """

    connections: Connections
    counting: Counting
    owners: Owners
    locate: Callable[[Connection], None]
    recognised: Callable[[Connection], None]
    mute: Callable[[Connection], None]
    encrypts: Callable[[int], None]
    rewriting: Rewriting
    executes: Callable[[int], None]
    ignored: int
    unrecognised: int = field(default=0, init=False)
    _known: dict[int, Owner] = field(factory=dict, init=False)
    _asked: dict[int, Owner] = field(factory=dict, init=False)
    _ending: deque[tuple[int, int, int]] = field(factory=deque, init=False)

    def events(self, events: NDArray[np.void]) -> None:
        """Take events, in their order; what has ended is kept until :meth:`end`."""
        columns = [events[name].tolist() for name in _EVENT_COLUMNS]
        local, remote = events["local"], events["remote"]
        for row, (kind, at, id, key, tgid, fd, role, since) in enumerate(zip(*columns, strict=True)):
            if kind in (CLOSED, EXITED):
                self._ending.append((at, id, tgid))
                continue
            if kind == EXECUTED:
                self._asked.pop(tgid, None)
                self.executes(tgid)
                continue
            found = Connection(id, tgid, fd, role, since, _address(remote, row), _address(local, row), key)
            if kind == FAILED:
                self._failed(found, at)
            else:
                self._opened(found)
            if kind == ENCRYPTS:
                found.encrypted = True
                self.counting.unspoken(found)
                self.encrypts(tgid)

    def segments(self, segments: NDArray[np.void]) -> None:
        """Take segments; they are put in the order of their times first."""
        segments = segments[np.argsort(segments["at"], kind="stable")]
        columns = [segments[name].tolist() for name in _SEGMENT_COLUMNS]
        writing = (segments["writes"] != 0).tolist()
        # One copy for all, and a slice each: an element of a structured array costs more than all the rest.
        data, width = segments["data"].tobytes(), segments.dtype["data"].itemsize
        for begin, writes, (id, at, length, seen, key, pid, fd) in zip(
            range(0, len(data), width), writing, zip(*columns, strict=True), strict=True
        ):
            connection = self.connections.get(id)
            if connection is None:
                if self.connections.was_forgotten(id):
                    continue
                connection = self._unseen(Connection(id, pid, fd, opened=at, key=key))
            head = data[begin : begin + seen]
            follows = connection.dialogue or self._recognised(connection, writes, head)
            if follows is not None:
                for exchange in follows.feed(Segment(connection.to_server(writes), at, length, head)):
                    self.counting.exchange(connection, exchange)

    def end(self, until: int) -> None:
        """End what has ended before ``until`` (nanoseconds), for all segments from before have been taken."""
        while self._ending and self._ending[0][0] <= until:
            _, id, pid = self._ending.popleft()
            for each in [id] if id else self.connections.of_process(pid):
                self._closed(each)
            if not id:
                self._known.pop(pid, None)
                self._asked.pop(pid, None)

    def by_process(self, of_service: Mapping[EntityId, int]) -> dict[int, int]:
        """Numbers of services, by their processes that hold connections, 1 of others; empty if all are 1."""
        if not of_service:
            return {}
        return {pid: of_service.get(owner.service, 1) for pid, owner in self._known.items()}

    def forget(self, ids: Iterable[int]) -> None:
        """End connections whose end was not told."""
        for id in ids:
            self._closed(id)

    def ask_again(self) -> None:
        """Look owners up that were looked up before: they may have another name by now."""
        self._asked.clear()

    def owner(self, pid: int) -> Owner | None:
        """Whose a process is, or was when it was seen last."""
        return self.owners.of(pid) or self._known.get(pid)

    def found(self, connection: Connection) -> None:
        """Follow a connection that was there before."""
        self._opened(connection)

    def _opened(self, connection: Connection) -> None:
        if connection.pid == self.ignored:
            self.mute(connection)
        else:
            self._owned(connection)
            self.rewriting.follow(connection)
            self.connections.add(connection)

    def _failed(self, connection: Connection, at: int) -> None:
        if connection.pid != self.ignored:
            self._owned(connection)
            self.rewriting.follow(connection)
            self.counting.failed(connection, at)

    def _owned(self, connection: Connection) -> None:
        # A process may have ended by the time that its last connections are read of.
        owner = self._asked.get(connection.pid) or self.owner(connection.pid)
        if owner:
            self._known[connection.pid] = self._asked[connection.pid] = connection.owner = owner

    def _closed(self, id: int) -> None:
        connection = self.connections.remove(id)
        if connection is None:
            return
        if connection.dialogue:
            for exchange in connection.dialogue.close():
                self.counting.exchange(connection, exchange)
        elif connection.unrecognised < MAX_UNRECOGNISED and not connection.encrypted:
            self.counting.unspoken(connection)

    def _unseen(self, connection: Connection) -> Connection:
        self._opened(connection)
        return connection

    def _recognised(self, connection: Connection, writes: bool, head: bytes) -> Dialogue | None:
        if connection.role == UNKNOWN and not connection.unrecognised:
            self.locate(connection)
            self.connections.add(connection)
        roles = (connection.role,) if connection.role != UNKNOWN else (CLIENT, SERVER)
        for role in roles:
            found = sniff(head, writes is (role == CLIENT), connection.service_port)
            if found:
                connection.role, connection.protocol, connection.dialogue = role, found, dialogue(found)
                self.recognised(connection)
                return connection.dialogue
        connection.unrecognised += 1
        if connection.unrecognised == MAX_UNRECOGNISED:
            self.unrecognised += 1
            self.mute(connection)
            self.counting.unspoken(connection)
        return None


def _address(column: NDArray[np.void], row: int) -> Address | None:
    entry = column[row]
    return address(int(entry["family"]), int(entry["port"]), entry["ip"].tobytes())
