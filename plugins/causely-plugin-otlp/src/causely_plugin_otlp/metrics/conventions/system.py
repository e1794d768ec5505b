"""Machines, from the Collector's hostmetrics receiver or an SDK's system metrics."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Over, Owner, Part, Rule, only, without

_STATE = ("system.memory.state", "system.filesystem.state", "cpu.mode", "system.cpu.state", "state")
_CORE = ("cpu.logical_number", "system.cpu.logical_number", "cpu")
_MOUNT = ("system.filesystem.mountpoint", "mountpoint", "system.device", "device")
_BUSY = (without(_STATE, "idle", "iowait", "wait", "io_wait"),)
_USED = only(_STATE, "used")
# The slabs of a kernel are in "used" or "free" already; what is left adds up to all there is.
_MEMORY = only(_STATE, "used", "free", "cached", "buffers", "buffered")
# Read-only images are full by design, and what is in memory is no disk.
_REAL = without(
    ("system.filesystem.type", "type"),
    "squashfs",
    "iso9660",
    "erofs",
    "tmpfs",
    "devtmpfs",
    "ramfs",
    "overlay",
    "autofs",
)

RULES = (
    Rule("cpu_utilization", Owner.NODE, ("system.cpu.utilization",), where=_BUSY, per=_CORE, over=Over.MEAN),
    Rule("cpu_utilization", Owner.NODE, ("system.cpu.time",), Kind.RATE, where=_BUSY, per=_CORE, over=Over.MEAN),
    Rule("memory_usage", Owner.NODE, ("system.memory.usage",), where=(_USED,)),
    Rule("memory_utilization", Owner.NODE, ("system.memory.utilization",), where=(_USED,)),
    Rule("memory_utilization", Owner.NODE, ("system.memory.usage",), part=Part.USED, where=(_USED,)),
    Rule("memory_utilization", Owner.NODE, ("system.memory.limit",), part=Part.LIMIT),
    Rule("memory_utilization", Owner.NODE, ("system.memory.usage",), part=Part.LIMIT, where=(_MEMORY,)),
    Rule(
        "disk_utilization",
        Owner.NODE,
        ("system.filesystem.utilization",),
        where=(_USED, _REAL),
        per=_MOUNT,
        over=Over.MAX,
    ),
    Rule(
        "disk_utilization",
        Owner.NODE,
        ("system.filesystem.usage",),
        part=Part.USED,
        where=(_USED, _REAL),
        per=_MOUNT,
        over=Over.MAX,
    ),
    Rule("disk_utilization", Owner.NODE, ("system.filesystem.usage",), part=Part.LIMIT, where=(_REAL,), per=_MOUNT),
)
