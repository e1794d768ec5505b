"""What workloads, nodes, quotas and autoscalers tell of how things are."""

import pytest
from causely_plugin_kubernetes.conditions.autoscalers import autoscaler
from causely_plugin_kubernetes.conditions.namespaces import namespace, resource_quota
from causely_plugin_kubernetes.conditions.nodes import node
from causely_plugin_kubernetes.conditions.workloads import (
    cron_job,
    daemon_set,
    deployment,
    job,
    replica_set,
    stateful_set,
)

TIME = "2026-01-01T12:00:00Z"


def made(spec=None, status=None, name="cart", **about):
    metadata = {"namespace": "shop", "name": name, "creationTimestamp": TIME, "generation": 3, **about}
    return {"metadata": metadata, "spec": spec or {}, "status": status or {}}


def told(said):
    return {(each.series.entity, each.series.attribute): each.value for each in (*said.values, *said.parts)}


@pytest.mark.parametrize(
    ("spec", "status", "share"),
    [
        ({"replicas": 4}, {"availableReplicas": 4}, 0),
        ({"replicas": 4}, {"availableReplicas": 1}, 0.75),
        ({"replicas": 4}, {"availableReplicas": 5}, 0),
        ({"replicas": 4}, {}, 1),
        ({}, {}, 1),
        ({"replicas": 0}, {}, 0),
    ],
)
@pytest.mark.parametrize(
    ("of", "kind"), [(deployment, "Deployment"), (stateful_set, "StatefulSet"), (replica_set, "ReplicaSet")]
)
def test_replicas_that_are_not_available(of, kind, spec, status, share):
    id = f"Workload:shop/{kind}/cart"
    assert told(of(made(spec, status)))[id, "replicas_unavailable_share"] == share
    assert told(of(made(spec, status)))[id, "unschedulable_pods"] == 0


@pytest.mark.parametrize(
    ("reason", "strategy", "available", "share"),
    [
        ("ReplicaSetUpdated", {}, 3, 0),
        ("ReplicaSetUpdated", {}, 2, 0.5),
        ("ReplicaSetUpdated", {"rollingUpdate": {"maxUnavailable": 0}}, 3, 0.25),
        ("ReplicaSetUpdated", {"rollingUpdate": {"maxUnavailable": "50%"}}, 2, 0),
        ("ReplicaSetUpdated", {"type": "Recreate"}, 0, 0),
        ("NewReplicaSetAvailable", {}, 3, 0.25),
    ],
)
def test_a_rollout_may_take_some_replicas_while_it_goes_on(reason, strategy, available, share):
    progress = {"type": "Progressing", "status": "True", "reason": reason}
    found = made({"replicas": 4, "strategy": strategy}, {"availableReplicas": available, "conditions": [progress]})
    assert told(deployment(found))["Workload:shop/Deployment/cart", "replicas_unavailable_share"] == share


def test_a_stateful_set_may_do_without_one_while_its_rollout_goes_on():
    going_on = {"currentRevision": "a", "updateRevision": "b", "updatedReplicas": 1, "availableReplicas": 2}
    id = "Workload:shop/StatefulSet/cart"
    assert told(stateful_set(made({"replicas": 3}, going_on)))[id, "replicas_unavailable_share"] == 0
    done = {**going_on, "currentRevision": "b"}
    assert told(stateful_set(made({"replicas": 3}, done)))[id, "replicas_unavailable_share"] == pytest.approx(1 / 3)


def test_a_daemon_set_wants_as_many_as_there_are_nodes_for_it():
    found = daemon_set(made(None, {"desiredNumberScheduled": 4, "numberAvailable": 3, "updatedNumberScheduled": 4}))
    assert told(found)["Workload:shop/DaemonSet/cart", "replicas_unavailable_share"] == 0.25
    assert told(found)["Workload:shop/DaemonSet/cart", "rollout_stalled"] == 0


def test_a_deployment_tells_that_its_deadline_is_over():
    over = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    found = deployment(made(None, {"conditions": [over]}))
    assert told(found)["Workload:shop/Deployment/cart", "rollout_stalled"] == 1


@pytest.mark.parametrize(
    ("of", "status"),
    [
        (stateful_set, {"currentRevision": "a", "updateRevision": "b", "updatedReplicas": 1}),
        (daemon_set, {"desiredNumberScheduled": 4, "updatedNumberScheduled": 1}),
    ],
)
def test_another_rollout_has_stalled_when_nothing_has_changed_for_long(of, status):
    before, after = made(None, status), made(None, {**status, "updatedReplicas": 2, "updatedNumberScheduled": 2})
    first, second = (
        next(v for v in of(each).values if v.series.attribute == "rollout_stalled") for each in (before, after)
    )
    assert (first.value, first.patience) == (1, 600)
    assert first.mark != second.mark
    waits = of(made({"updateStrategy": {"type": "OnDelete"}}, status))
    assert {v for (_, name), v in told(waits).items() if name == "rollout_stalled"} == {0}


def test_a_replica_set_of_a_deployment_tells_nothing():
    owner = {"kind": "Deployment", "name": "cart", "controller": True}
    assert not told(replica_set(made(ownerReferences=[owner])))


def test_a_job_that_has_failed_counts_on_it_and_on_what_has_made_it():
    failed = {"conditions": [{"type": "Failed", "status": "True", "lastTransitionTime": TIME}]}
    owner = {"kind": "CronJob", "name": "nightly", "controller": True}
    found = job(made(None, failed, "nightly-1", ownerReferences=[owner]))
    assert {(each.series.entity, each.latest > 0) for each in found.happened} == {
        ("Workload:shop/Job/nightly-1", True),
        ("Workload:shop/CronJob/nightly", True),
    }
    assert told(cron_job(made(name="nightly")))["Workload:shop/CronJob/nightly", "failed_job_count"] == 0
    assert {each.latest for each in job(made()).happened} == {0}


@pytest.mark.parametrize(
    ("condition", "attribute"),
    [
        ({"type": "Ready", "status": "Unknown"}, "not_ready"),
        ({"type": "Ready", "status": "False"}, "not_ready"),
        ({"type": "NetworkUnavailable", "status": "True"}, "not_ready"),
        ({"type": "MemoryPressure", "status": "True"}, "memory_pressure_condition"),
        ({"type": "DiskPressure", "status": "True"}, "disk_pressure_condition"),
        ({"type": "PIDPressure", "status": "True"}, "pid_pressure_condition"),
        ({"type": "Ready", "status": "True"}, None),
        ({"type": "DiskPressure", "status": "False"}, None),
    ],
)
def test_conditions_of_a_node(condition, attribute):
    found = told(node({"metadata": {"name": "n1"}, "status": {"conditions": [condition]}}))
    assert {name for (_, name), value in found.items() if value} == ({attribute} if attribute else set())
    assert {id for id, _ in found} == {"Node:n1"}


def test_the_resource_closest_to_its_quota_is_told():
    status = {"hard": {"cpu": "2", "pods": "10", "memory": "4Gi", "services.nodeports": "0"}}
    status["used"] = {"cpu": "500m", "pods": "9", "memory": "1Gi", "services.nodeports": "0"}
    assert told(resource_quota(made(None, status))) == {("Namespace:shop", "resource_quota_utilization"): 0.9}


def test_a_namespace_without_a_quota_has_used_up_nothing():
    assert told(namespace({"metadata": {"name": "shop"}})) == {("Namespace:shop", "resource_quota_utilization"): 0}


@pytest.mark.parametrize(("reason", "value"), [("TooManyReplicas", 1), ("TooFewReplicas", 0)])
def test_an_autoscaler_that_wants_more_than_it_may(reason, value):
    limited = {"conditions": [{"type": "ScalingLimited", "status": "True", "reason": reason}]}
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": "orders"}}
    assert told(autoscaler(made(spec, limited)))["Workload:shop/Deployment/orders", "hpa_at_max"] == value
    assert not told(autoscaler(made()))


def test_an_autoscaler_tells_when_it_has_scaled_last():
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": "orders"}}
    said = autoscaler(made(spec, {"lastScaleTime": "2026-01-01T00:00:00Z"}))
    assert told(said)["Workload:shop/Deployment/orders", "autoscaling_count"] == 0
    assert [(each.series.attribute, each.latest) for each in said.happened] == [("autoscaling_count", 1767225600.0)]
