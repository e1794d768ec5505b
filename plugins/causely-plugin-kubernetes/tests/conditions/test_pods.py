"""What pods and their containers tell of how they are."""

from datetime import datetime

import pytest
from causely_plugin_kubernetes.conditions.pods import pod

from causely_core.model import Series

BEGAN, ENDED = "2026-01-01T12:00:00Z", "2026-01-01T12:05:00Z"
ID = "Container:shop/cart-1/main"
READY = {"type": "Ready", "status": "True"}
UNREADY = {"type": "Ready", "status": "False"}
PLACED = {"type": "PodScheduled", "status": "True"}


def at(time):
    return datetime.fromisoformat(time).timestamp()


def made(container=None, conditions=(READY, PLACED), about=None, **status):
    owners = [{"kind": "ReplicaSet", "name": "cart-5d4f", "controller": True}]
    metadata = {
        "namespace": "shop",
        "name": "cart-1",
        "labels": {"pod-template-hash": "5d4f"},
        "ownerReferences": owners,
        "creationTimestamp": BEGAN,
        **(about or {}),
    }
    containers = [{"name": "main", **container}] if container else []
    spec = {"containers": [{"name": "main"}], "nodeName": "n1"}
    return {
        "metadata": metadata,
        "spec": spec,
        "status": {"conditions": list(conditions), "containerStatuses": containers, **status},
    }


def told(found):
    return {(each.series.entity, each.series.attribute): each.value for each in pod(found).values}


def patience(found, id):
    return {each.series.entity: each.patience for each in pod(found).values if each.series.attribute == "not_ready"}[id]


def happened(found, attribute):
    return [
        (each.series.entity, each.latest, each.total)
        for each in pod(found).happened
        if each.series.attribute == attribute
    ]


def test_what_is_well_tells_so():
    found = made({"ready": True, "restartCount": 0, "state": {"running": {"startedAt": BEGAN}}})
    assert told(found) == {
        ("Pod:shop/cart-1", "not_ready"): 0,
        (ID, "not_ready"): 0,
        (ID, "image_pull_failing"): 0,
        (ID, "restart_count"): 0,
        (ID, "oom_kill_count"): 0,
        (ID, "probe_failure_rate"): 0,
        ("Pod:shop/cart-1", "volume_mount_failing"): 0,
    }
    assert happened(found, "restart_count") == [(ID, 0, 0)]
    assert not pod(found).parts


@pytest.mark.parametrize("reason", ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"])
def test_an_image_that_cannot_be_pulled(reason):
    found = made({"ready": False, "restartCount": 0, "state": {"waiting": {"reason": reason}}}, (UNREADY, PLACED))
    assert (told(found)[ID, "image_pull_failing"], told(found)[ID, "not_ready"]) == (1, 1)
    assert patience(found, ID) == 0


def test_a_crash_loop_is_a_container_that_restarts_though_it_waits_for_longer_than_is_counted():
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": ENDED}}
    waits = {"waiting": {"reason": "CrashLoopBackOff"}}
    found = made({"ready": False, "restartCount": 7, "state": waits, "lastState": ended})
    assert (told(found)[ID, "restart_count"], told(found)[ID, "not_ready"]) == (2, 1)
    assert happened(found, "restart_count") == [(ID, at(ENDED), 7)]
    assert happened(found, "oom_kill_count") == [(ID, 0, None)]


@pytest.mark.parametrize("state", ["state", "lastState"])
def test_a_kill_for_want_of_memory_is_told_by_its_last_state_or_by_this_one(state):
    killed = {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": ENDED}}
    found = made({"ready": False, "restartCount": 1, state: killed})
    assert happened(found, "oom_kill_count") == [(ID, at(ENDED), None)]


def test_what_has_just_begun_may_take_a_moment():
    starting = made(
        {"ready": False, "restartCount": 0, "state": {"waiting": {"reason": "ContainerCreating"}}}, (UNREADY, PLACED)
    )
    assert told(starting)[ID, "not_ready"] == told(starting)["Pod:shop/cart-1", "not_ready"] == 1
    assert patience(starting, ID) == patience(starting, "Pod:shop/cart-1") == 60
    begun = {each.series.entity: each.begun for each in pod(starting).values if each.series.attribute == "not_ready"}
    assert begun["Pod:shop/cart-1"] == at(BEGAN)


@pytest.mark.parametrize(
    "found",
    [
        made({"ready": False, "state": {"running": {}}}, (UNREADY, PLACED), {"deletionTimestamp": ENDED}),
        made(
            {"ready": False, "state": {"terminated": {"exitCode": 0}}}, ({**UNREADY, "reason": "PodCompleted"}, PLACED)
        ),
        made(None, ()),
        made(None, (UNREADY, {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"})),
    ],
    ids=["leaving", "done", "unknown", "unplaced"],
)
def test_nobody_expects_of_these_that_they_are_ready(found):
    assert told(found)[ID, "not_ready"] == told(found)["Pod:shop/cart-1", "not_ready"] == 0


def test_a_pod_without_a_node_is_its_workloads():
    unplaced = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    (part,) = pod(made(None, (unplaced,))).parts
    assert (part.series.entity, part.series.attribute, part.value) == (
        "Workload:shop/Deployment/cart",
        "unschedulable_pods",
        1,
    )
    assert not pod(made(None, (unplaced,), {"ownerReferences": []})).parts


def test_a_pod_tells_how_long_it_waited_for_its_node():
    placed = pod(made(None, ({**PLACED, "lastTransitionTime": ENDED},))).placed
    assert (placed.at, placed.waited) == (at(ENDED), 300.0)
    assert pod(made(None, ({**PLACED, "status": "False", "lastTransitionTime": ENDED},))).placed is None


@pytest.mark.parametrize("reason", ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError"])
def test_a_pod_that_cannot_run_is_its_workloads(reason):
    (part,) = pod(made({"ready": False, "state": {"waiting": {"reason": reason}}})).parts
    assert (part.series, part.value) == (Series("Workload:shop/Deployment/cart", "stuck_pods"), 1)


@pytest.mark.parametrize(("reason", "unready"), [("", 1), ("ReadinessGatesNotReady", 0)])
def test_what_was_told_of_a_pod_that_is_not_heard_of_any_more_is_not_so(reason, unready):
    conditions = ({**UNREADY, "reason": reason}, PLACED, {"type": "ContainersReady", "status": "True"})
    found = made({"ready": True, "state": {"running": {"startedAt": BEGAN}}}, conditions)
    assert told(found)[ID, "not_ready"] == unready


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ({"phase": "Failed", "reason": "Evicted", "startTime": ENDED}, True),
        (
            {
                "conditions": [
                    {
                        "type": "DisruptionTarget",
                        "status": "True",
                        "reason": "TerminationByKubelet",
                        "lastTransitionTime": ENDED,
                    }
                ]
            },
            True,
        ),
        (
            {
                "conditions": [
                    {
                        "type": "DisruptionTarget",
                        "status": "True",
                        "reason": "EvictionByEvictionAPI",
                        "lastTransitionTime": ENDED,
                    }
                ]
            },
            False,
        ),
        ({"phase": "Failed"}, False),
    ],
)
def test_a_pod_that_its_node_evicts_counts_on_the_node(status, counts):
    assert happened(made(None, **status), "pod_eviction_count") == ([("Node:n1", at(ENDED), None)] if counts else [])


def test_a_pod_that_is_moved_from_a_node_that_is_drained_counts_on_the_node():
    told = {
        "type": "DisruptionTarget",
        "status": "True",
        "reason": "EvictionByEvictionAPI",
        "lastTransitionTime": ENDED,
    }
    assert happened(made(None, conditions=[told]), "drained_pod_count") == [("Node:n1", at(ENDED), None)]


def test_a_pod_that_has_ended_is_nothing_else():
    assert not pod(made({"ready": False}, phase="Failed")).values
