"""Java virtual machines: OpenTelemetry's names, the ones before 1.21, and Micrometer's for pauses."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Over, Owner, Part, Rule, only

_HEAP = (only(("jvm.memory.type", "type"), "heap"),)
_USED = ("jvm.memory.used", "process.runtime.jvm.memory.usage")
_LIMIT = ("jvm.memory.limit", "process.runtime.jvm.memory.limit")

RULES = (
    # Of the processors that the JVM may use, which is the container's limit.
    Rule("cpu_utilization", Owner.SERVICE, ("jvm.cpu.recent_utilization", "process.runtime.jvm.cpu.utilization")),
    Rule("cpu_utilization", Owner.SERVICE, ("jvm.cpu.time",), Kind.RATE),
    Rule("cpu_usage", Owner.SERVICE, ("jvm.cpu.time",), Kind.RATE),
    # Collectors such as G1 give only some pools a limit: the pools are summed before they are divided.
    Rule("memory_utilization", Owner.SERVICE, _USED, part=Part.USED, where=_HEAP),
    Rule("memory_utilization", Owner.SERVICE, _LIMIT, part=Part.LIMIT, where=_HEAP),
    Rule("gc_duration.p95", Owner.SERVICE, ("jvm.gc.duration",), Kind.P95, over=Over.MAX),
    Rule("gc_duration.p95", Owner.SERVICE, ("process.runtime.jvm.gc.duration",), Kind.P95, over=Over.MAX, unit="ms"),
    Rule("gc_duration.p95", Owner.SERVICE, ("jvm.gc.pause",), Kind.P95, over=Over.MAX),
    Rule("thread_count", Owner.SERVICE, ("jvm.thread.count", "process.runtime.jvm.threads.count")),
)
