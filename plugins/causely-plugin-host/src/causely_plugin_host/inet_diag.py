"""The kernel's diagnostics of TCP sockets (linux/inet_diag.h), as rows of an array: there may be tens of thousands.

What is read is fixed for user space: kernels add to the end of struct tcp_info (linux/tcp.h), and older ones lack that.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from causely_core.host.netlink import HEAD

ESTABLISHED, LISTEN = 1, 10
"""States of sockets (linux/tcp_states.h)."""
BY_FAMILY = 20
"""Type of a question for the sockets of one family (SOCK_DIAG_BY_FAMILY)."""

_INFO = 2
"""Type of the attribute that holds struct tcp_info (INET_DIAG_INFO)."""
_REQUEST = struct.Struct("=BBBBI48x")
"""Family, protocol, attributes, nothing, states; no socket in particular (struct inet_diag_req_v2)."""
_SOCKET = 72
"""Bytes of struct inet_diag_msg, behind which attributes follow."""
_MOST_ATTRIBUTES = 64

# Where fields are: in struct inet_diag_msg in words of four bytes, in struct tcp_info in bytes.
_COOKIE, _WAITING, _BACKLOG, _INODE = 11, 14, 15, 17
_SENT_AGO, _ROUND_TRIP, _SENT_AGAIN, _SENT = 44, 68, 100, 136

Table = NDArray[np.void]
"""Sockets, one a row, of :data:`SOCKET`."""
Words = NDArray[np.uint32]
Places = NDArray[np.int64]

SOCKET = np.dtype(
    [
        ("cookie", np.uint64),  # tells a socket of a network namespace apart, also from those that were there before
        ("inode", np.uint32),  # by which processes hold it; 0 while none does
        ("listening", np.bool_),  # else it is connected
        ("waiting", np.uint32),  # of one that listens, connections that nobody has accepted yet
        ("backlog", np.uint32),  # of one that listens, how many may wait; the kernel lets one more in
        ("round_trip", np.float64),  # seconds from a segment to its acknowledgement, smoothed; nan before the first
        ("sent_ago", np.float64),  # seconds since data was sent
        ("sent", np.float64),  # segments, those without data and those sent again included; nan before Linux 4.2
        ("sent_again", np.float64),  # those of them that were sent again
    ]
)
"""What is read of a socket; what the kernel does not tell is nan."""


def question(family: socket.AddressFamily) -> bytes:
    """The question for all TCP sockets of a family that listen or are connected."""
    return _REQUEST.pack(family, socket.IPPROTO_TCP, 1 << (_INFO - 1), 0, 1 << ESTABLISHED | 1 << LISTEN)


def parse(content: bytes, starts: Sequence[int]) -> Table:
    """Read an answer.

    Args:
        content: messages.
        starts: where each begins; one that is too short for a socket is left out.
    """
    words = np.frombuffer(content + bytes(-len(content) % 4), np.uint32)
    begins = np.array(starts, np.int64) // 4
    ends = begins + words[begins] // 4
    enough = ends - begins >= (HEAD.size + _SOCKET) // 4
    at, ends = begins[enough] + HEAD.size // 4, ends[enough]
    info, size = _info(words, at + _SOCKET // 4, ends)
    found = np.zeros(len(at), SOCKET)
    found["cookie"] = words[at + _COOKIE] | words[at + _COOKIE + 1].astype(np.uint64) << np.uint64(32)
    found["inode"] = words[at + _INODE]
    found["listening"] = words[at].view(np.uint8)[1::4] == LISTEN
    found["waiting"], found["backlog"] = words[at + _WAITING], words[at + _BACKLOG]
    round_trip = _field(words, info, size, _ROUND_TRIP)
    found["round_trip"] = np.where(found["listening"] | (round_trip == 0.0), np.nan, round_trip / 1e6)
    found["sent_ago"] = _field(words, info, size, _SENT_AGO) / 1e3
    found["sent"] = _field(words, info, size, _SENT)
    found["sent_again"] = _field(words, info, size, _SENT_AGAIN)
    return found


def _info(words: Words, at: Places, ends: Places) -> tuple[Places, Words]:
    """Where struct tcp_info of each socket is, and its bytes: 0 where there is none.

    Attributes are stepped over for all sockets at once.
    """
    where, size = np.zeros_like(at), np.zeros(len(at), np.uint32)
    halves = words.view(np.uint16)
    left = np.flatnonzero(at < ends)
    at = at.copy()
    for _ in range(_MOST_ATTRIBUTES):
        length, kind = halves[2 * at[left]], halves[2 * at[left] + 1]
        within = (length >= 4) & (at[left] + (length + 3) // 4 <= ends[left])
        is_info = within & (kind == _INFO)
        where[left[is_info]] = at[left[is_info]] + 1
        size[left[is_info]] = length[is_info] - 4
        at[left] += (length.astype(np.int64) + 3) // 4
        left = left[within & ~is_info & (at[left] < ends[left])]
        if not left.size:
            break
    return where, size


def _field(words: Words, where: Places, size: Words, offset: int) -> NDArray[np.float64]:
    there = size >= offset + 4
    found = np.full(len(where), np.nan)
    found[there] = words[where[there] + offset // 4]
    return found
