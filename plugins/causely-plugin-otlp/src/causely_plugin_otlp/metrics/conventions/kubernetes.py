"""Pods, nodes and container limits, as the kubelet and the API server know them (kubeletstats, k8s_cluster)."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Owner, Part, Rule

_CPU, _MEMORY, _SHARE = "cpu_utilization", "memory_usage", "memory_utilization"
_ALLOCATABLE_CPU = ("k8s.node.cpu.allocatable", "k8s.node.allocatable_cpu")
_ALLOCATABLE_MEMORY = ("k8s.node.memory.allocatable", "k8s.node.allocatable_memory")

RULES = (
    Rule(_CPU, Owner.CONTAINER, ("k8s.container.cpu.limit_utilization", "k8s.container.cpu_limit_utilization")),
    Rule(_SHARE, Owner.CONTAINER, ("k8s.container.memory.limit_utilization", "k8s.container.memory_limit_utilization")),
    Rule(_CPU, Owner.CONTAINER, ("container.cpu.usage",), part=Part.USED),
    Rule(_CPU, Owner.CONTAINER, ("k8s.container.cpu.limit", "k8s.container.cpu_limit"), part=Part.LIMIT),
    Rule(_SHARE, Owner.CONTAINER, ("container.memory.working_set", "container.memory.usage"), part=Part.USED),
    Rule(_SHARE, Owner.CONTAINER, ("k8s.container.memory.limit", "k8s.container.memory_limit"), part=Part.LIMIT),
    Rule(_CPU, Owner.POD, ("k8s.pod.cpu.limit_utilization", "k8s.pod.cpu_limit_utilization")),
    Rule(_CPU, Owner.POD, ("k8s.pod.cpu.usage", "k8s.pod.cpu.utilization")),
    Rule(_CPU, Owner.POD, ("k8s.pod.cpu.time",), Kind.RATE),
    Rule(_MEMORY, Owner.POD, ("k8s.pod.memory.working_set", "k8s.pod.memory.usage", "k8s.pod.memory.rss")),
    Rule(_SHARE, Owner.POD, ("k8s.pod.memory.limit_utilization", "k8s.pod.memory_limit_utilization")),
    Rule(_CPU, Owner.NODE, ("k8s.node.cpu.usage", "k8s.node.cpu.utilization"), part=Part.USED),
    Rule(_CPU, Owner.NODE, ("k8s.node.cpu.time",), Kind.RATE, Part.USED),
    Rule(_CPU, Owner.NODE, _ALLOCATABLE_CPU, part=Part.LIMIT),
    Rule(_MEMORY, Owner.NODE, ("k8s.node.memory.working_set", "k8s.node.memory.usage", "k8s.node.memory.rss")),
    Rule(_SHARE, Owner.NODE, ("k8s.node.memory.working_set", "k8s.node.memory.usage"), part=Part.USED),
    Rule(_SHARE, Owner.NODE, _ALLOCATABLE_MEMORY, part=Part.LIMIT),
    Rule("disk_utilization", Owner.NODE, ("k8s.node.filesystem.usage",), part=Part.USED),
    Rule("disk_utilization", Owner.NODE, ("k8s.node.filesystem.capacity",), part=Part.LIMIT),
)
