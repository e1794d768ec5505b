"""Questions for one tracked connection, as linux/netfilter/nfnetlink_conntrack.h lays them out."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Mapping

GET = 0x101
"""Type of the question: IPCTNL_MSG_CT_GET of NFNL_SUBSYS_CTNETLINK."""

PROTOCOLS: Mapping[str, int] = {"tcp": socket.IPPROTO_TCP, "udp": socket.IPPROTO_UDP}
"""Those that have ports, by the names that the kernel writes."""

_NESTED, _KIND = 0x8000, 0x3FFF
_HEAD = struct.Struct("=BBH")
"""Family, version and resource (struct nfgenmsg)."""
_ATTRIBUTE = struct.Struct("=HH")

_ASKED, _ANSWER = 1, 2
"""The ends as the client named them (CTA_TUPLE_ORIG), and of what comes back (CTA_TUPLE_REPLY)."""
_IP, _PROTOCOL = 1, 2
_SOURCE, _DESTINATION = {4: 1, 16: 3}, {4: 2, 16: 4}
"""Attributes for addresses of so many bytes."""
_NUMBER, _SOURCE_PORT, _DESTINATION_PORT = 1, 2, 3


def question(protocol: str, local: tuple[str, int], remote: tuple[str, int]) -> bytes:
    """The question for the connection that a client opened from ``local`` to ``remote``.

    Raises:
        ValueError: when these are no addresses of one family.
    """
    source, destination = _packed(local[0]), _packed(remote[0])
    if len(source) != len(destination):
        raise ValueError(f"expected addresses of one family, found {local[0]} and {remote[0]}")
    ends = _attribute(_SOURCE[len(source)], source) + _attribute(_DESTINATION[len(source)], destination)
    ports = (
        _attribute(_NUMBER, bytes([PROTOCOLS[protocol]]))
        + _attribute(_SOURCE_PORT, local[1].to_bytes(2, "big"))
        + _attribute(_DESTINATION_PORT, remote[1].to_bytes(2, "big"))
    )
    tuples = _attribute(_IP | _NESTED, ends) + _attribute(_PROTOCOL | _NESTED, ports)
    family = socket.AF_INET if len(source) == 4 else socket.AF_INET6
    return _HEAD.pack(family, 0, 0) + _attribute(_ASKED | _NESTED, tuples)


def answering(body: bytes) -> tuple[str, int] | None:
    """From where a tracked connection is answered; none when the message does not tell."""
    answer = dict(_attributes(dict(_attributes(body[_HEAD.size :])).get(_ANSWER, b"")))
    addresses, ports = (dict(_attributes(answer.get(kind, b""))) for kind in (_IP, _PROTOCOL))
    address = next((addresses[kind] for size, kind in _SOURCE.items() if len(addresses.get(kind, b"")) == size), b"")
    port = ports.get(_SOURCE_PORT, b"")
    return (_shown(address), int.from_bytes(port, "big")) if address and len(port) == 2 else None


def _attribute(kind: int, content: bytes) -> bytes:
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(content), kind) + content + bytes(-len(content) % 4)


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(content):
        length, kind = _ATTRIBUTE.unpack_from(content, at)
        if length < _ATTRIBUTE.size:
            return
        yield kind & _KIND, content[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3


def _packed(address: str) -> bytes:
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    except OSError:
        raise ValueError(f"expected an IP address, found {address!r}") from None


def _shown(packed: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
