"""Who is really at the other end, where the kernel has rewritten the address that a client has connected to."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from attrs import define, field

from causely_plugin_ebpf.connection import Address, Connection

_MAX_ADDRESSES = 4096
"""Addresses that are remembered as rewritten: services of a cluster, as a rule."""


@define
class Rewriting:
    """Follows connections to where they go.

    Attributes:
        answering: tells who answers a client at one address that has connected to another one; none where nothing is
            rewritten, or no more is asked now.
    """

    answering: Callable[[Address, Address], tuple[str, int] | None]
    _last: OrderedDict[Address, Address] = field(factory=OrderedDict, init=False)

    def follow(self, connection: Connection) -> None:
        """Put the real remote address in place of a rewritten one.

        Where that of this connection is not told, the last one for the same address is taken: another replica of the
        same, in a cluster.
        """
        local, remote = connection.local, connection.remote
        if connection.serves or local is None or remote is None or is_loopback(remote):
            return
        found = self.answering(local, remote)
        if found:
            self._last[remote] = Address(*found)
            self._last.move_to_end(remote)
            if len(self._last) > _MAX_ADDRESSES:
                self._last.popitem(last=False)
        connection.remote = self._last.get(remote, remote)


def is_loopback(end: Address) -> bool:
    """Whether it is this very machine."""
    return _is_loopback(end.ip)


@lru_cache(maxsize=_MAX_ADDRESSES)
def _is_loopback(ip: str) -> bool:
    return ipaddress.ip_address(ip).is_loopback
