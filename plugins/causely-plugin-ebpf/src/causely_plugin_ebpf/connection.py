"""One connection, as one of its ends holds it."""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import NamedTuple

from attrs import define, field

from causely_core.host import Owner
from causely_plugin_ebpf.protocols import Dialogue
from causely_plugin_ebpf.records import CLIENT, SERVER, UNKNOWN

WHOLE = frozenset({"http2", "amqp"})
"""Protocols of which every segment is told, for what is said later refers to what was said before."""

MAX_UNRECOGNISED = 4
"""Segments in which no protocol was found, after which a connection is not looked at any more."""


class Address(NamedTuple):
    """An IP address and a port."""

    ip: str
    port: int

    def __str__(self) -> str:
        """As it names an external service."""
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


@define(eq=False)
class Connection:
    """What is known of it.

    Attributes:
        id: unique while the agent runs.
        pid: process that holds it.
        fd: its file descriptor there.
        role: CLIENT, SERVER or UNKNOWN.
        opened: when, in nanoseconds of the monotonic clock.
        remote: the other end.
        local: this end.
        key: what the program in the kernel has it by.
        owner: whose the process is.
        dialogue: what follows the protocol; none before it is known.
        protocol: its name; empty before it is known.
        encrypted: whether what is said is read where the process encrypts it, if at all.
        unrecognised: segments in which no protocol was found.
        codes: the ledger's codes by what an exchange tells.
    """

    id: int
    pid: int
    fd: int
    role: int = UNKNOWN
    opened: int = 0
    remote: Address | None = None
    local: Address | None = None
    key: int = 0
    owner: Owner | None = None
    dialogue: Dialogue | None = None
    protocol: str = ""
    encrypted: bool = False
    unrecognised: int = 0
    codes: dict[tuple[str, str], int] = field(factory=dict)

    def to_server(self, writes: bool) -> bool:
        """Whether what this end writes (or reads, if not ``writes``) goes to the server."""
        return writes is (self.role == CLIENT)

    @property
    def serves(self) -> bool:
        """Whether this end is the server."""
        return self.role == SERVER

    @property
    def service_port(self) -> int:
        """The server's port; 0 where it is not known."""
        end = self.remote if self.role == CLIENT else self.local
        return end.port if end else 0


@lru_cache(maxsize=16_384)
def address(family: int, port: int, ip: bytes) -> Address | None:
    """An address of the kernel's; IPv4 in IPv6 is told as what it is. None where there is none."""
    if family == socket.AF_INET:
        return Address(socket.inet_ntop(family, ip[:4]), port)
    if family == socket.AF_INET6:
        mapped = ip.startswith(bytes(10) + b"\xff\xff")
        return Address(socket.inet_ntop(socket.AF_INET, ip[12:]) if mapped else socket.inet_ntop(family, ip), port)
    return None
