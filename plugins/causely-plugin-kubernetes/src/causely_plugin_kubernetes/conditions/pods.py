"""How pods are, with their containers."""

from __future__ import annotations

from collections.abc import Iterator

from causely_core.host import workloads
from causely_core.model import EntityId, EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.containers import (
    STARTS,
    container_happenings,
    container_values,
    running,
    stuck,
)
from causely_plugin_kubernetes.conditions.reading import Object, condition, holds, key, seconds, status
from causely_plugin_kubernetes.conditions.told import Happened, Placed, Told, Value

_ENDED = ("Succeeded", "Failed")
_EVICTED = {
    "TerminationByKubelet": "pod_eviction_count",
    "DeletionByTaintManager": "pod_eviction_count",
    "EvictionByEvictionAPI": "drained_pod_count",
}
"""Why a pod is about to end, by reasons of the condition DisruptionTarget, and what counts it."""


def pod(found: Object) -> Told:
    """A pod; of one that has ended only that it was evicted counts."""
    evicted = tuple(_evictions(found))
    if status(found).get("phase") in _ENDED:
        return Told(key(found), happened=evicted)
    leaving = bool(found["metadata"].get("deletionTimestamp"))
    containers = tuple(running(found))
    own = [_readiness(found, leaving), Value(Series(pod_id(found), "volume_mount_failing"), 0.0)]
    lost = _lost(found)
    own += [value for id, told in containers for value in container_values(id, told, leaving, lost)]
    counted = [happened for id, told in containers for happened in container_happenings(id, told)]
    parts = (*_unschedulable(found), *_stuck(found, [told for _, told in containers]))
    return Told(key(found), tuple(own), parts, (*evicted, *counted), _placed(found))


def pod_id(found: Object) -> EntityId:
    """The entity that a pod is."""
    return entity_id(EntityType.POD, key(found))


def owner(found: Object) -> EntityId | None:
    """The workload that people have written for a pod or a Job; none for what stands alone."""
    about = found["metadata"]
    owners = tuple(workloads(about))
    if not owners:
        return None
    kind, name = owners[-1]
    return entity_id(EntityType.WORKLOAD, f"{about['namespace']}/{kind}/{name}")


def _readiness(found: Object, leaving: bool) -> Value:
    """A pod that has no node yet, or is about to go, is not expected to be ready."""
    told = condition(found, "Ready")
    ready = told.get("status") == "True" or told.get("reason") == "PodCompleted"
    expected = bool(told) and not leaving and holds(found, "PodScheduled")
    begun = seconds(status(found).get("startTime") or found["metadata"].get("creationTimestamp"))
    return Value(Series(pod_id(found), "not_ready"), float(expected and not ready), STARTS, begun)


def _unschedulable(found: Object) -> Iterator[Value]:
    told, of = condition(found, "PodScheduled"), owner(found)
    if of and told.get("status") == "False" and told.get("reason") == "Unschedulable":
        yield Value(Series(of, "unschedulable_pods"), 1.0)


def _stuck(found: Object, containers: list[Object]) -> Iterator[Value]:
    of = owner(found)
    if of and any(map(stuck, containers)):
        yield Value(Series(of, "stuck_pods"), 1.0)


def _lost(found: Object) -> bool:
    """Whether the cluster has declared it unready, and not its kubelet, which was heard last when all was well."""
    told = condition(found, "Ready")
    own = told.get("reason") == "ReadinessGatesNotReady"
    return told.get("status") == "False" and not own and holds(found, "ContainersReady")


def _placed(found: Object) -> Placed | None:
    at = seconds(condition(found, "PodScheduled").get("lastTransitionTime"))
    created = seconds(found["metadata"].get("creationTimestamp"))
    return Placed(at, max(0.0, at - created)) if at and holds(found, "PodScheduled") else None


def _evictions(found: Object) -> Iterator[Happened]:
    """The node that a pod was evicted from: by its kubelet or for what is wrong with it, or by who drains it."""
    on = (found.get("spec") or {}).get("nodeName")
    told = condition(found, "DisruptionTarget")
    attribute = _EVICTED.get(told.get("reason", "") if told.get("status") == "True" else "")
    if status(found).get("reason") == "Evicted":
        attribute = "pod_eviction_count"
    if on and attribute:
        at = seconds(told.get("lastTransitionTime") or status(found).get("startTime"))
        yield Happened(Series(entity_id(EntityType.NODE, on), attribute), at)
