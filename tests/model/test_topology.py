"""Topology: merging deltas of several sources, idempotently and in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import Entity, Relation, Topology, TopologyDelta

NAMES = st.sampled_from("abcd")


def service(name, **attributes):
    return Entity.of("Service", name, attributes=attributes)


def calls(source, target):
    return Relation(service(source).id, "calls", service(target).id)


@st.composite
def deltas(draw, source, count=6):
    return [
        TopologyDelta(
            source,
            version,
            tuple(service(name, **{f"{source}.x": draw(NAMES)}) for name in draw(st.sets(NAMES))),
            tuple(calls(*draw(st.tuples(NAMES, NAMES))) for _ in range(draw(st.integers(0, 2)))),
            tuple(service(name).id for name in draw(st.sets(NAMES, max_size=1))),
            snapshot=draw(st.booleans()),
        )
        for version in range(1, count)
    ]


def merged(sequence):
    topology = Topology()
    for delta in sequence:
        topology.apply(delta)
    return topology.entities, topology.relations


@settings(deadline=None)
@given(deltas("a"), deltas("b"))
def test_the_order_of_sources_does_not_matter(first, second):
    assert merged([*first, *second]) == merged([*second, *first])


@settings(deadline=None)
@given(deltas("a"), deltas("b"))
def test_snapshots_rebuild_the_same_topology(first, second):
    topology = Topology()
    for delta in (*first, *second):
        topology.apply(delta)
    assert merged(topology.snapshots()) == (topology.entities, topology.relations)


def test_a_repeated_version_changes_nothing():
    topology = Topology()
    assert topology.apply(TopologyDelta("s", 1, (service("a"),)))
    assert not topology.apply(TopologyDelta("s", 1, deleted_entities=(service("a").id,)))
    assert list(topology.entities) == ["Service:a"]


def test_an_entity_lives_while_any_source_names_it():
    topology = Topology()
    topology.apply(TopologyDelta("x", 1, (service("a", color="red"),)))
    topology.apply(TopologyDelta("y", 1, (service("a", size="big"),)))
    assert topology.entities["Service:a"].attributes == {"color": "red", "size": "big"}
    topology.apply(TopologyDelta("x", 2, deleted_entities=(service("a").id,)))
    assert topology.entities["Service:a"].attributes == {"size": "big"}


def test_a_relation_shows_only_between_entities_that_exist():
    topology = Topology()
    topology.apply(TopologyDelta("s", 1, (service("a"),), (calls("a", "b"),)))
    assert topology.relations == []
    topology.apply(TopologyDelta("s", 2, (service("b"),)))
    assert topology.relations == [calls("a", "b")]


@given(st.permutations("abc"))
def test_a_name_of_its_own_wins_over_the_end_of_the_key_whoever_tells_it(sources):
    named, *others = sources
    topology = Topology()
    topology.apply(TopologyDelta(named, 1, (Entity.of("Service", "shop/cart-deploy", "cart"),)))
    for other in others:
        topology.apply(TopologyDelta(other, 1, (Entity.of("Service", "shop/cart-deploy", "cart-deploy"),)))
    assert topology.entities["Service:shop/cart-deploy"].name == "cart"
    topology.apply(TopologyDelta(named, 2, deleted_entities=("Service:shop/cart-deploy",)))
    assert topology.entities["Service:shop/cart-deploy"].name == "cart-deploy"
