"""What the machine's network loses."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path

from causely_core.host import HostRoot, link, read
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
    return _lost("machine", {name: interfaces[name] for name in wanted}, counters)


def pod_dropped(root: HostRoot, pid: int, key: Hashable, counters: Counters) -> float | None:
    """Likewise of a pod's devices; none where it has no network of its own.

    Args:
        root: the machine.
        pid: a process of the pod.
        key: the pod.
        counters: of all pods.
    """
    network = link(f"{root.proc}/{pid}/ns/net")
    if not network or network == link(f"{root.proc}/1/ns/net"):
        return None
    interfaces = _interfaces(read(f"{root.proc}/{pid}/net/dev"))
    interfaces.pop(_LOOPBACK, None)
    return _lost(key, interfaces, counters)


def _lost(key: Hashable, interfaces: Mapping[str, tuple[float, float]], counters: Counters) -> float | None:
    lost = _sum(counters.growth((key, "lost", name), told[1]) for name, told in interfaces.items())
    passed = _sum(counters.growth((key, "passed", name), told[0]) for name, told in interfaces.items())
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
