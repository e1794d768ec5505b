"""Containers, as the kubelet or the container runtime measures them."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Owner, Part, Rule, only

_CPU, _CORES, _MEMORY, _SHARE = "cpu_utilization", "cpu_usage", "memory_usage", "memory_utilization"
# "total" is a sum over what the other values of the mode or state are of; it is no further part.
_PARTS = (only(("cpu.mode", "container.cpu.state", "state"), "user", "system", "kernel"),)

RULES = (
    Rule(_CPU, Owner.CONTAINER, ("container.cpu.usage", "container.cpu.utilization")),
    Rule(_CPU, Owner.CONTAINER, ("container.cpu.time",), Kind.RATE, where=_PARTS),
    Rule(_CPU, Owner.CONTAINER, ("container.cpu.usage.total",), Kind.RATE),
    Rule(_CORES, Owner.CONTAINER, ("container.cpu.usage",)),
    Rule(_CORES, Owner.CONTAINER, ("container.cpu.time",), Kind.RATE, where=_PARTS),
    Rule(_CORES, Owner.CONTAINER, ("container.cpu.usage.total",), Kind.RATE),
    Rule(
        _MEMORY,
        Owner.CONTAINER,
        (
            "container.memory.working_set",
            "container.memory.usage",
            "container.memory.usage.total",
            "container.memory.rss",
        ),
    ),
    Rule(_SHARE, Owner.CONTAINER, ("container.memory.usage.total",), part=Part.USED),
    Rule(_SHARE, Owner.CONTAINER, ("container.memory.usage.limit",), part=Part.LIMIT),
    Rule("open_file_descriptors", Owner.CONTAINER, ("container.open_file_descriptor.count",)),
)
