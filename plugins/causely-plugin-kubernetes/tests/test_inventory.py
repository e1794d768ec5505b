"""The inventory: deltas lead to what the objects say, whatever the order."""

import pytest
from attrs import evolve
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.inventory import Inventory
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Entity, Relation, Topology

KEYS = st.sampled_from("abcd")
RESOURCES = st.sampled_from(["pods", "slices"])
AROUND = st.sampled_from(["Namespace:x", "Workload:y"])


@st.composite
def fragments(draw, resource, key):
    """Both resources name entities, of which one may be named by several objects, and make notes of others'."""
    named = draw(st.sets(KEYS, max_size=2))
    entities = tuple(Entity.of("Pod", each, attributes={resource: draw(st.sampled_from("12"))}) for each in named)
    targets = draw(st.sets(KEYS, max_size=3))
    relations = tuple(Relation("Service:s", "selects", f"Pod:{each}") for each in targets)
    noted = draw(st.sets(KEYS, max_size=1))
    notes = tuple(Entity.of("Pod", each, attributes={"note": f"{resource}/{key}"}) for each in noted)
    within = tuple(draw(st.sets(AROUND)))
    return Fragment(key, entities, relations, notes, within, draw(st.none() | AROUND))


@st.composite
def steps(draw):
    kind = draw(st.sampled_from(["put", "put", "remove", "replace", "flush"]))
    resource, key = draw(RESOURCES), draw(KEYS)
    if kind == "put":
        return kind, resource, draw(fragments(resource, key))
    if kind == "replace":
        return kind, resource, [draw(fragments(resource, each)) for each in draw(st.sets(KEYS, max_size=3))]
    return kind, resource, key


@given(st.lists(steps(), max_size=30))
def test_deltas_lead_to_what_the_objects_say(taken):
    inventory, model = Inventory(), {"pods": {}, "slices": {}}
    topology, version = Topology(), 0
    for kind, resource, what in [*taken, ("flush", "", "")]:
        if kind == "put":
            inventory.put(resource, what)
            model[resource][what.key] = what
        elif kind == "remove":
            inventory.remove(resource, what)
            model[resource].pop(what, None)
        elif kind == "replace":
            inventory.replace(resource, what)
            model[resource] = {fragment.key: fragment for fragment in what}
        else:
            version += 1
            topology.apply(evolve(inventory.flush(), source="k", version=version))
    (told,) = topology.snapshots() or [inventory.snapshot()]
    assert described(told) == shown(inventory) == shown(afresh(model))


def afresh(model):
    """What the objects say, put together anew."""
    fresh = Inventory()
    for resource in sorted(model, reverse=True):
        fresh.replace(resource, list(model[resource].values())[::-1])
    return fresh


def described(told):
    return {entity.id: entity.attributes for entity in told.entities}, set(told.relations)


def shown(inventory):
    inventory.flush()
    return described(inventory.snapshot())


POD = Entity.of("Pod", "shop/a", attributes={"k8s.pod.uid": "1"})
PART = Relation(POD.id, "part_of", "Namespace:shop")
WITHIN = ("Namespace:shop", "Workload:shop/Deployment/a")


@pytest.mark.parametrize("around", WITHIN)
def test_what_is_within_something_ignored_is_left_out_until_it_is_no_more(around):
    inventory = Inventory()
    inventory.put("pods", Fragment("shop/a", (POD,), (PART,), within=WITHIN))
    inventory.put("around", Fragment("shop", ignores=around))
    assert shown(inventory) == ({}, set())
    inventory.put("pods", Fragment("shop/a", (POD,), (PART,), within=WITHIN))
    assert shown(inventory) == ({}, set())
    inventory.put("around", Fragment("shop"))
    assert shown(inventory) == ({POD.id: POD.attributes}, {PART})


def test_notes_describe_what_others_name_and_are_nothing_by_themselves():
    inventory, note = Inventory(), Entity.of("Pod", "shop/a", attributes={"note": "1", "k8s.pod.uid": "0"})
    inventory.put("notes", Fragment("n", notes=(note,)))
    assert shown(inventory) == ({}, set())
    inventory.put("pods", Fragment("shop/a", (POD,)))
    assert shown(inventory)[0] == {POD.id: {"k8s.pod.uid": "1", "note": "1"}}
    inventory.remove("notes", "n")
    assert shown(inventory)[0] == {POD.id: POD.attributes}


def test_namespaces_and_nodes_are_part_of_the_cluster():
    inventory = Inventory(Entity.of("Cluster", "prod"))
    inventory.put("namespaces", Fragment("shop", (Entity.of("Namespace", "shop"),)))
    inventory.put("nodes", Fragment("n1", (Entity.of("Node", "n1"), POD)))
    _, relations = shown(inventory)
    assert relations == {Relation(each, "part_of", "Cluster:prod") for each in ("Namespace:shop", "Node:n1")}
    inventory.remove("nodes", "n1")
    entities, relations = shown(inventory)
    assert entities.keys() == {"Cluster:prod", "Namespace:shop"}
    assert {relation.source for relation in relations} == {"Namespace:shop"}


@pytest.mark.parametrize("around", WITHIN)
def test_of_what_is_left_out_it_is_known(around):
    inventory = Inventory()
    container = Entity.of("Container", "shop/a/main")
    inventory.put("pods", Fragment("shop/a", (POD, container), within=WITHIN))
    assert not any(map(inventory.leaves_out, (POD.id, container.id)))
    inventory.put("around", Fragment("shop", ignores=around))
    assert all(map(inventory.leaves_out, (POD.id, container.id)))
    assert inventory.leaves_out("Service:shop/unknown") == (around == "Namespace:shop")
    assert not inventory.leaves_out("Pod:other/a")
