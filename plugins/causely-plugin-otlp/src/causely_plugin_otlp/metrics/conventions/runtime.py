"""What language runtimes tell of themselves: used for memory where the process is not measured from outside."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Over, Owner, Part, Rule, only

_HEAP = (only(("jvm.memory.type", "type"), "heap"),)
_GC, _MEMORY, _SHARE = "gc_duration.p95", "memory_usage", "memory_utilization"

RULES = (
    Rule(_MEMORY, Owner.SERVICE, ("dotnet.process.memory.working_set",)),
    Rule(_MEMORY, Owner.SERVICE, ("go.memory.used",)),
    Rule(_MEMORY, Owner.SERVICE, ("process.runtime.go.mem.heap_sys", "process.runtime.go.mem.heap_alloc")),
    Rule(_MEMORY, Owner.SERVICE, ("jvm.memory.used", "process.runtime.jvm.memory.usage"), where=_HEAP),
    Rule(_MEMORY, Owner.SERVICE, ("v8js.memory.heap.used",)),
    Rule(_MEMORY, Owner.SERVICE, ("process.runtime.dotnet.gc.committed_memory.size",)),
    Rule(_MEMORY, Owner.SERVICE, ("dotnet.gc.last_collection.memory.committed_size",)),
    Rule(_SHARE, Owner.SERVICE, ("go.memory.used",), part=Part.USED),
    Rule(_SHARE, Owner.SERVICE, ("go.memory.limit",), part=Part.LIMIT),
    Rule(_SHARE, Owner.SERVICE, ("v8js.memory.heap.used",), part=Part.USED),
    Rule(_SHARE, Owner.SERVICE, ("v8js.memory.heap.limit",), part=Part.LIMIT),
    Rule(_GC, Owner.SERVICE, ("v8js.gc.duration",), Kind.P95, over=Over.MAX),
    Rule(_GC, Owner.SERVICE, ("process.runtime.go.gc.pause_ns",), Kind.P95, over=Over.MAX, unit="ns"),
    Rule("gc_time_share", Owner.SERVICE, ("dotnet.gc.pause.time",), Kind.RATE),
    Rule("cpu_utilization", Owner.SERVICE, ("dotnet.process.cpu.time",), Kind.RATE),
    Rule("cpu_usage", Owner.SERVICE, ("dotnet.process.cpu.time",), Kind.RATE),
    Rule("thread_count", Owner.SERVICE, ("dotnet.thread_pool.thread.count",)),
)
