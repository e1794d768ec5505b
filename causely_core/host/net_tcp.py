"""The kernel's table of TCP sockets: ``/proc/<pid>/net/tcp`` and ``tcp6``, which hold those of a network namespace."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

LISTEN, ESTABLISHED = b"0A", b"01"

_LINES = {
    state: re.compile(
        rb"^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) "
        + state
        + rb" [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:[0-9A-F]+ [0-9A-F]+ +\d+ +\d+ (\d+)\b",
        re.MULTILINE,
    )
    for state in (LISTEN, ESTABLISHED)
}
_MAPPED = bytes(10) + b"\xff\xff"


@frozen
class TcpSocket:
    """One line.

    Attributes:
        local: address of this end; an IPv4 address is written as one also where the socket is of IPv6.
        local_port: port of this end.
        remote: address of the other end; ``0.0.0.0`` or ``::`` of a listening socket.
        remote_port: port of the other end, 0 likewise.
        inode: tells the socket apart; 0 when no process has it open any more.
    """

    local: str
    local_port: int
    remote: str
    remote_port: int
    inode: int


def parse_sockets(content: bytes, state: bytes) -> Iterator[TcpSocket]:
    """Sockets in a state, :data:`LISTEN` or :data:`ESTABLISHED`; what is no line of a socket is left out."""
    # One by one: all fields of 40,000 lines at once take 15 MB.
    for line in _LINES[state].finditer(content):
        local, local_port, remote, remote_port, inode = line.groups()
        yield TcpSocket(address(local), int(local_port, 16), address(remote), int(remote_port, 16), int(inode))


@lru_cache(maxsize=4096)
def address(digits: bytes) -> str:
    """An address as the kernel writes it: 32-bit words, each in the byte order of the machine."""
    words = (digits[at : at + 8] for at in range(0, len(digits), 8))
    packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    if packed.startswith(_MAPPED) and len(packed) == 16:
        packed = packed[12:]
    return socket.inet_ntop(socket.AF_INET6 if len(packed) == 16 else socket.AF_INET, packed)
