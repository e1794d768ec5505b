"""What a container uses, by its control group."""

from __future__ import annotations

from collections.abc import Iterator

from causely_plugin_host.counters import Counters, share
from causely_plugin_host.groups import GroupFiles
from causely_plugin_host.machine_values import Value


def container_values(id: str, files: GroupFiles, requested: float, counters: Counters) -> Iterator[Value]:
    """Attributes of the Container that are of this moment.

    Args:
        id: of the container, new with each start.
        files: of its control group.
        requested: processors that it has requested; 0 when that is not known.
        counters: of all containers.
    """
    yield from _processor(id, files, requested, counters)
    yield from _memory(id, files, counters)
    yield "thread_count", files.threads()


def kills(id: str, files: GroupFiles, counters: Counters) -> float | None:
    """How many of its processes were killed for want of memory since the last reading."""
    return counters.growth((id, "killed"), files.killed())


def throttled_share(key: object, files: GroupFiles, counters: Counters) -> float | None:
    """Share of the scheduler's periods in which the group was stopped at its limit; none where it has no limit."""
    stopped, periods = files.throttling()
    return share(counters.growth((key, "stopped"), stopped), counters.growth((key, "periods"), periods))


def _processor(id: str, files: GroupFiles, requested: float, counters: Counters) -> Iterator[Value]:
    """Processor time, by the limit or by one core, and by the request."""
    used = counters.rate((id, "cpu"), files.cpu_seconds())
    yield "cpu_usage", used
    yield "cpu_utilization", share(used, files.cores() or 1.0)
    yield "cpu_request_utilization", share(used, requested)
    yield "cpu_throttled_share", throttled_share(id, files, counters)
    yield "cpu_pressure", counters.rate((id, "cpu waited"), files.waited("cpu"))


def _memory(id: str, files: GroupFiles, counters: Counters) -> Iterator[Value]:
    """What is charged to it without files that can be dropped at once, as the kubelet reckons (working set)."""
    numbers, charged = files.memory_stat(), files.memory_charged()
    # In version 1 only the numbers that begin so are of the groups within as well.
    idle, faults = (numbers.get(f"total_{name}", numbers.get(name, 0.0)) for name in ("inactive_file", "pgmajfault"))
    used = max(charged - idle, 0.0) if charged is not None else None
    yield "memory_usage", used
    yield "memory_utilization", share(used, files.memory_limit())
    yield "memory_pressure", counters.rate((id, "memory waited"), files.waited("memory"))
    yield "major_page_fault_rate", counters.rate((id, "faults"), faults if numbers else None)
