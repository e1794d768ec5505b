"""Resolving: whenever it becomes known what ids mean, the topology is what it would be had it been known before."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.model import Aliases, Entity, EntityId, Relation, Topology, TopologyDelta
from causely_core.services.watching import Resolver

WEB, CART = Entity.of("Service", "shop/web"), Entity.of("Service", "shop/cart")
REMOTE = Entity.of("ExternalService", "10.1.0.7:80")
CALL = Relation(WEB.id, "calls", REMOTE.id, {"mode": "sync"})
IDS = [
    "Service:shop/a",
    "Service:shop/b",
    "ExternalService:10.1.0.1:80",
    "ExternalService:10.1.0.1:81",
    "ExternalService:b.shop.svc:80",
    "Pod:uid-1",
    "Pod:shop/a-1",
    "Operation:shop/b:GET /",
    "Dependency:shop/a > ExternalService:10.1.0.1:80",
    "Database:mysql/10.1.0.1:3306/x",
    "Database:mysql/orders.rds.example:3306/x",
    "ExternalService:10.9.0.4:3306",
    "Database:aws/1/eu/rds/orders",
]
MEANINGS = {
    "ExternalService:10.1.0.1": ("Service:shop/a", "Service:shop/b"),
    "ExternalService:b.shop": ("Service:shop/b", "Service:shop/c"),
    "Service:shop/b": ("Service:shop/c",),
    "ExternalService:orders.rds.example": ("Database:aws/1/eu/rds/orders", "ExternalService:10.9.0.4"),
    "ExternalService:10.9.0.4": ("Database:aws/1/eu/rds/orders", "ExternalService:orders.rds.example"),
    "Pod:uid-1": ("Pod:shop/a-1", "Pod:shop/a-2"),
}


def same(alias, target):
    return Relation(EntityId(alias), "same_as", EntityId(target))


def entity(id, **attributes):
    type, _, key = id.partition(":")
    return Entity.of(type, key, attributes=attributes)


class World:
    """A resolver, and the topology of whoever hears it."""

    def __init__(self):
        self.resolver, self.topology = Resolver(Aliases()), Topology()

    def hear(self, *deltas):
        for delta in deltas:
            for told in self.resolver.resolve(delta):
                assert self.topology.apply(told)
        return self

    @property
    def seen(self):
        found = {id: (each.name, dict(each.attributes)) for id, each in self.topology.entities.items()}
        return found, [(each, dict(each.attributes)) for each in self.topology.relations]


@st.composite
def histories(draw):
    said = []
    for version in range(1, draw(st.integers(2, 9))):
        source = draw(st.sampled_from(["agent/a", "agent/b", "k"]))
        ids = st.sampled_from(IDS)
        aliases = [same(alias, target) for alias, targets in MEANINGS.items() for target in targets]
        calls = st.builds(Relation, ids.map(EntityId), st.just("calls"), ids.map(EntityId))
        relations = draw(st.lists(calls, max_size=3))
        relations += draw(st.lists(st.sampled_from(aliases), max_size=2))
        gone = [draw(calls)]
        gone += draw(st.lists(st.sampled_from(aliases), max_size=3))
        said.append(
            TopologyDelta(
                source,
                version,
                tuple(entity(id, x=f"{source} {version}") for id in draw(st.sets(ids, max_size=4))),
                tuple(relations),
                tuple(map(EntityId, draw(st.sets(ids, max_size=2)))),
                tuple(gone),
                draw(st.integers(0, 9)) == 0,
            )
        )
    return said


@settings(deadline=None, max_examples=300)
@given(histories(), st.randoms())
def test_the_topology_ends_as_if_all_had_been_known_at_once(said, random):
    raw = Topology()
    for delta in said:
        raw.apply(delta)
    fresh = list(raw.snapshots())
    random.shuffle(fresh)
    assert World().hear(*said).seen == World().hear(*fresh).seen


@settings(deadline=None)
@given(histories())
def test_what_ids_mean_is_not_told(said):
    heard = World().hear(*said)
    assert all(each.type != "same_as" for delta in heard.topology.snapshots() for each in delta.relations)


def test_a_database_is_one_whoever_tells_of_it_in_whatever_order():
    traced, seen = "Database:mysql/orders.rds.example:3306/x", "ExternalService:10.9.0.4:3306"
    managed = "Database:aws/1/eu/rds/orders"
    deltas = [
        TopologyDelta("otlp", 1, (WEB, entity(traced)), (Relation(WEB.id, "calls", EntityId(traced)),), snapshot=True),
        TopologyDelta("agent/a", 1, (WEB, entity(seen)), (Relation(WEB.id, "calls", EntityId(seen)),), snapshot=True),
        TopologyDelta(
            "aws",
            1,
            (entity(managed, engine="mysql"),),
            (same("ExternalService:orders.rds.example", managed), same("ExternalService:10.9.0.4", managed)),
            snapshot=True,
        ),
    ]
    for order in permutations(deltas):
        entities, relations = World().hear(*order).seen
        assert {*entities} == {WEB.id, managed}
        assert {each for each, _ in relations} == {Relation(WEB.id, "calls", EntityId(managed))}


def test_an_address_is_called_what_answers_there_once_that_is_known_and_no_longer():
    world = World().hear(TopologyDelta("agent/n", 1, (WEB, REMOTE), (CALL,)))
    world.hear(TopologyDelta("k", 1, (CART,), (same("ExternalService:10.1.0.7", CART.id),)))
    assert set(world.topology.entities) == {WEB.id, CART.id}
    assert world.topology.relations == [Relation(WEB.id, "calls", CART.id)]
    assert world.topology.relations[0].attributes == {"mode": "sync"}
    assert world.resolver.renamed == {REMOTE.id}
    assert world.resolver.called(CART.id) == [REMOTE.id, CART.id]
    world.hear(TopologyDelta("k", 2, deleted_relations=(same("ExternalService:10.1.0.7", CART.id),)))
    assert set(world.topology.entities) == {WEB.id, CART.id, REMOTE.id}
    assert world.topology.relations == [CALL]


def test_an_address_that_another_pod_takes_over_is_called_by_that_one():
    world = World().hear(TopologyDelta("agent/n", 1, (WEB, REMOTE), (CALL,)))
    world.hear(TopologyDelta("k", 1, (CART,), (same("ExternalService:10.1.0.7", CART.id),)))
    other = same("ExternalService:10.1.0.7", "Service:shop/orders")
    world.hear(TopologyDelta("k", 2, (), (other,), (), (same("ExternalService:10.1.0.7", CART.id),)))
    assert world.topology.relations == [Relation(WEB.id, "calls", EntityId("Service:shop/orders"))]
    assert world.topology.entities["Service:shop/orders"].name == "orders"


def test_a_service_that_calls_its_own_address_does_not_call_itself():
    loop = Relation(CART.id, "calls", REMOTE.id)
    world = World().hear(TopologyDelta("k", 1, (CART,), (same("ExternalService:10.1.0.7", CART.id),)))
    world.hear(TopologyDelta("agent/n", 1, (CART, REMOTE), (loop,)))
    assert world.topology.relations == []


def test_a_repeated_version_changes_nothing():
    delta = TopologyDelta("agent/n", 1, (WEB,))
    world = World().hear(delta)
    assert world.resolver.resolve(delta) == ()
    assert world.resolver.resolve(TopologyDelta("agent/n", 1, deleted_entities=(WEB.id,))) == ()


def test_an_agent_that_is_forgotten_leaves_nothing():
    world = World().hear(
        TopologyDelta("agent/n", 7, (WEB, REMOTE), (CALL,)), TopologyDelta("agent/n", 0, snapshot=True)
    )
    assert world.seen == ({}, [])
