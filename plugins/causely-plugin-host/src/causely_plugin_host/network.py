"""What the machine's network loses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from causely_core.host import HostRoot, read
from causely_plugin_host.counters import Counters, share

FEWEST = 100.0
"""Packets in an interval of which a share tells anything."""

_NETWORK = "proc/1/net"
"""As the machine's first process sees it: the reader may be in a network namespace of its own."""
_LOOPBACK = "lo"


def dropped(root: HostRoot, counters: Counters) -> float | None:
    """Share of packets, received and sent, that the machine's network devices dropped."""
    interfaces = _interfaces(read(root.at(f"{_NETWORK}/dev")))
    real = [name for name in interfaces if Path(root.sys, "class/net", name, "device").exists()]
    wanted = real or [name for name in interfaces if name != _LOOPBACK]
    lost = _sum(counters.growth(("lost", name), interfaces[name][1]) for name in wanted)
    passed = _sum(counters.growth(("passed", name), interfaces[name][0]) for name in wanted)
    return share(lost, lost + passed, FEWEST)


def retransmitted(root: HostRoot, counters: Counters) -> float | None:
    """Share of TCP segments that were sent again; the kernel does not count these among those that it sent."""
    tcp = _tcp(read(root.at(f"{_NETWORK}/snmp")))
    again = counters.growth("segments again", tcp.get("RetransSegs"))
    sent = counters.growth("segments", tcp.get("OutSegs"))
    return share(again, again + sent, FEWEST) if again is not None and sent is not None else None


def _interfaces(content: bytes) -> dict[str, tuple[float, float]]:
    """Packets that passed and packets that were dropped, by interface."""
    found = {}
    for line in content.decode(errors="replace").splitlines():
        name, colon, rest = line.partition(":")
        numbers = rest.split()
        if colon and len(numbers) >= 16:
            passed, lost = (float(numbers[at]) + float(numbers[at + 8]) for at in (1, 3))
            found[name.strip()] = (passed, lost)
    return found


def _tcp(content: bytes) -> dict[str, float]:
    """The two lines of TCP, of which the first holds names and the second numbers."""
    lines = [line.split()[1:] for line in content.decode(errors="replace").splitlines() if line.startswith("Tcp:")]
    return dict(zip(lines[0], map(float, lines[1]), strict=False)) if len(lines) == 2 else {}


def _sum(values: Iterable[float | None]) -> float:
    return sum(value for value in values if value is not None)
