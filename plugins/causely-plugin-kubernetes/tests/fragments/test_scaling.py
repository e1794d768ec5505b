"""What autoscalers say of workloads."""

import pytest
from causely_plugin_kubernetes.fragments.scaling import autoscaler

from .objects import made

TARGET = {"kind": "Deployment", "name": "cart"}


@pytest.mark.parametrize(("spec", "least"), [({}, "1"), ({"minReplicas": 2}, "2")])
def test_a_workload_has_the_bounds_of_its_autoscaler(spec, least):
    found = autoscaler(made("cart-hpa", spec={"scaleTargetRef": TARGET, "maxReplicas": 9, **spec}))
    (note,) = found.notes
    assert (note.id, found.entities) == ("Workload:shop/Deployment/cart", ())
    assert note.attributes == {
        "k8s.hpa.name": "cart-hpa",
        "k8s.hpa.min_replicas": least,
        "k8s.hpa.max_replicas": "9",
    }


def test_an_autoscaler_of_nothing_says_nothing():
    assert not autoscaler(made("x")).notes
