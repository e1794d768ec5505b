"""What the machine as a whole uses."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from causely_core.host import HostRoot, read
from causely_plugin_host.counters import Counters, share
from causely_plugin_host.files import number, stalled, table
from causely_plugin_host.network import dropped, retransmitted

Value = tuple[str, float | None]
"""An attribute of docs/attributes.md, and its value if it is known."""


def machine_values(root: HostRoot, counters: Counters) -> Iterator[Value]:
    """Attributes of the Node."""
    # One setting for the whole process, which is as well: an agent looks at one machine.
    psutil.PROCFS_PATH = root.proc
    yield "cpu_utilization", _busy(counters)
    yield from _memory()
    yield from _tables(root)
    yield "memory_pressure", counters.rate("memory", stalled(root.at("proc/pressure/memory")))
    yield "major_page_fault_rate", counters.rate("faults", table(root.at("proc/vmstat")).get("pgmajfault"))
    yield "packet_loss", dropped(root, counters)
    yield "retransmit_rate", retransmitted(root, counters)


def _busy(counters: Counters) -> float | None:
    """Share of all processors; waiting for a disk is not use of one."""
    times = psutil.cpu_times()
    # Time of guests is in that of users already.
    total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    idle = times.idle + getattr(times, "iowait", 0.0)
    return share(counters.growth("busy", total - idle), counters.growth("total", total))


def _memory() -> Iterator[Value]:
    """What could not be had without swapping is used: caches are not."""
    memory = psutil.virtual_memory()
    used = float(memory.total - memory.available)
    yield "memory_usage", used
    yield "memory_utilization", share(used, memory.total)


def _tables(root: HostRoot) -> Iterator[Value]:
    """Tables of the kernel's that can be full."""
    most = [number(root.at(f"proc/sys/kernel/{name}")) for name in ("pid_max", "threads-max")]
    threads = _threads(root)
    yield "open_file_descriptors", number(root.at("proc/sys/fs/file-nr"))
    yield "thread_count", threads
    yield "pid_utilization", share(threads, min((each for each in most if each), default=None))
    tracked = root.at("proc/sys/net/netfilter/nf_conntrack_")
    yield "conntrack_utilization", share(number(f"{tracked}count"), number(f"{tracked}max"))


def _threads(root: HostRoot) -> float | None:
    """From ``0.20 0.18 0.12 1/80 11206``, where 80 is the number of all threads."""
    words = read(root.at("proc/loadavg")).decode(errors="replace").split()
    threads = words[3].partition("/")[2] if len(words) > 3 else ""
    return float(threads) if threads.isdecimal() else None
