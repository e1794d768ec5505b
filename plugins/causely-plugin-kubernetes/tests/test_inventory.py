"""The inventory: deltas lead to what the objects say, whatever the order."""

from attrs import evolve
from causely_plugin_kubernetes.fragments import Fragment
from causely_plugin_kubernetes.inventory import Inventory
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Entity, Relation, Topology

KEYS = st.sampled_from("abcd")
RESOURCES = st.sampled_from(["pods", "slices"])


@st.composite
def fragments(draw, resource, key):
    entities = (Entity.of("Pod", key, attributes={"n": draw(st.sampled_from("12"))}),) if resource == "pods" else ()
    entities = entities if draw(st.booleans()) else ()
    targets = draw(st.sets(KEYS, max_size=3))
    return Fragment(key, entities, tuple(Relation("Service:s", "selects", f"Pod:{each}") for each in targets))


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
    said = [fragment for of in model.values() for fragment in of.values()]
    wanted = Topology()
    entities = tuple(entity for fragment in said for entity in fragment.entities)
    relations = tuple(dict.fromkeys(relation for fragment in said for relation in fragment.relations))
    wanted.apply(evolve(inventory.snapshot(), source="k", version=1, entities=entities, relations=relations))
    (ours,), (theirs,) = topology.snapshots() or wanted.snapshots(), wanted.snapshots()
    assert {each.id: each.attributes for each in ours.entities} == {
        each.id: each.attributes for each in theirs.entities
    }
    assert set(ours.relations) == set(theirs.relations)
    assert set(inventory.snapshot().relations) == set(theirs.relations)
