"""How nodes are."""

from __future__ import annotations

from causely_core.model import EntityType, entity_id
from causely_plugin_kubernetes.conditions.reading import Object, condition, holds, key
from causely_plugin_kubernetes.conditions.told import Told, values

_PRESSURES = {
    "memory_pressure_condition": "MemoryPressure",
    "disk_pressure_condition": "DiskPressure",
    "pid_pressure_condition": "PIDPressure",
}


def node(found: Object) -> Told:
    """A node. One that nobody has spoken of yet is not said to be unready; one without a network is."""
    ready = condition(found, "Ready").get("status", "True") == "True"
    told = {
        "not_ready": float(not ready or holds(found, "NetworkUnavailable")),
        "pod_eviction_count": 0.0,
        "drained_pod_count": 0.0,
        "cordoned": float(bool((found.get("spec") or {}).get("unschedulable"))),
        **{attribute: float(holds(found, type)) for attribute, type in _PRESSURES.items()},
    }
    return Told(key(found), tuple(values(entity_id(EntityType.NODE, found["metadata"]["name"]), told.items())))
