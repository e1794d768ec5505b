"""Pods, read from what the API tells of them."""

import pytest

from causely_core.host import ContainerInfo, PodInfo, pod_info
from causely_core.host.pod_list import quantity

from .pods import CART, OTHER, pod, status
from .trees import ID, UID


def test_pods_and_their_containers():
    found = pod_info(CART)
    main = ContainerInfo(ID, "main", "main:1", "cart", 2)
    proxy = ContainerInfo(OTHER, "proxy", "proxy:1", "cart-proxy")
    assert found == PodInfo(UID, "shop", "cart-5d9-abc", (("Deployment", "cart"),), {ID: main, OTHER: proxy})
    assert found.containers[ID] == main


def test_what_a_container_requested_and_when_it_was_killed():
    one = pod(containerStatuses=[status("main", ID), status("proxy", OTHER)])
    one["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "250m", "memory": "64Mi"}}
    ended = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "1970-01-01T00:02:00Z"}
    one["status"]["containerStatuses"][0]["lastState"] = {"terminated": ended}
    one["status"]["containerStatuses"][1]["lastState"] = {"terminated": ended | {"reason": "Error"}}
    found = pod_info(one)
    main, proxy = found.containers[ID], found.containers[OTHER]
    assert (main.requested, main.killed) == (0.25, 120.0)
    assert (proxy.requested, proxy.killed) == (0.0, 0.0)


def test_what_a_container_may_use_and_whether_it_runs():
    running = status("main", ID) | {"state": {"running": {"startedAt": "1970-01-01T00:02:00Z"}}}
    one = pod(containerStatuses=[running, status("proxy", OTHER)])
    one["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "1500m", "ephemeral-storage": "2Gi"}}
    found = pod_info(one)
    main, proxy = found.containers[ID], found.containers[OTHER]
    assert (main.running, main.limits) == (True, {"cpu": 1.5, "ephemeral-storage": 2 * 2**30})
    assert (proxy.running, proxy.limits) == (False, {})


def test_claims_and_who_can_write_to_them():
    one = pod()
    one["spec"]["volumes"] = [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data-cart-0"}},
        {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}},
        {"name": "settings", "configMap": {"name": "settings"}},
    ]
    main, proxy = one["spec"]["containers"]
    main["volumeMounts"] = [{"name": "data", "mountPath": "/a"}, {"name": "data", "mountPath": "/b", "subPath": "b"}]
    proxy["volumeMounts"] = [{"name": "data", "readOnly": True}, {"name": "scratch"}, {"name": "settings"}]
    found = pod_info(one)
    assert found.claims == {"data-cart-0": ("main",), "cart-5d9-abc-scratch": ("proxy",)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("500m", 0.5),
        ("100u", 1e-4),
        ("1e1", 10),
        ("1Gi", 2**30),
        ("128M", 128e6),
        ("2E", 2e18),
    ],
)
def test_quantities(text, number):
    assert quantity(text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("one", "workloads", "service"),
    [
        (pod(owners=[{"kind": "StatefulSet", "name": "db"}]), (("StatefulSet", "db"),), "db"),
        (pod(owners=[{"kind": "ReplicaSet", "name": "db"}]), (("ReplicaSet", "db"),), "db"),
        (pod(owners=[{"kind": "Job", "name": "sum-28901234"}]), (("CronJob", "sum"), ("Job", "sum-28901234")), "sum"),
        (pod(owners=[{"kind": "Node", "name": "node-1"}], name="etcd-node-1"), (), "etcd"),
        (pod(annotations={"resource.opentelemetry.io/service.name": "till"}), (), "till"),
        (pod(annotations={"kubectl.kubernetes.io/default-container": "proxy"}), (), "cart-5d9-abc-main"),
    ],
)
def test_who_owns_a_pod_and_what_its_service_is(one, workloads, service):
    one["status"]["containerStatuses"] = [status("main", ID)]
    found = pod_info(one)
    assert found.workloads == workloads
    assert found.containers[ID].service == service


def test_what_people_say_for_causely_is_kept_and_annotations_win():
    said = {"causely.io/latency-threshold": "250", "causely.io/ignore": "false"}
    found = pod_info(pod(labels={"causely.io/ignore": "true", "app": "cart"}, annotations=said | {"note": "x"}))
    assert found.marks == said


def test_a_pod_from_a_file_is_known_by_the_hash_of_the_file():
    found = pod_info(pod(annotations={"kubernetes.io/config.hash": "ab" * 16}))
    assert (found.uid, found.name) == ("ab" * 16, "cart-5d9-abc")
