"""What is told: what changed, put upon what was, is what is."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from causely_core.model import Entity, Relation, Topology
from causely_core.polling import Told, means

entities = st.builds(
    lambda key, name, zone: Entity.of("Database", key, name, {"cloud.availability_zone": zone}),
    st.sampled_from("abc"),
    st.sampled_from(["orders", "cart"]),
    st.sampled_from(["eu-1a", "eu-1b"]),
)
relations = st.builds(
    lambda key, to: Relation(f"Database:{key}", "stores_on", f"Disk:{to}"), *[st.sampled_from("abc")] * 2
)
told = st.builds(Told.of, st.lists(entities, max_size=6), st.lists(relations, max_size=6))


@given(st.lists(told, min_size=1, max_size=5))
def test_a_snapshot_and_what_changed_since_are_what_is_told_last(states):
    topology, before = Topology(), None
    for version, state in enumerate(states, start=1):
        delta = state.since(before) if before else state.snapshot()
        topology.apply(evolve(delta, source="mediator/aws/resources", version=version))
        before = state
    assert {id: topology.entity(id) for id in states[-1].entities} == dict(states[-1].entities)
    assert {*topology.snapshots()[0].relations} == {*states[-1].relations}


def test_an_entity_that_two_describe_has_what_both_say():
    one = Entity.of("Database", "aws/orders", "orders", {"db.system.name": "postgresql"})
    other = Entity.of("Database", "aws/orders", "Orders (main)", {"cloud.region": "eu-west-1"})
    [merged] = Told.of([one, other], []).entities.values()
    assert merged.name == "Orders (main)"
    assert merged.attributes == {"db.system.name": "postgresql", "cloud.region": "eu-west-1"}


def test_hosts_are_written_in_one_way():
    [relation] = means("Database:orders", ["Orders.RDS.example."])
    assert relation == Relation("ExternalService:orders.rds.example", "same_as", "Database:orders")
