"""How many replicas are missing, and how many of them a rollout may take for a while."""

from __future__ import annotations

import math

from causely_plugin_kubernetes.conditions.reading import Object, condition, status

_GOES_ON = ("NewReplicaSetCreated", "FoundNewReplicaSet", "ReplicaSetUpdated")


def missing_share(wanted: int, available: int, spared: int = 0) -> float:
    """Share of the ``wanted`` replicas that is missing beyond those that may be; 0..1."""
    missing = wanted - available
    return missing / wanted if wanted and missing > spared else 0.0


def spared_by_deployment(found: Object, wanted: int) -> int:
    """Replicas that a Deployment may do without now."""
    progress = condition(found, "Progressing")
    if progress.get("status") != "True" or progress.get("reason") not in _GOES_ON:
        return 0
    strategy = (found.get("spec") or {}).get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return wanted
    return _count((strategy.get("rollingUpdate") or {}).get("maxUnavailable", "25%"), wanted)


def spared_by_set(found: Object, wanted: int, going_on: bool) -> int:
    """Replicas that a StatefulSet or DaemonSet may do without while its rollout is ``going_on``: one if not told."""
    strategy = (found.get("spec") or {}).get("updateStrategy") or {}
    return _count((strategy.get("rollingUpdate") or {}).get("maxUnavailable", 1), wanted) if going_on else 0


def available(found: Object, field: str = "availableReplicas") -> int:
    """Replicas that are there."""
    return int(status(found).get(field) or 0)


def _count(told: int | str, wanted: int) -> int:
    """A number, or a percentage of the replicas; rounded down, as the controller does."""
    return math.floor(int(told.removesuffix("%")) * wanted / 100) if isinstance(told, str) else told
