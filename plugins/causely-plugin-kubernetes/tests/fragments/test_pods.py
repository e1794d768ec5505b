"""What pods say of the topology."""

import pytest
from causely_plugin_kubernetes.fragments.pods import pod

from causely_core.model import Relation

from .objects import ids, made, owned_by, owners


def test_a_pod_has_the_containers_that_run_as_long_as_it_does():
    spec = {
        "containers": [{"name": "main", "image": "cart:1"}],
        "initContainers": [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
    }
    found = pod(made("cart-1", spec=spec))
    assert ids(found) == ["Pod:shop/cart-1", "Container:shop/cart-1/proxy", "Container:shop/cart-1/main"]
    assert found.entities[0].attributes == {"k8s.pod.uid": "u1"}
    assert found.key == "shop/cart-1"


def test_containers_store_on_the_claims_that_they_can_write_to():
    mounts = [{"name": "data", "mountPath": "/data"}]
    spec = {
        "containers": [{"name": "main", "volumeMounts": mounts}, {"name": "side"}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-cart-0"}}],
    }
    stored = [relation for relation in pod(made("cart-0", spec=spec)).relations if relation.type == "stores_on"]
    assert stored == [Relation("Container:shop/cart-0/main", "stores_on", "Disk:shop/data-cart-0")]


def test_an_owner_of_a_kind_that_is_not_followed_is_named_by_its_pods():
    found = pod(made("events-0", ownerReferences=owned_by("StrimziPodSet", "events")))
    assert ids(found)[1:] == ["Workload:shop/StrimziPodSet/events"]
    assert owners(found) == ["Workload:shop/StrimziPodSet/events"]


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
