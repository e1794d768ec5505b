"""All connections that are open, and who is at the other end of each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from attrs import define, field

from causely_core.host import Owner
from causely_plugin_ebpf.connection import Address, Connection

_MAX_SERVERS = 16_384
"""Addresses at which somebody of this machine was seen to answer."""


@define
class Connections:
    """Open connections by id.

    Attributes:
        limit: connections kept; of more, the oldest are forgotten.
        forget: called with each that was.
        forgotten: how many, since the start.
    """

    limit: int
    forget: Callable[[Connection], None] = lambda _: None
    forgotten: int = field(default=0, init=False)
    _late: set[int] = field(factory=set, init=False)
    _open: OrderedDict[int, Connection] = field(factory=OrderedDict, init=False)
    _accepted: dict[Address, dict[Address | None, Connection]] = field(factory=dict, init=False)
    _answering: OrderedDict[Address, Owner] = field(factory=OrderedDict, init=False)

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    def __contains__(self, id: object) -> bool:
        """Whether the connection with this id is open."""
        return id in self._open

    def __iter__(self) -> Iterator[Connection]:
        """All of them."""
        return iter(self._open.values())

    def ids(self) -> Iterable[int]:
        """Ids of all of them."""
        return self._open.keys()

    def get(self, id: int) -> Connection | None:
        """The connection with this id."""
        return self._open.get(id)

    def add(self, connection: Connection) -> None:
        """A connection was opened, or is known better."""
        self._open[connection.id] = connection
        if connection.serves and connection.remote:
            self._accepted.setdefault(connection.remote, {})[connection.local] = connection
        self.shed()

    def shed(self) -> None:
        """Forget the oldest of those beyond the limit."""
        while len(self._open) > self.limit:
            forgotten = self.remove(next(iter(self._open)))
            if forgotten:
                self.forgotten += 1
                self._late.add(forgotten.id)
                self.forget(forgotten)

    def remove(self, id: int) -> Connection | None:
        """A connection was closed."""
        connection = self._open.pop(id, None)
        if connection and connection.remote:
            accepted = self._accepted.get(connection.remote, {})
            if accepted.get(connection.local) is connection:
                del accepted[connection.local]
                if not accepted:
                    del self._accepted[connection.remote]
        return connection

    def was_forgotten(self, id: int) -> bool:
        """Whether a connection was, since :meth:`caught_up`: what is still told of it was told before."""
        return id in self._late

    def caught_up(self) -> None:
        """All was taken in that had been told when connections were forgotten."""
        self._late.clear()

    def of_process(self, pid: int) -> list[int]:
        """Ids of the connections that a process holds."""
        return [each.id for each in self._open.values() if each.pid == pid]

    def server(self, client: Connection) -> Owner | None:
        """Who of this machine answers a client; none when that is elsewhere, or not known.

        Address translation changes where a client seems to connect to, but hardly ever where it seems to come from:
        the server's other end is the client's own. Where it answered once, it is looked for when it does not any more.
        """
        # A port may have several connections, to different places: then the place that it called tells.
        accepted = self._accepted.get(client.local, {}) if client.local else {}
        found = accepted.get(client.remote) or next(reversed(accepted.values()), None)
        owner = found.owner if found else None
        if client.remote is None:
            return owner
        if owner:
            self._answering[client.remote] = owner
            self._answering.move_to_end(client.remote)
            if len(self._answering) > _MAX_SERVERS:
                self._answering.popitem(last=False)
        return self._answering.get(client.remote)
