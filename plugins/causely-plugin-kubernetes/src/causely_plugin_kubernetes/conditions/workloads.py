"""How workloads are: whether enough of them runs, and whether a rollout goes on."""

from __future__ import annotations

from causely_core.host import workloads
from causely_core.model import EntityId, EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.containers import STARTS
from causely_plugin_kubernetes.conditions.pods import owner
from causely_plugin_kubernetes.conditions.reading import Object, condition, holds, key, seconds, status
from causely_plugin_kubernetes.conditions.told import Happened, Told, Value

STALLS = 600.0
"""Seconds without progress after which a rollout has stalled, where no deadline is told; a Deployment's default."""


def deployment(found: Object) -> Told:
    """A Deployment; its controller tells when its deadline is over."""
    id = _id("Deployment", found)
    told = condition(found, "Progressing")
    stalled = told.get("status") == "False" and told.get("reason") == "ProgressDeadlineExceeded"
    stalls = Value(Series(id, "rollout_stalled"), float(stalled))
    return _told(found, id, _wanted(found), status(found).get("availableReplicas"), stalls)


def stateful_set(found: Object) -> Told:
    """A StatefulSet."""
    id, now = _id("StatefulSet", found), status(found)
    updated = int(now.get("updatedReplicas") or 0)
    new = now.get("updateRevision")
    going_on = bool(new) and now.get("currentRevision") != new and not _on_delete(found)
    mark = new, updated, now.get("readyReplicas")
    stalls = Value(Series(id, "rollout_stalled"), float(going_on), STALLS, mark=mark)
    return _told(found, id, _wanted(found), now.get("availableReplicas"), stalls)


def daemon_set(found: Object) -> Told:
    """A DaemonSet."""
    id, now = _id("DaemonSet", found), status(found)
    wanted, updated = (int(now.get(name) or 0) for name in ("desiredNumberScheduled", "updatedNumberScheduled"))
    going_on = updated < wanted and not _on_delete(found)
    mark = found["metadata"].get("generation"), updated, now.get("numberReady")
    stalls = Value(Series(id, "rollout_stalled"), float(going_on), STALLS, mark=mark)
    return _told(found, id, wanted, now.get("numberAvailable"), stalls)


def replica_set(found: Object) -> Told:
    """A ReplicaSet, unless it is a Deployment's."""
    if any(workloads(found["metadata"])):
        return Told(key(found))
    return _told(found, _id("ReplicaSet", found), _wanted(found), status(found).get("availableReplicas"))


def job(found: Object) -> Told:
    """A Job: whether it has failed for good."""
    id = _id("Job", found)
    failed = seconds(condition(found, "Failed").get("lastTransitionTime")) if holds(found, "Failed") else 0.0
    of = owner(found)
    counted = tuple(Happened(Series(each, "failed_job_count"), failed) for each in (id, of) if each)
    return Told(key(found), (Value(Series(id, "failed_job_count"), 0.0),), (_all_placed(id),), counted)


def cron_job(found: Object) -> Told:
    """A CronJob; its Jobs tell whether they have failed."""
    return Told(key(found), (Value(Series(_id("CronJob", found), "failed_job_count"), 0.0),))


def _told(found: Object, id: EntityId, wanted: int, available: int | None, *others: Value) -> Told:
    """What has just been created may take a moment until it is there."""
    missing = max(0.0, 1.0 - (available or 0) / wanted) if wanted else 0.0
    begun = seconds(found["metadata"].get("creationTimestamp"))
    share = Value(Series(id, "replicas_unavailable_share"), missing, STARTS, begun)
    return Told(key(found), (share, *others), (_all_placed(id),))


def _all_placed(id: EntityId) -> Value:
    """Its pods tell otherwise."""
    return Value(Series(id, "unschedulable_pods"), 0.0)


def _wanted(found: Object) -> int:
    replicas = (found.get("spec") or {}).get("replicas")
    return 1 if replicas is None else int(replicas)


def _on_delete(found: Object) -> bool:
    """Whether new pods wait for people to delete the old ones."""
    strategy = (found.get("spec") or {}).get("updateStrategy") or {}
    return strategy.get("type") == "OnDelete"


def _id(kind: str, found: Object) -> EntityId:
    return entity_id(EntityType.WORKLOAD, f"{found['metadata']['namespace']}/{kind}/{found['metadata']['name']}")
