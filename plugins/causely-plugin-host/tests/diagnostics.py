"""What the kernel would tell of sockets, packed here by linux/inet_diag.h and linux/tcp.h."""

from __future__ import annotations

import struct

import numpy as np
from causely_plugin_host.inet_diag import SOCKET

from causely_core.host.netlink import HEAD


def information(round_trip=0, sent_ago=0, again=0, sent=0):
    """A struct tcp_info: microseconds, milliseconds, and segments."""
    info = bytearray(248)
    for offset, value in ((44, sent_ago), (68, round_trip), (100, again), (136, sent)):
        struct.pack_into("=I", info, offset, value)
    return bytes(info)


def told(state, inode=0, cookie=0, waiting=0, backlog=0, attributes=()):
    """One message, with attributes by type and content."""
    place = struct.pack("!HH16s16s", 80, 4000, bytes(16), bytes(16)) + struct.pack("=IQ", 0, cookie)
    body = struct.pack("=BBBB", 2, state, 0, 0) + place + struct.pack("=IIIII", 0, waiting, backlog, 0, inode)
    for kind, content in attributes:
        body += struct.pack("=HH", 4 + len(content), kind) + content + bytes(-len(content) % 4)
    return HEAD.pack(HEAD.size + len(body), 20, 2, 0, 0) + body


def table(*rows):
    """Sockets by the fields that matter; numbers that are not given are not told."""
    made = np.zeros(len(rows), SOCKET)
    for field in ("round_trip", "sent_ago", "sent", "sent_again"):
        made[field] = np.nan
    for at, row in enumerate(rows):
        for field, value in row.items():
            made[field][at] = value
    return made
