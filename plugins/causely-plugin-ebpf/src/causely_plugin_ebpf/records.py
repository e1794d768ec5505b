"""Records of ``kernel/records.h``, field by field."""

from __future__ import annotations

import struct

import numpy as np

HEAD = 464
"""Bytes of each message that are seen at most."""

UNKNOWN, CLIENT, SERVER = 0, 1, 2
"""Roles of a connection's holder."""

OPENED, CLOSED, FAILED, EXITED, ENCRYPTS, EXECUTED = 0, 1, 2, 3, 4, 5
"""Kinds of events."""

_ADDRESS = np.dtype([("family", "<u2"), ("port", "<u2"), ("unused", "<u4"), ("ip", "V16")])

EVENT = np.dtype(
    [
        ("at", "<u8"),
        ("id", "<u8"),
        ("key", "<u8"),
        ("tgid", "<u4"),
        ("fd", "<i4"),
        ("local", _ADDRESS),
        ("remote", _ADDRESS),
        ("since", "<u8"),
        ("kind", "u1"),
        ("role", "u1"),
        ("unused", "V6"),
    ]
)

SEGMENT = np.dtype(
    [
        ("at", "<u8"),
        ("id", "<u8"),
        ("key", "<u8"),
        ("length", "<u4"),
        ("head", "<u2"),
        ("writes", "u1"),
        ("unused", "u1"),
        ("tgid", "<u4"),
        ("fd", "<i4"),
        ("data", f"V{HEAD}"),
    ]
)

CLOSED_BYTES = np.dtype([("sent", "<u8"), ("received", "<u8"), ("connections", "<u8")])
"""A value of the map ``closed``, whose keys are processes."""

PROCESS, PLACE = np.dtype("<u4"), np.dtype("<u8")
"""Keys of ``closed`` and ``conns``."""

KEY = struct.Struct("=Q")
"""A key of the map ``conns``."""

CONN = np.dtype(
    [
        ("id", "<u8"),
        ("role", "u1"),
        ("muted", "u1"),
        ("whole", "u1"),
        ("prepares", "u1"),
        ("speaking", "u1"),
        ("untold", "u1"),
        ("more", "u1"),
        ("looks", "u1"),
        ("sent", "<u8"),
        ("received", "<u8"),
        ("since", "<u8"),
        ("tgid", "<u4"),
        ("fd", "<i4"),
        ("local", _ADDRESS),
        ("remote", _ADDRESS),
        ("share", "<u4"),
        ("shares_of", "<u2"),
        ("announced", "u1"),
        ("unused", "u1"),
    ]
)
"""A value of it. The agent sets it up to ``prepares``, and in the whole of what was there before."""

TOLD, MUTED, SHED = 0, 1, 2
"""Values of ``muted``: all that is drawn is told, nothing ever will be, nothing is until there is room in the agent."""

LOST_EVENTS, LOST_SEGMENTS, LEFT_OUT = 1, 2, 3
"""Counters: what found no room in its ring, and what was left out of long messages on purpose."""

SAMPLED, TIMED, FAMILY_AT, PORT_AT, PROTOCOL_AT, SHARE_OF_OTHERS, CALL_AFTER_EVENTS, CALL_AFTER_SEGMENTS = range(8)
"""Settings: how often what is told of processes was changed, 0 where all is told of all; whether beginnings are noted;
where fields of sockets are; how many requests are told of processes that are not known yet; and after how many records
of a ring a processor calls."""
