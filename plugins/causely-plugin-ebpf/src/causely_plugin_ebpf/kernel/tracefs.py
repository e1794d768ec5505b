"""The kernel's list of tracepoints."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

PLACES = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))


def mounted() -> Path:
    """Where tracefs is; it is mounted at its usual place if it is nowhere.

    Raises:
        OSError: it is nowhere and cannot be mounted.
    """
    for place in PLACES:
        if (place / "events").is_dir():
            return place
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tracefs", bytes(PLACES[0]), b"tracefs", 0, None):
        number = ctypes.get_errno()
        raise OSError(number, f"tracefs is not mounted and cannot be: {os.strerror(number)}", str(PLACES[0]))
    return PLACES[0]


def tracepoint(category: str, event: str) -> int | None:
    """The id of a tracepoint; none when this kernel has none of the name."""
    try:
        return int((mounted() / "events" / category / event / "id").read_text())
    except FileNotFoundError:
        return None


def format_of(category: str, event: str) -> str:
    """The format of a tracepoint's record; empty when this kernel has none of the name, or does not show it."""
    try:
        return (mounted() / "events" / category / event / "format").read_text()
    except OSError:
        return ""
