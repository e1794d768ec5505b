"""Page faults of containers and machines: of those the major ones, for which a disk is read."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Owner, Rule, only

_RATE = "major_page_fault_rate"
_CONTAINER = ("container.paging.faults", "container.memory.paging.faults")
_MAJOR = (only(("system.paging.fault.type", "system.paging.type", "type"), "major"),)

RULES = (
    Rule(_RATE, Owner.CONTAINER, _CONTAINER, Kind.RATE, where=_MAJOR),
    Rule(_RATE, Owner.NODE, ("system.paging.faults",), Kind.RATE, where=_MAJOR),
)
