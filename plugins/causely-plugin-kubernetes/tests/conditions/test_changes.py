"""What counts as a change, and of whom."""

from copy import deepcopy

import pytest
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.told import Told, Value
from causely_plugin_kubernetes.conditions.workloads import (
    config_map,
    cron_job,
    daemon_set,
    deployment,
    service,
    stateful_set,
)
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Series

CART = "Workload:shop/Deployment/cart"


def made(replicas=2, image="cart:1", generation=1, annotations=None, name="cart", labels=None, **spec):
    containers = [{"name": "main", "image": image}]
    about = {"labels": labels or {"app": "cart", "tier": "web"}, "annotations": annotations or {}}
    template = {"metadata": about, "spec": {"containers": containers, **spec}}
    metadata = {"namespace": "shop", "name": name, "generation": generation}
    return {"metadata": metadata, "spec": {"replicas": replicas, "template": template}}


def selecting(name, labels, within="shop"):
    return service({"metadata": {"namespace": within, "name": name}, "spec": {"selector": labels}})


def configured(value, name="settings", within="shop"):
    return config_map({"metadata": {"namespace": within, "name": name}, "data": {"level": value}})


def changed(conditions, now=1000.0):
    series = [each for each in conditions.series() if each.attribute == "change"]
    return {each.entity for each in series if conditions.value(each, now)}


def watching(*told):
    conditions = Conditions()
    for number, each in enumerate(told):
        conditions.put(f"kind {number}", each, 1000.0)
    return conditions


def test_the_beginning_of_watching_is_no_change_and_scaling_is_none():
    conditions = watching(deployment(made()), selecting("cart", {"app": "cart"}))
    assert changed(conditions) == set()
    conditions.put("kind 0", deployment(made(replicas=7, generation=2)), 1000.0)
    assert changed(conditions) == set()


@pytest.mark.parametrize(
    "another",
    [
        {"image": "cart:2"},
        {"annotations": {"checksum/config": "b5"}},
        {"terminationGracePeriodSeconds": 5},
    ],
)
def test_another_template_is_a_change_of_the_workload_and_of_the_services_that_its_pods_are(another):
    conditions = watching(
        deployment(made()),
        selecting("front", {"app": "cart"}),
        selecting("other", {"app": "cart", "tier": "db"}),
        selecting("headless", {}),
    )
    conditions.put("kind 0", deployment(made(generation=2, **another)), 1000.0)
    assert changed(conditions) == {CART, "Service:shop/front", "Service:shop/cart"}
    assert changed(conditions, 1600.0)
    assert not changed(conditions, 1601.0)


def test_a_rollout_stalls_with_the_first_pod_that_cannot_run_and_other_pods_stall_none():
    stalled, stuck = Series(CART, "rollout_stalled"), Value(Series(CART, "stuck_pods"), 1.0)
    conditions = watching(deployment(made()))
    conditions.put("pods", Told("p", parts=(stuck,)), 1000.0)
    assert conditions.value(stalled, 1000.0) == 0.0
    conditions.put("kind 0", deployment(made(image="cart:2", generation=2)), 1000.0)
    assert conditions.value(stalled, 1001.0) == 1.0
    conditions.remove("pods", "p", 1002.0)
    assert stalled in conditions.restless(1003.0)
    assert conditions.value(stalled, 1003.0) == 0.0


def test_what_a_newer_server_adds_is_no_change():
    conditions = watching(deployment(made()))
    conditions.put("kind 0", deployment(made(dnsPolicy="ClusterFirst")), 1000.0)
    assert changed(conditions) == set()


def test_what_changed_while_nobody_watched_shows_when_all_is_listed():
    conditions = watching(deployment(made()))
    conditions.replace("kind 0", [deployment(made(image="cart:2", generation=2))], 1000.0)
    assert CART in changed(conditions)
    conditions.remove("kind 0", "shop/cart", 1000.0)
    assert changed(conditions) == set()


REFERENCES = [
    {"volumes": [{"name": "v", "configMap": {"name": "settings"}}]},
    {"volumes": [{"name": "v", "projected": {"sources": [{"secret": {}}, {"configMap": {"name": "settings"}}]}}]},
    {"initContainers": [{"name": "i", "envFrom": [{"configMapRef": {"name": "settings"}}]}]},
    {"initContainers": [{"name": "i", "env": [{"valueFrom": {"configMapKeyRef": {"name": "settings"}}}]}]},
]


@pytest.mark.parametrize("reference", REFERENCES)
def test_another_configuration_is_a_change_of_those_that_read_it(reference):
    readers = deployment(made(**reference)), deployment(made(name="unread"))
    conditions = watching(*readers, configured("info"), configured("info", within="other"))
    conditions.put("kind 3", configured("debug", within="other"), 1000.0)
    assert changed(conditions) == set()
    conditions.put("kind 2", configured("debug"), 1000.0)
    assert changed(conditions) == {CART, "Service:shop/cart"}


def test_nothing_of_a_configuration_is_kept_but_a_digest():
    assert "debug" not in repr(configured("debug"))
    assert "level" not in repr(configured("debug"))


@pytest.mark.parametrize(("of", "kind"), [(stateful_set, "StatefulSet"), (daemon_set, "DaemonSet")])
def test_all_kinds_of_workloads_change(of, kind):
    conditions = watching(of(made()))
    conditions.put("kind 0", of(made(image="cart:2", generation=2)), 1000.0)
    assert f"Workload:shop/{kind}/cart" in changed(conditions)


def test_a_cron_job_changes_with_the_template_of_its_jobs():
    def scheduled(image):
        found = made(image=image, generation=0)
        return cron_job({**found, "spec": {"jobTemplate": {"spec": found["spec"]}}})

    conditions = watching(scheduled("cart:1"))
    conditions.put("kind 0", scheduled("cart:2"), 1000.0)
    assert "Workload:shop/CronJob/cart" in changed(conditions)


def test_a_service_is_called_as_agents_call_it():
    named = {"resource.opentelemetry.io/service.name": "checkout"}
    conditions = watching(deployment(made(annotations=named)))
    assert Series("Service:shop/checkout", "change") in conditions.series()


JSON = st.recursive(
    st.one_of(st.text(max_size=5), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


@given(JSON, JSON)
def test_a_template_changes_when_it_is_another_one(before, after):
    first, second = made(extra=before), made(extra=deepcopy(after), generation=2)
    conditions = watching(deployment(first))
    conditions.put("kind 0", deployment(second), 1000.0)
    assert (CART in changed(conditions)) == (not _same(before, after))


def _same(one, other):
    """Equal as JSON is: 1 is not true, and the order of keys is none."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other
