"""Records of ``kernel/connections.c``, field by field."""

from __future__ import annotations

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

CONN = np.dtype([("id", "<u8"), ("role", "u1"), ("muted", "u1"), ("whole", "u1"), ("speaking", "u1"), ("more", "<u4")])
"""A value of the map ``conns``, whose keys are two 32-bit numbers: process and file descriptor."""
