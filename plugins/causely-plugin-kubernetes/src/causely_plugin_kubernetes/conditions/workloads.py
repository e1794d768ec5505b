"""How workloads are: whether enough of them runs, and whether a rollout goes on."""

from __future__ import annotations

from causely_core.host import workloads
from causely_core.model import EntityId, EntityType, Series, entity_id
from causely_plugin_kubernetes.conditions.availability import (
    available,
    missing_share,
    spared_by_deployment,
    spared_by_set,
)
from causely_plugin_kubernetes.conditions.containers import STARTS
from causely_plugin_kubernetes.conditions.pods import owner
from causely_plugin_kubernetes.conditions.reading import Object, condition, holds, key, seconds, status
from causely_plugin_kubernetes.conditions.told import Happened, Told, Value
from causely_plugin_kubernetes.conditions.versions import WorkloadVersion, configuration, selection, workload_version

STALLS = 600.0
"""Seconds without progress after which a rollout has stalled, where no deadline is told; a Deployment's default."""


def deployment(found: Object) -> Told:
    """A Deployment; its controller tells when its deadline is over."""
    id = _id("Deployment", found)
    told = condition(found, "Progressing")
    stalled = told.get("status") == "False" and told.get("reason") == "ProgressDeadlineExceeded"
    stalls = Value(Series(id, "rollout_stalled"), float(stalled))
    wanted = _wanted(found)
    missing = missing_share(wanted, available(found), spared_by_deployment(found, wanted))
    return _told("Deployment", found, missing, stalls)


def stateful_set(found: Object) -> Told:
    """A StatefulSet."""
    id, now = _id("StatefulSet", found), status(found)
    updated = int(now.get("updatedReplicas") or 0)
    new = now.get("updateRevision")
    going_on = bool(new) and now.get("currentRevision") != new and not _on_delete(found)
    mark = new, updated, now.get("readyReplicas")
    stalls = Value(Series(id, "rollout_stalled"), float(going_on), STALLS, mark=mark)
    wanted = _wanted(found)
    missing = missing_share(wanted, available(found), spared_by_set(found, wanted, going_on))
    return _told("StatefulSet", found, missing, stalls)


def daemon_set(found: Object) -> Told:
    """A DaemonSet."""
    id, now = _id("DaemonSet", found), status(found)
    wanted, updated = (int(now.get(name) or 0) for name in ("desiredNumberScheduled", "updatedNumberScheduled"))
    going_on = updated < wanted and not _on_delete(found)
    mark = found["metadata"].get("generation"), updated, now.get("numberReady")
    stalls = Value(Series(id, "rollout_stalled"), float(going_on), STALLS, mark=mark)
    missing = missing_share(wanted, available(found, "numberAvailable"), spared_by_set(found, wanted, going_on))
    return _told("DaemonSet", found, missing, stalls)


def replica_set(found: Object) -> Told:
    """A ReplicaSet, unless it is a Deployment's."""
    if any(workloads(found["metadata"])):
        return Told(key(found))
    return _told("ReplicaSet", found, missing_share(_wanted(found), available(found)))


def job(found: Object) -> Told:
    """A Job: whether it has failed for good."""
    id = _id("Job", found)
    failed = seconds(condition(found, "Failed").get("lastTransitionTime")) if holds(found, "Failed") else 0.0
    of = owner(found)
    counted = tuple(Happened(Series(each, "failed_job_count"), failed) for each in (id, of) if each)
    return Told(key(found), (Value(Series(id, "failed_job_count"), 0.0),), (_all_placed(id),), counted)


def cron_job(found: Object) -> Told:
    """A CronJob; its Jobs tell whether they have failed."""
    version = workload_version("CronJob", found)
    failed = Value(Series(version.workload, "failed_job_count"), 0.0)
    return Told(key(found), (failed,), _unchanged(version), version=version)


def service(found: Object) -> Told:
    """A Service, which changes with the pods that it selects."""
    version = selection(found)
    return Told(key(found), parts=(Value(Series(version.service, "change"), 0.0),), version=version)


def config_map(found: Object) -> Told:
    """A ConfigMap, with which the workloads change that read it."""
    return Told(key(found), version=configuration(found))


def _told(kind: str, found: Object, missing: float, *others: Value) -> Told:
    """What has just been created may take a moment until it is there."""
    version = workload_version(kind, found)
    begun = seconds(found["metadata"].get("creationTimestamp"))
    share = Value(Series(version.workload, "replicas_unavailable_share"), missing, STARTS, begun)
    parts = (_all_placed(version.workload), *_unchanged(version))
    return Told(key(found), (share, *others), parts, version=version)


def _unchanged(version: WorkloadVersion) -> tuple[Value, ...]:
    """That nothing has changed is known of what is watched for it."""
    return tuple(Value(Series(id, "change"), 0.0) for id in (version.workload, version.called))


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
