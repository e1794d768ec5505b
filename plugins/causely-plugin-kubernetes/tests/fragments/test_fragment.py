"""What people say for causely, of any object."""

import pytest
from causely_plugin_kubernetes.fragments.cluster import namespace, node
from causely_plugin_kubernetes.fragments.pods import pod
from causely_plugin_kubernetes.fragments.services import service
from causely_plugin_kubernetes.fragments.workloads import workload

from .objects import made


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


def test_what_is_ignored_takes_with_it_what_is_within():
    marked = {"annotations": {"causely.io/ignore": "true"}}
    assert namespace(made("shop", "", **marked)).ignores == "Namespace:shop"
    assert workload("Deployment")(made("cart", **marked)).ignores == "Workload:shop/Deployment/cart"
    assert pod(made("cart-0", **marked)).ignores is None
    owner = [{"kind": "Job", "name": "sum-28901234", "controller": True}]
    within = ("Namespace:shop", "Workload:shop/CronJob/sum", "Workload:shop/Job/sum-28901234")
    assert pod(made("sum-1", ownerReferences=owner)).within == within
