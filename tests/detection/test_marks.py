"""Thresholds that people set where a service runs."""

import pytest

from causely_core.detection.builtin import ERROR_RATE_LABEL, LATENCY_LABEL
from causely_core.detection.marks import inherited
from causely_core.model import Entity, Relation

SERVICE, OPERATION = "Service:shop/cart", "Operation:shop/cart GET /"
CONTAINER, POD, OTHER = "Container:shop/cart-1/main", "Pod:shop/cart-1", "Pod:shop/cart-2"
WORKLOAD, NAMESPACE, NODE = "Workload:shop/Deployment/cart", "Namespace:shop", "Node:n1"
TREE = [
    Relation(OPERATION, "part_of", SERVICE),
    Relation(SERVICE, "runs_on", CONTAINER),
    Relation(SERVICE, "selects", OTHER),
    Relation(CONTAINER, "part_of", POD),
    Relation(POD, "runs_on", NODE),
    *(Relation(pod, "owned_by", WORKLOAD) for pod in (POD, OTHER)),
    *(Relation(each, "part_of", NAMESPACE) for each in (SERVICE, POD, OTHER, WORKLOAD)),
]
PLACES = [OPERATION, SERVICE, POD, WORKLOAD, NAMESPACE]


def latencies(marks, relations=TREE):
    """The thresholds of the operation and of its service."""
    ids = {id for relation in relations for id in (relation.source, relation.target)} | marks.keys()
    entities = {id: Entity.of(*id.split(":", 1), attributes=marks.get(id, {})) for id in ids}
    found = inherited(entities, lambda: relations)
    assert all(found[id].attributes.items() >= entity.attributes.items() for id, entity in entities.items())
    return [found[id].attributes.get(LATENCY_LABEL) for id in (OPERATION, SERVICE)]


@pytest.mark.parametrize("nearest", range(len(PLACES)))
def test_the_nearest_place_counts(nearest):
    marks = {place: {LATENCY_LABEL: str(at)} for at, place in enumerate(PLACES) if at >= nearest}
    assert latencies(marks) == [str(nearest), str(max(nearest, 1))]


@pytest.mark.parametrize("place", [OTHER, CONTAINER])
def test_pods_that_are_selected_count_as_those_that_it_runs_in(place):
    assert latencies({place: {LATENCY_LABEL: "7"}, WORKLOAD: {LATENCY_LABEL: "9"}}) == ["7", "7"]


def test_each_mark_is_looked_for_by_itself():
    marks = {WORKLOAD: {ERROR_RATE_LABEL: "0.1"}, NAMESPACE: {LATENCY_LABEL: "8", ERROR_RATE_LABEL: "0.2"}}
    assert latencies(marks) == ["8", "8"]


def test_what_is_said_of_other_things_does_not_count():
    assert latencies({NODE: {LATENCY_LABEL: "7"}, "Namespace:other": {LATENCY_LABEL: "8"}}) == [None, None]


def test_workloads_and_pods_keep_what_is_theirs():
    entities = {id: Entity.of(*id.split(":", 1)) for id in (POD, NAMESPACE)}
    entities[NAMESPACE] = Entity.of("Namespace", "shop", attributes={LATENCY_LABEL: "7"})
    assert inherited(entities, lambda: TREE)[POD].attributes == {}


def test_relations_in_a_circle_end():
    circle = [*TREE, Relation(NAMESPACE, "part_of", SERVICE), Relation(SERVICE, "part_of", SERVICE)]
    assert latencies({NAMESPACE: {LATENCY_LABEL: "7"}}, circle) == ["7", "7"]


def test_without_marks_nobody_looks():
    entities = {SERVICE: Entity.of("Service", "shop/cart")}
    assert inherited(entities, lambda: pytest.fail("asked")) is entities
