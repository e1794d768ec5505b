"""Processes of a service, from its SDK's process metrics."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Owner, Rule, only

_MODE = ("cpu.mode", "process.cpu.state", "state", "type")
_BUSY = (only(_MODE, "user", "system"),)
_RESIDENT = (only(("type",), "rss"),)

RULES = (
    # Time tells the share of one core; utilization is of all cores of the machine, where one busy thread is little.
    Rule("cpu_utilization", Owner.SERVICE, ("process.cpu.time",), Kind.RATE, where=_BUSY),
    Rule("cpu_utilization", Owner.SERVICE, ("process.runtime.cpython.cpu_time",), Kind.RATE, where=_BUSY),
    Rule("cpu_utilization", Owner.SERVICE, ("process.cpu.utilization",), where=_BUSY),
    Rule("cpu_utilization", Owner.SERVICE, ("process.runtime.cpython.cpu.utilization",)),
    Rule("cpu_usage", Owner.SERVICE, ("process.cpu.time",), Kind.RATE, where=_BUSY),
    Rule("cpu_usage", Owner.SERVICE, ("process.runtime.cpython.cpu_time",), Kind.RATE, where=_BUSY),
    Rule("memory_usage", Owner.SERVICE, ("process.memory.usage", "process.memory.physical_usage")),
    Rule("memory_usage", Owner.SERVICE, ("process.runtime.cpython.memory",), where=_RESIDENT),
    Rule("memory_utilization", Owner.SERVICE, ("process.memory.utilization",)),
    Rule(
        "open_file_descriptors",
        Owner.SERVICE,
        (
            "process.unix.file_descriptor.count",
            "process.open_file_descriptor.count",
            "process.open_file_descriptors",
            "jvm.file_descriptor.count",
        ),
    ),
    Rule("thread_count", Owner.SERVICE, ("process.thread.count", "process.threads")),
    Rule("thread_count", Owner.SERVICE, ("process.runtime.cpython.thread_count",)),
)
