"""Records of ``kernel/connections.c``, field by field."""

from __future__ import annotations

import struct

import numpy as np

HEAD = 472
"""Bytes of each message that are seen at most."""

UNKNOWN, CLIENT, SERVER = 0, 1, 2
"""Roles of a connection's holder."""

OPENED, CLOSED, ESTABLISHED, FAILED, EXITED = 0, 1, 2, 3, 4
"""Kinds of events."""

_ADDRESS = np.dtype([("family", "<u2"), ("port", "<u2"), ("unused", "<u4"), ("ip", "V16")])

EVENT = np.dtype(
    [
        ("at", "<u8"),
        ("id", "<u8"),
        ("tgid", "<u4"),
        ("fd", "<i4"),
        ("local", _ADDRESS),
        ("remote", _ADDRESS),
        ("sent", "<u8"),
        ("received", "<u8"),
        ("kind", "u1"),
        ("role", "u1"),
        ("unused", "V6"),
    ]
)

SEGMENT = np.dtype(
    [
        ("at", "<u8"),
        ("id", "<u8"),
        ("length", "<u4"),
        ("head", "<u2"),
        ("writes", "u1"),
        ("skipped", "u1"),
        ("tgid", "<u4"),
        ("fd", "<i4"),
        ("data", f"V{HEAD}"),
    ]
)

CONN = struct.Struct("=3Q4BHBB")
"""A value of the map ``conns``: id, bytes sent and received, role, muted, whole, speaking, more, untold, prepares."""

PLACE = struct.Struct("=Ii")
"""A key of it: process and file descriptor."""

LOST_EVENTS, LOST_SEGMENTS, LEFT_OUT = 1, 2, 3
"""Counters: what found no room in its ring, and what was left out of long messages on purpose."""
