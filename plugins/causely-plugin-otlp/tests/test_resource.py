"""What the attributes of a resource become."""

import itertools

import pytest
from causely_plugin_otlp.signals import Signal
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import ResourceMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from .builders import NOW, World, key_values, server

POD = {"k8s.namespace.name": "shop", "k8s.pod.name": "cart-7d-x2", "k8s.node.name": "node-1"}
EVERYTHING = {
    **POD,
    "service.name": "cart",
    "service.version": "1.2.3",
    "telemetry.sdk.language": "go",
    "k8s.cluster.name": "prod",
    "k8s.container.name": "app",
    "container.id": "0123456789abcdef",
    "container.image.name": "shop/cart",
    "k8s.replicaset.name": "cart-7d",
    "k8s.deployment.name": "cart",
    "process.pid": 1,
}
SERVICE, POD_ID, CONTAINER = "Service:shop/cart", "Pod:shop/cart-7d-x2", "Container:shop/cart-7d-x2/app"
DEPLOYMENT = "Workload:shop/Deployment/cart"


def told(resource):
    world = World.of()
    world.tell(resource, server())
    world.flush()
    return world


def places(world):
    return world.entities - world.of_type("Operation")


def test_a_pod_with_everything():
    world = told(EVERYTHING)
    assert places(world) == {
        SERVICE, POD_ID, CONTAINER, DEPLOYMENT, "Node:node-1", "Namespace:shop", "Cluster:prod",
    }  # fmt: skip
    assert {r for r in world.relations if not r.startswith("Operation:")} == {
        f"{SERVICE} runs_on {CONTAINER}",
        f"{CONTAINER} part_of {POD_ID}",
        f"{POD_ID} runs_on Node:node-1",
        f"{POD_ID} owned_by {DEPLOYMENT}",
        f"{POD_ID} part_of Namespace:shop",
        f"{SERVICE} part_of Namespace:shop",
        f"{DEPLOYMENT} part_of Namespace:shop",
        "Namespace:shop part_of Cluster:prod",
        "Node:node-1 part_of Cluster:prod",
    }


def test_entities_are_described_and_named():
    entities = told(EVERYTHING).topology.entities
    assert entities[SERVICE].attributes == {
        "service.name": "cart",
        "service.version": "1.2.3",
        "telemetry.sdk.language": "go",
    }
    assert entities[CONTAINER].attributes == {"container.id": "0123456789abcdef", "container.image.name": "shop/cart"}
    assert entities[DEPLOYMENT].attributes == {"k8s.workload.kind": "Deployment"}
    assert (entities[SERVICE].name, entities[POD_ID].name, entities[CONTAINER].name) == ("cart", "cart-7d-x2", "app")


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"service.name": "cart"}, {"Service:cart"}),
        ({"service.name": "cart", "service.namespace": "eu"}, {"Service:eu/cart"}),
        ({}, {"Service:unknown_service"}),
        ({"service.name": ""}, {"Service:unknown_service"}),
        ({"service.name": "cart", "host.name": "vm-1"}, {"Service:cart", "Node:vm-1"}),
        ({"service.name": "cart", "host.id": "i-0abc"}, {"Service:cart", "Node:i-0abc"}),
        (
            {"service.name": "cart", "container.id": "0123456789abcdef", "host.name": "0123456789ab"},
            {"Service:cart", "Container:0123456789abcdef"},
        ),
        (
            {"service.name": "cart", "k8s.pod.name": "cart-1", "host.name": "cart-1"},
            {"Service:cart", "Pod:default/cart-1"},
        ),
    ],
)
def test_less_than_everything(resource, expected):
    assert places(told(resource)) == expected


@pytest.mark.parametrize(
    ("resource", "chain"),
    [
        ({"k8s.statefulset.name": "db"}, ["StatefulSet/db"]),
        ({"k8s.daemonset.name": "agent"}, ["DaemonSet/agent"]),
        ({"k8s.replicaset.name": "bare"}, ["ReplicaSet/bare"]),
        ({"k8s.job.name": "sync-17", "k8s.cronjob.name": "sync"}, ["Job/sync-17", "CronJob/sync"]),
    ],
)
def test_workloads_own_pods_innermost_first(resource, chain):
    world = told({"service.name": "cart", **POD, **resource})
    ids = [POD_ID, *(f"Workload:shop/{each}" for each in chain)]
    assert world.of_type("Workload") == set(ids[1:])
    assert {r for r in world.relations if " owned_by " in r} == {
        f"{owned} owned_by {owner}" for owned, owner in itertools.pairwise(ids)
    }


def test_one_service_in_two_pods_runs_on_both():
    world = World.of()
    for pod in ("a", "b"):
        world.tell({"service.name": "cart", **POD, "k8s.pod.name": pod}, server())
    values = world.flush()
    assert {f"Service:shop/cart runs_on Pod:shop/{pod}" for pod in "ab"} <= world.relations
    assert values.get(SERVICE, "request_count") == 2


def test_a_reporter_without_a_name_is_a_service_only_when_it_has_spans():
    world = World.of()
    reported = ResourceMetrics(resource=Resource(attributes=key_values(POD)))
    reported.scope_metrics.add().metrics.add(name="m").gauge.data_points.add(as_double=1.0)
    request = ExportMetricsServiceRequest(resource_metrics=[reported])
    world.pipeline.fold(Signal.METRICS, request.SerializeToString(), NOW)
    world.flush()
    assert POD_ID in world.entities
    assert not world.of_type("Service")
    world.tell(POD, server())
    world.flush()
    assert world.of_type("Service") == {"Service:shop/unknown_service"}
    assert f"Service:shop/unknown_service runs_on {POD_ID}" in world.relations


@given(
    st.dictionaries(
        st.sampled_from([*EVERYTHING, "k8s.job.name", "host.name"]),
        st.one_of(st.text(max_size=400), st.integers(0, 9), st.booleans(), st.just(["list"])),
    )
)
def test_any_values_give_a_service_and_relations_between_what_is_there(resource):
    world = told(resource)
    assert len(world.of_type("Service")) == 1
    assert all(entity.id.isprintable() and len(entity.id) < 900 for entity in world.topology.entities.values())
    ends = {id for r in world.topology.relations for id in (r.source, r.target)}
    assert ends <= world.entities
