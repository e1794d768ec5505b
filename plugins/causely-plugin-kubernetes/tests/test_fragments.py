"""What single objects say of the topology."""

import pytest
from causely_plugin_kubernetes.fragments import endpoint_slice, namespace, node, pod, service, workload

from causely_core.model import Relation


def made(name, within="shop", spec=None, status=None, **about):
    where = {"namespace": within} if within else {}
    metadata = {"name": name, **where, "uid": "u1", "resourceVersion": "7", **about}
    return {"metadata": metadata, "spec": spec or {}, "status": status or {}}


def owned_by(kind, name):
    return [{"kind": kind, "name": name, "controller": True}]


def ids(fragment):
    return [entity.id for entity in fragment.entities]


def owners(fragment):
    return [relation.target for relation in fragment.relations if relation.type == "owned_by"]


def test_a_pod_has_the_containers_that_run_as_long_as_it_does():
    spec = {
        "containers": [{"name": "main", "image": "cart:1"}],
        "initContainers": [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
    }
    found = pod(made("cart-1", spec=spec))
    assert ids(found) == ["Pod:shop/cart-1", "Container:shop/cart-1/proxy", "Container:shop/cart-1/main"]
    assert found.entities[0].attributes == {"k8s.pod.uid": "u1"}
    assert found.key == "shop/cart-1"


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_pod_that_has_ended_is_nothing(phase):
    found = pod(made("job-1", spec={"containers": [{"name": "main"}]}, status={"phase": phase}))
    assert (found.entities, found.relations, found.key) == ((), (), "shop/job-1")


@pytest.mark.parametrize(
    ("labels", "references", "owner"),
    [
        ({"pod-template-hash": "5d4f"}, owned_by("ReplicaSet", "cart-5d4f"), ["Workload:shop/Deployment/cart"]),
        ({}, owned_by("ReplicaSet", "alone"), ["Workload:shop/ReplicaSet/alone"]),
        ({}, owned_by("DaemonSet", "logs"), ["Workload:shop/DaemonSet/logs"]),
        ({}, owned_by("Node", "n1"), []),
        ({}, [], []),
    ],
)
def test_a_pod_is_owned_by_what_people_have_written(labels, references, owner):
    assert owners(pod(made("p", labels=labels, ownerReferences=references))) == owner


def test_a_replica_set_of_a_deployment_is_nothing_by_itself():
    of = workload("ReplicaSet")
    labels = {"pod-template-hash": "5d4f"}
    assert not of(made("cart-5d4f", labels=labels, ownerReferences=owned_by("Deployment", "cart"))).entities
    assert ids(of(made("alone"))) == ["Workload:shop/ReplicaSet/alone"]


def test_a_job_of_a_cron_job_is_owned_by_it():
    found = workload("Job")(made("nightly-28700000", ownerReferences=owned_by("CronJob", "nightly")))
    assert owners(found) == ["Workload:shop/CronJob/nightly"]


def test_a_node_and_a_namespace_are_in_no_namespace():
    labels = {"topology.kubernetes.io/region": "eu", "topology.kubernetes.io/zone": "eu-1"}
    found = node(made("n1", "", status={"nodeInfo": {"architecture": "arm64"}}, labels=labels))
    assert (found.key, ids(found)) == ("n1", ["Node:n1"])
    assert found.entities[0].attributes == {
        "k8s.node.uid": "u1",
        "host.arch": "arm64",
        "cloud.region": "eu",
        "cloud.availability_zone": "eu-1",
    }
    assert ids(namespace(made("shop", ""))) == ["Namespace:shop"]


def test_what_people_say_for_causely_is_kept_and_annotations_win():
    marks = {"labels": {"causely.io/error-rate-threshold": "1", "app": "x"}}
    marks["annotations"] = {"causely.io/error-rate-threshold": "2", "note": "y"}
    found = service(made("cart", **marks))
    kept = {name for name in found.entities[0].attributes if not name.startswith(("service.", "k8s."))}
    assert kept == {"causely.io/error-rate-threshold"}
    assert found.entities[0].attributes["causely.io/error-rate-threshold"] == "2"


@pytest.mark.parametrize("of", [pod, service, node, namespace, workload("Deployment")])
def test_what_is_to_be_ignored_says_nothing(of):
    found = of(made("x", annotations={"causely.io/ignore": "true"}))
    assert (found.entities, found.relations) == ((), ())


def test_a_service_selects_the_pods_of_its_slices():
    targets = [{"targetRef": {"kind": "Pod", "name": name}} for name in ("a", "b", "a")]
    others = [{"targetRef": {"kind": "Node", "name": "n"}}, {}]
    found = made("cart-1", labels={"kubernetes.io/service-name": "cart"})
    assert endpoint_slice({**found, "endpoints": [*targets, *others]}).relations == (
        Relation("Service:shop/cart", "selects", "Pod:shop/a"),
        Relation("Service:shop/cart", "selects", "Pod:shop/b"),
    )
    assert not endpoint_slice({**made("alone"), "endpoints": targets}).relations
    assert not endpoint_slice({**found, "endpoints": None}).relations
