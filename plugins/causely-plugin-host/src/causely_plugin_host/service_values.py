"""What a service uses on this machine, by its processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from causely_core.host import HostRoot, Process, read
from causely_core.host.stat import PAGE
from causely_plugin_host.container_values import throttled_share
from causely_plugin_host.counters import Counters, share
from causely_plugin_host.groups import GroupFiles
from causely_plugin_host.machine_values import Value
from causely_plugin_host.run_queue import waiting_share
from causely_plugin_host.sight import Group

_SOFT_LIMIT = re.compile(rb"^Max open files +(\d+)", re.MULTILINE)


@frozen
class _Files:
    """Open files of one process: how many, and how many there may be."""

    count: int
    most: int


def service_values(root: HostRoot, instances: Iterable[Group], counters: Counters) -> Iterator[Value]:
    """Attributes of the Service: of its instances here the largest, so that one that leaks or runs hot shows."""
    found: dict[str, float] = {}
    for group in instances:
        for attribute, value in _instance_values(root, group, counters):
            if value is not None:
                found[attribute] = max(value, found.get(attribute, value))
    yield from found.items()


def _instance_values(root: HostRoot, group: Group, counters: Counters) -> Iterator[Value]:
    """All processes of an instance count: a master's and its workers'."""
    files = GroupFiles(root, group.first.cgroup)
    used = _busiest(group, counters)
    yield "cpu_usage", used
    yield "cpu_utilization", share(used, files.cores() or 1.0)
    yield "cpu_throttled_share", throttled_share((group.owner.service, group.key), files, counters)
    pids = [process.pid for process, _ in group.members]
    yield "cpu_pressure", waiting_share(root, pids, counters)
    resident = _resident(root, pids)
    yield "memory_usage", resident
    yield "memory_utilization", share(resident, files.memory_limit())
    yield "thread_count", float(sum(stat.threads for _, stat in group.members))
    yield from _open_files(root, pids)


def _busiest(group: Group, counters: Counters) -> float | None:
    rates = (_cores(process, stat.cpu_seconds, counters) for process, stat in group.members)
    return max((rate for rate in rates if rate is not None), default=None)


def _cores(process: Process, seconds: float, counters: Counters) -> float | None:
    return counters.rate((process.pid, process.started), seconds)


def _resident(root: HostRoot, pids: Iterable[int]) -> float | None:
    """Bytes in memory; what processes share, such as the buffers of a database, counts once."""
    sizes = [read(f"{root.proc}/{pid}/statm").split() for pid in pids]
    pages = [(int(size[1]), int(size[2])) for size in sizes if len(size) > 2]
    own = sum(max(resident - shared, 0) for resident, shared in pages)
    return float(own + max(shared for _, shared in pages)) * PAGE if pages else None


def _open_files(root: HostRoot, pids: Iterable[int]) -> Iterator[Value]:
    """Of all processes together, and of the one that is closest to its limit."""
    files = [each for each in (_files(f"{root.proc}/{pid}") for pid in pids) if each]
    yield "open_file_descriptors", float(sum(each.count for each in files)) if files else None
    yield (
        "file_descriptor_utilization",
        max((each.count / each.most for each in files if each.most), default=None),
    )


def _files(folder: str) -> _Files | None:
    try:
        count = len(os.listdir(f"{folder}/fd"))  # noqa: PTH208 (Path takes longer, and there are many)
    except OSError:
        return None
    limit = _SOFT_LIMIT.search(read(f"{folder}/limits"))
    return _Files(count, int(limit[1]) if limit else 0)
