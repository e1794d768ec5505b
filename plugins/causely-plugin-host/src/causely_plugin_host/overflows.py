"""Connections that found no room in the accept queue of who listens, which the kernel counts by network namespace."""

from __future__ import annotations

from collections.abc import Iterable

from causely_core.host import HostRoot, read

_TABLE = b"TcpExt:"
_NAME = b"ListenOverflows"


def overflows(root: HostRoot, pids: Iterable[int]) -> float | None:
    """How many there were since a network namespace began; none when its file cannot be read.

    Args:
        root: the machine.
        pids: processes of the namespace; of those that have ended, others are asked.
    """
    contents = (read(f"{root.proc}/{pid}/net/netstat") for pid in pids)
    return parse_overflows(next(filter(None, contents), b""))


def parse_overflows(content: bytes) -> float | None:
    """From two lines of a file such as /proc/net/netstat, of which one has names and the next numbers."""
    rows = [line.split() for line in content.splitlines() if line.startswith(_TABLE)]
    if len(rows) != 2 or _NAME not in rows[0]:
        return None
    number = dict(zip(*rows, strict=False)).get(_NAME, b"")
    return float(number) if number.isdigit() else None
